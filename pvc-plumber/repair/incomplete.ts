import { settledDecisions } from '../../lib/model/decision';
import { annotation, maintenanceName, restoreNamePrefix, secretName, sourceName } from '../../lib/model/naming';
import type { KubernetesObject } from './kubernetes';

/** What is there, by kind: `namespace/name` of each object. */
export interface Generated {
  readonly externalSecrets: ReadonlySet<string>;
  readonly replicationSources: ReadonlySet<string>;
  readonly kopiaMaintenances: ReadonlySet<string>;
  readonly replicationDestinations: ReadonlySet<string>;
}

/** How long Kyverno has for the first generation, in milliseconds. */
const graceMs = 30_000;
/** Time between two requests for the same PVC, in milliseconds. */
const againMs = 45_000;

/** How long VolSync has to fill a PVC from an image that is there, in milliseconds. */
const populatorGraceMs = 60_000;

/** What a PVC lacks of all that is generated for it; empty where nothing is to be done, or not yet. */
export function missing(pvc: KubernetesObject, there: Generated, now: number): string[] {
  const { metadata, spec } = pvc;
  const { namespace, name, annotations = {} } = metadata;
  const decision = annotations[annotation.decision];
  if (metadata.deletionTimestamp !== undefined || spec?.volumeMode === 'Block') return [];
  // A PVC from before the policies has no decision; one with another decision waits for nothing.
  if (decision !== undefined && !(settledDecisions as readonly string[]).includes(decision)) return [];
  if (now - Date.parse(metadata.creationTimestamp) < graceMs) return [];
  if (askedJustNow(pvc, now)) return [];
  const restore = restoreOf(pvc);
  const wanted: [kind: keyof Generated, name: string][] = [
    ['externalSecrets', secretName({ namespace, name })],
    ['replicationSources', sourceName({ namespace, name })],
    ['kopiaMaintenances', maintenanceName({ namespace, name })],
    ...(restore === undefined ? [] : ([['replicationDestinations', restore]] as [keyof Generated, string][])),
  ];
  return wanted.filter(([kind, each]) => !there[kind].has(`${namespace}/${each}`)).map(([kind, each]) => `${kind.toLowerCase()}/${each}`);
}

/**
 * The restore whose image is there, but not in the PVC that waits for it. VolSync's populator waits longer after each error, up to a quarter of an hour, and looks
 * again at once when the PVC changes.
 *
 * @param destinations all ReplicationDestinations
 */
export function unusedImage(pvc: KubernetesObject, destinations: readonly KubernetesObject[], now: number): string | undefined {
  if (pvc.metadata.deletionTimestamp !== undefined || askedJustNow(pvc, now)) return undefined;
  const restore = restoreOf(pvc);
  const found = destinations.find(({ metadata }) => metadata.namespace === pvc.metadata.namespace && metadata.name === restore);
  const { latestImage, lastSyncTime } = found?.status ?? {};
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
