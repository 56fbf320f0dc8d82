import * as k8s from '../gitops/k8s';
import { Construct } from 'constructs';
import { labels } from '../gitops/labels';
import { keepOnDelete } from '../gitops/sync-wave';
import { isDnsSubdomain } from '../model/kubernetes-name';
import { annotation, backupLabel, maxPvcNameLength } from '../model/naming';
import { InputError } from '../model/problems';

export type AccessMode = 'ReadWriteOnce' | 'ReadWriteOncePod' | 'ReadWriteMany';

export interface BackedUpVolumeProps<Label extends string> {
  /** Requested size, for example `10Gi`. */
  readonly size: string;
  /** Tier: a label value of `site.tiers`. */
  readonly backup: Label;
  /** @default ReadWriteOnce */
  readonly accessMode?: AccessMode;
  /** @default - the site's */
  readonly storageClass?: string;
  /** Numeric identity of the mover Pods, for files that the site's can't read. @default - the site's */
  readonly mover?: { readonly runAsUser?: number; readonly runAsGroup?: number; readonly fsGroup?: number };
}

/** What a site says about volumes. */
export interface VolumeDefaults {
  readonly storageClass: string;
  readonly labels: readonly string[];
  readonly excludedNamespaces: readonly string[];
}

interface Placement {
  readonly name: string;
  readonly namespace: string;
  readonly defaults: VolumeDefaults;
}

/**
 * A PersistentVolumeClaim with a backup label that some tier knows.
 *
 * It carries no sync wave: with its Pod in a later one, the sync would wait for the restore, or forever where binding waits for a Pod. Argo CD
 * neither prunes nor deletes it.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims
 * @throws InputError for an unknown tier and for a name that can't be restored
 */
export class BackedUpVolume<Label extends string> extends Construct {
  readonly claimName: string;
  readonly namespace: string;
  /** Requested size. */
  readonly size: string;
  /** Label value of its tier. Not of type `Label`: a platform with more tiers is taken wherever one with fewer is wanted. */
  readonly backup: string;
  readonly storageClass: string;
  readonly accessMode: AccessMode;

  /** @internal Made by `app.volume`, or as the `BackedUpVolume` of a chart. */
  constructor(scope: Construct, id: string, props: BackedUpVolumeProps<Label> & Placement) {
    super(scope, id);
    const problem = problemOf(props);
    if (problem !== undefined) throw new InputError(`volume ${props.namespace}/${props.name}: ${problem}`);
    this.claimName = props.name;
    this.namespace = props.namespace;
    this.size = props.size;
    this.backup = props.backup;
    this.storageClass = props.storageClass ?? props.defaults.storageClass;
    this.accessMode = props.accessMode ?? 'ReadWriteOnce';
    new k8s.KubePersistentVolumeClaim(this, 'claim', {
      metadata: {
        name: this.claimName,
        namespace: this.namespace,
        labels: { ...labels(this.namespace), [backupLabel]: this.backup },
        annotations: { ...keepOnDelete, ...moverAnnotations(props.mover ?? {}) },
      },
      spec: {
        accessModes: [this.accessMode],
        storageClassName: this.storageClass,
        resources: { requests: { storage: this.size } },
      },
    });
  }
}

function problemOf({ name, namespace, backup, defaults }: Pick<BackedUpVolumeProps<string>, 'backup'> & Placement): string | undefined {
  if (!defaults.labels.includes(backup))
    return `no tier is called "${String(backup)}"; use one of ${defaults.labels.join(', ')}, or add it to site.tiers`;
  if (!isDnsSubdomain(name) || name.length > maxPvcNameLength)
    return `a restorable name has at most ${maxPvcNameLength} lower-case letters, digits, dashes and dots`;
  return defaults.excludedNamespaces.includes(namespace) ? 'the namespace is excluded from backups' : undefined;
}

function moverAnnotations({ runAsUser, runAsGroup, fsGroup }: NonNullable<BackedUpVolumeProps<string>['mover']>): Record<string, string> {
  const ids = { [annotation.runAsUser]: runAsUser, [annotation.runAsGroup]: runAsGroup, [annotation.fsGroup]: fsGroup };
  return Object.fromEntries(Object.entries(ids).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])));
}
