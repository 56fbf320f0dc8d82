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

/** What a PVC lacks of all that is generated for it; empty where nothing is to be done, or not yet. */
export function missing(pvc: KubernetesObject, there: Generated, now: number): string[] {
  const { metadata, spec, status } = pvc;
  const { namespace, name, annotations = {} } = metadata;
  const decision = annotations[annotation.decision];
  if (metadata.deletionTimestamp !== undefined || spec?.volumeMode === 'Block') return [];
  // A PVC from before the policies has no decision; one with another decision waits for nothing.
  if (decision !== undefined && !(settledDecisions as readonly string[]).includes(decision)) return [];
  if (now - Date.parse(metadata.creationTimestamp) < graceMs) return [];
  if (now - Date.parse(annotations[annotation.repairRequestedAt] ?? '1970-01-01T00:00:00Z') < againMs) return [];
  const source = spec?.dataSourceRef;
  const restoring =
    decision === 'restore' &&
    status?.phase !== 'Bound' &&
    source?.kind === 'ReplicationDestination' &&
    source.apiGroup === 'volsync.backube' &&
    source.name?.startsWith(restoreNamePrefix({ namespace, name })) === true;
  const wanted: [kind: keyof Generated, name: string][] = [
    ['externalSecrets', secretName({ namespace, name })],
    ['replicationSources', sourceName({ namespace, name })],
    ['kopiaMaintenances', maintenanceName({ namespace, name })],
    ...(restoring ? ([['replicationDestinations', source.name ?? '']] as [keyof Generated, string][]) : []),
  ];
  return wanted.filter(([kind, each]) => !there[kind].has(`${namespace}/${each}`)).map(([kind, each]) => `${kind.toLowerCase()}/${each}`);
}
