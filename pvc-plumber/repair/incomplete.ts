import { settledDecisions } from '../../lib/model/decision';
import { annotation, maintenanceName, restoreNamePrefix, secretName, sourceName } from '../../lib/model/naming';
import type { KubernetesObject } from './kubernetes';

/** What is there, by kind: each object by its `namespace/name`. */
export interface Generated {
  readonly externalSecrets: ReadonlyMap<string, KubernetesObject>;
  readonly replicationSources: ReadonlyMap<string, KubernetesObject>;
  readonly kopiaMaintenances: ReadonlyMap<string, KubernetesObject>;
  readonly replicationDestinations: ReadonlyMap<string, KubernetesObject>;
}

/** An object that stands in the place of a resource of a PVC. */
export interface Foreign {
  /** As in `replicationsources/data-backup`. */
  readonly resource: string;
  /** Whose it is, as in `PersistentVolumeClaim other`; `nobody` without an owner. */
  readonly owner: string;
}

/** How long Kyverno has for the first generation, in milliseconds. */
const graceMs = 30_000;
/** Time between two requests for the same PVC, in milliseconds. */
const againMs = 45_000;

/** How long VolSync has to fill a PVC from an image that is there, in milliseconds. */
const populatorGraceMs = 60_000;

/** What a PVC lacks of all that is generated for it; empty where nothing is to be done, or not yet. */
export function missing(pvc: KubernetesObject, there: Generated, now: number): string[] {
  if (askedJustNow(pvc, now)) return [];
  return wanted(pvc, now).flatMap(([kind, name]) => (there[kind].has(`${pvc.metadata.namespace}/${name}`) ? [] : [resource(kind, name)]));
}

/**
 * What has the name of a resource of a PVC, and does not belong to it: somebody made it when the PVC was there already, or took its owner off. Kyverno makes
 * nothing whose name is taken, so a person has to know. The uid of the owner counts, because a later PVC may have the name of the earlier one.
 */
export function foreign(pvc: KubernetesObject, there: Generated, now: number): Foreign[] {
  return wanted(pvc, now).flatMap(([kind, name]) => {
    const found = there[kind].get(`${pvc.metadata.namespace}/${name}`);
    // What is being deleted goes by itself, and is missing then.
    if (found === undefined || found.metadata.deletionTimestamp !== undefined || isOf(pvc, found)) return [];
    return [{ resource: resource(kind, name), owner: ownerOf(found, pvc) }];
  });
}

/** Kinds and names of all that a PVC is to have by now; nothing for a PVC that is given up, was just created, or is held. */
function wanted(pvc: KubernetesObject, now: number): (readonly [kind: keyof Generated, name: string])[] {
  const { metadata, spec } = pvc;
  const { namespace, name, annotations = {} } = metadata;
  const decision = annotations[annotation.decision];
  if (metadata.deletionTimestamp !== undefined || spec?.volumeMode === 'Block') return [];
  // A PVC from before the policies has no decision; one with another decision waits for nothing.
  if (decision !== undefined && !(settledDecisions as readonly string[]).includes(decision)) return [];
  if (now - Date.parse(metadata.creationTimestamp) < graceMs) return [];
  const restore = restoreOf(pvc);
  return [
    ['externalSecrets', secretName({ namespace, name })],
    ['replicationSources', sourceName({ namespace, name })],
    ['kopiaMaintenances', maintenanceName({ namespace, name })],
    ...(restore === undefined ? [] : [['replicationDestinations', restore] as const]),
  ];
}

/**
 * The restore whose image is there, but not in the PVC that waits for it. VolSync's populator waits longer after each error, up to a quarter of an hour, and looks
 * again at once when the PVC changes.
 *
 * @param destinations all ReplicationDestinations; one that is not of the PVC is none of its images
 */
export function unusedImage(pvc: KubernetesObject, destinations: readonly KubernetesObject[], now: number): string | undefined {
  if (pvc.metadata.deletionTimestamp !== undefined || askedJustNow(pvc, now)) return undefined;
  const restore = restoreOf(pvc);
  const found = destinations.find(({ metadata }) => metadata.namespace === pvc.metadata.namespace && metadata.name === restore);
  if (found === undefined || !isOf(pvc, found)) return undefined;
  const { latestImage, lastSyncTime } = found.status ?? {};
  const ready = latestImage?.name !== undefined && lastSyncTime !== undefined && now - Date.parse(lastSyncTime) >= populatorGraceMs;
  return ready ? restore : undefined;
}

/** Name of the ReplicationDestination that a PVC waits for; undefined where it waits for none. */
function restoreOf({ metadata: { namespace, name, annotations }, spec, status }: KubernetesObject): string | undefined {
  const source = spec?.dataSourceRef;
  const waits =
    annotations?.[annotation.decision] === 'restore' &&
    status?.phase !== 'Bound' &&
    source?.kind === 'ReplicationDestination' &&
    source.apiGroup === 'volsync.backube' &&
    source.name?.startsWith(restoreNamePrefix({ namespace, name })) === true;
  return waits ? source.name : undefined;
}

function askedJustNow({ metadata: { annotations } }: KubernetesObject, now: number): boolean {
  return now - Date.parse(annotations?.[annotation.repairRequestedAt] ?? '1970-01-01T00:00:00Z') < againMs;
}

function resource(kind: keyof Generated, name: string): string {
  return `${kind.toLowerCase()}/${name}`;
}

function isOf(pvc: KubernetesObject, { metadata }: KubernetesObject): boolean {
  return metadata.ownerReferences?.some(({ uid }) => uid === pvc.metadata.uid) === true;
}

function ownerOf({ metadata: { ownerReferences = [] } }: KubernetesObject, pvc: KubernetesObject): string {
  const shown = ownerReferences.map(({ kind, name, uid }) =>
    kind === 'PersistentVolumeClaim' && name === pvc.metadata.name ? `${kind} ${name} of another uid (${uid})` : `${kind} ${name}`,
  );
  return shown.length === 0 ? 'nobody' : shown.join(', ');
}
