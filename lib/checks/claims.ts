import type { KubernetesObject } from '../gitops/manifest';
import { isDnsSubdomain } from '../model/kubernetes-name';
import { idPattern, maxId } from '../model/mover-identity';
import { annotation, backupLabel, maxPvcNameLength } from '../model/naming';
import { type OptIn, tierByName } from '../model/opt-in';
import { at, entriesOf, itemsOf } from './fields';

/** What a site protects. */
export interface Protection {
  /** Labels of the tiers. */
  readonly labels: readonly string[];
  readonly excludedNamespaces: readonly string[];
  /** Claims that are treated as labelled. */
  readonly optIn: readonly OptIn[];
}

/** A PersistentVolumeClaim, or the template of one, with the name that the claim will have. */
interface Claim {
  readonly name: string;
  readonly manifest: unknown;
}

/**
 * Says which claims of an object ask for backups that they can't get: PersistentVolumeClaims, templates of StatefulSets, and volumes that live as long as a
 * Pod. The API server refuses most of them when they are created, and lets a label that no tier has pass with a warning that Argo CD shows to nobody.
 */
export function claimProblems(object: KubernetesObject, protection: Protection): string[] {
  const namespace = String(object.metadata.namespace);
  const about = (problem: string): string => `${object.kind} ${namespace}/${object.metadata.name}: ${problem}`;
  return [
    ...claimsOf(object).flatMap((claim) => {
      const which = object.kind === 'StatefulSet' ? `claim ${claim.name} of its template: ` : '';
      return [...shapeProblems(claim), ...protectionProblems(claim, namespace, protection)].map((problem) => which + problem);
    }),
    ...ephemeralProblems(object),
  ].map(about);
}

function claimsOf(object: KubernetesObject): Claim[] {
  if (object.kind === 'PersistentVolumeClaim') return [{ name: object.metadata.name, manifest: object }];
  if (object.kind !== 'StatefulSet') return [];
  const replicas = at(object, 'spec', 'replicas');
  const start = at(object, 'spec', 'ordinals', 'start');
  const last = (typeof start === 'number' ? start : 0) + Math.max(1, typeof replicas === 'number' ? replicas : 1) - 1;
  return itemsOf(at(object, 'spec', 'volumeClaimTemplates')).map((manifest) => ({
    name: `${String(at(manifest, 'metadata', 'name') ?? '')}-${object.metadata.name}-${last}`,
    manifest,
  }));
}

/** What Kubernetes refuses in any claim. Its size is checked with all other quantities. */
function shapeProblems({ name, manifest }: Claim): string[] {
  const problems: string[] = [];
  const storageClass = at(manifest, 'spec', 'storageClassName');
  if (!isDnsSubdomain(name))
    problems.push(`${JSON.stringify(name)} is not a valid Kubernetes name: at most 253 lower-case letters, digits, dashes and dots`);
  if (at(manifest, 'spec', 'resources', 'requests', 'storage') === undefined)
    problems.push('it asks for no size: add spec.resources.requests.storage');
  problems.push(...modeProblems(manifest));
  if (storageClass !== undefined && storageClass !== '' && !(typeof storageClass === 'string' && isDnsSubdomain(storageClass))) {
    problems.push(`${JSON.stringify(storageClass)} is not a valid StorageClass name: lower-case letters, digits, dashes and dots`);
  }
  return problems;
}

const accessModes: readonly unknown[] = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];
const volumeModes: readonly unknown[] = ['Filesystem', 'Block'];

function modeProblems(manifest: unknown): string[] {
  const volumeMode = at(manifest, 'spec', 'volumeMode');
  const modes = itemsOf(at(manifest, 'spec', 'accessModes'));
  const strange = modes.find((mode) => !accessModes.includes(mode));
  return [
    ...(volumeMode === undefined || volumeModes.includes(volumeMode)
      ? []
      : [`volumeMode ${JSON.stringify(volumeMode)} is not one of ${volumeModes.join(', ')}`]),
    ...(modes.length === 0 ? ['it has no access mode: add spec.accessModes, for example ReadWriteOnce'] : []),
    ...(strange === undefined ? [] : [`the access mode ${JSON.stringify(strange)} is not one of ${accessModes.join(', ')}`]),
    ...(modes.length > 1 && modes.includes('ReadWriteOncePod') ? ['the access mode ReadWriteOncePod must be the only one'] : []),
  ];
}

function protectionProblems({ name, manifest }: Claim, namespace: string, { labels, excludedNamespaces, optIn }: Protection): string[] {
  const own = at(manifest, 'metadata', 'labels', backupLabel);
  const label = own ?? tierByName(optIn, namespace, name);
  if (label === undefined || label === null) return [];
  const annotations = new Map(entriesOf(at(manifest, 'metadata', 'annotations')));
  const problems: string[] = [];
  if (typeof label !== 'string' || !labels.includes(label)) {
    problems.push(`no tier has the label ${backupLabel}=${JSON.stringify(label)}: write one of ${labels.join(', ')}, or add the tier to main.ts`);
  }
  if (excludedNamespaces.includes(namespace)) {
    problems.push(
      `the namespace ${namespace} is excluded from backups: remove the label ${backupLabel}, or take the namespace out of excludedNamespaces`,
    );
  }
  if (name.length > maxPvcNameLength) {
    problems.push(`the name ${JSON.stringify(name)} can't be restored: shorten it to at most ${maxPvcNameLength} characters`);
  }
  if (at(manifest, 'metadata', 'generateName') !== undefined) {
    problems.push('generateName gives every new PVC another name, so no backup is ever found again: write metadata.name alone');
  }
  if (at(manifest, 'spec', 'volumeMode') === 'Block')
    problems.push(
      `volumeMode Block has no files to back up: use Filesystem, or ${own === label ? 'remove the label' : 'take its name out of optIn'}`,
    );
  for (const key of [annotation.runAsUser, annotation.runAsGroup, annotation.fsGroup]) {
    const id = annotations.get(key);
    if (id !== undefined && !(typeof id === 'string' && new RegExp(idPattern).test(id))) {
      problems.push(`the annotation ${key}=${JSON.stringify(id)} is not an id: write a number from 0 to ${maxId} as a text`);
    }
  }
  if (annotations.get(annotation.skipRestore) === 'true' && String(annotations.get(annotation.skipRestoreReason) ?? '').trim() === '') {
    problems.push(
      `it skips the restore, but does not say why: add the annotation ${annotation.skipRestoreReason}, or remove ${annotation.skipRestore}`,
    );
  }
  return problems;
}

/** Kinds whose Pods get another name each time. */
const nameless = ['Deployment', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'];

function ephemeralProblems(object: KubernetesObject): string[] {
  if (!nameless.includes(object.kind)) return [];
  const pod = object.kind === 'CronJob' ? at(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec') : at(object, 'spec', 'template', 'spec');
  return itemsOf(at(pod, 'volumes')).flatMap((volume) => {
    if (at(volume, 'ephemeral', 'volumeClaimTemplate', 'metadata', 'labels', backupLabel) === undefined) return [];
    return [
      `the volume ${JSON.stringify(at(volume, 'name'))} is another claim for each Pod, so that no backup is ever restored into it: use a ` +
        `PersistentVolumeClaim with a name, or remove the label ${backupLabel}`,
    ];
  });
}
