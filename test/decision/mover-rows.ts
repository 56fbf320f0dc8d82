import { podLabel, podSecurityLabel } from '../../lib/model/naming';
import { moverPolicy, restoreSizePolicy } from '../../lib/model/policy-names';
import { populatorLabel } from '../../lib/model/volsync-labels';
import { KyvernoPolicy } from '../support/admission/kyverno';
import type { AdmissionRequest } from '../support/admission/request';
import type { Data, Tree } from '../../verify/tree';
import { kyvernoConditionsOf, now } from './play';

/** A Pod of VolSync's, or a volume that it makes, and what Kyverno makes of it. */
export interface MoverRow {
  readonly name: string;
  readonly policy: string;
  readonly request: AdmissionRequest;
  /** The snapshot that a volume is made from, as the API server knows it when its size is asked for and when it is judged. @default none */
  readonly snapshots?: readonly [Data, Data];
  /** What it has afterwards, in words of {@link brief}; undefined where Kyverno is not asked. */
  readonly becomes: string | undefined;
}

/** What is wrong with a row's outcome, or undefined where it is as the row says. */
export function problemOfMover(tree: Tree, { policy, request, snapshots, becomes }: MoverRow): string | undefined {
  try {
    const found = played(tree, policy, request, snapshots);
    return found === becomes ? undefined : `it becomes ${found}`;
  } catch (error) {
    return `it can't be evaluated: ${(error as Error).message}`;
  }
}

function played(tree: Tree, name: string, request: AdmissionRequest, [early, late]: readonly Data[] = []): string | undefined {
  let snapshot = early;
  const around = { now, service: () => undefined, api: (path: string) => (path.endsWith(`/app/volumesnapshots/${image}`) ? snapshot : undefined) };
  const policy = new KyvernoPolicy(tree.one('ClusterPolicy', name), around, kyvernoConditionsOf(tree));
  if (!policy.isSent(request)) return undefined;
  const object = policy.mutated(request);
  snapshot = late;
  const { refusals } = policy.validated({ ...request, object });
  return refusals.length > 0 ? `refused: ${refusals[0]!.message.split(',')[0]}` : brief(object);
}

/** A Pod's program and user and what it may do; a volume's size. */
function brief({ kind, spec }: Data): string {
  if (kind !== 'Pod') return spec.resources.requests.storage;
  const [{ command = ['its own'], securityContext = {} }] = spec.containers;
  const { runAsUser } = spec.securityContext ?? {};
  return `${command[0]} as ${runAsUser} with ${(securityContext.capabilities?.add ?? []).join(' ') || 'nothing more'}`;
}

function pod(name: string, labels: Readonly<Record<string, string>>, becomes: string | undefined, level = 'baseline'): MoverRow {
  const container = { name: 'kopia', image: 'x', securityContext: { capabilities: { drop: ['ALL'] } } };
  return {
    name: `a Pod ${name}`,
    policy: moverPolicy,
    request: {
      operation: 'CREATE',
      object: {
        kind: 'Pod',
        metadata: { namespace: 'app', name: 'mover', labels },
        spec: { securityContext: { runAsUser: 568 }, containers: [container] },
      },
      namespaceLabels: { [podSecurityLabel]: level },
    },
    becomes,
  };
}

const mover = (kind: string, owners: string): Record<string, string> => ({ [podLabel.mover]: kind, [podLabel.owners]: owners });

const movers: readonly MoverRow[] = [
  pod('of a backup that keeps owners', mover('backup', 'keep'), '/bin/bash as 0 with DAC_OVERRIDE'),
  pod('of a restore that keeps owners', mover('restore', 'keep'), '/bin/bash as 0 with CHOWN DAC_OVERRIDE FOWNER FSETID'),
  ...['backup', 'restore'].flatMap((kind) => [
    pod(`of a ${kind} with one user`, mover(kind, 'fixed'), '/bin/bash as 568 with nothing more'),
    pod(`of a ${kind} that would keep owners, in a restricted namespace`, mover(kind, 'keep'), '/bin/bash as 568 with nothing more', 'restricted'),
  ]),
  pod('of somebody else', { app: 'web' }, undefined),
];

const image = 'volsync-data-restore-a1b2c3d4-dest-20260131180000';

/** The volume of a restore, for a PVC of 1 GiB. */
function volume(
  name: string,
  [early, late = early]: readonly Data[],
  becomes: string | undefined,
  labels: object = { [populatorLabel]: 'data' },
): MoverRow {
  return {
    name: `the volume of a restore, ${name}`,
    policy: restoreSizePolicy,
    request: {
      operation: 'CREATE',
      object: {
        kind: 'PersistentVolumeClaim',
        metadata: { namespace: 'app', name: 'prime', labels },
        spec: { dataSourceRef: { kind: 'VolumeSnapshot', name: image }, resources: { requests: { storage: '1Gi' } } },
      },
    },
    snapshots: [early, late],
    becomes,
  };
}

const beingCut = `refused: the snapshot ${image} of the restore is still being cut`;
const ready = (restoreSize: string): Data => ({ status: { readyToUse: true, restoreSize } });
const notYet = (restoreSize?: string): Data => ({ status: { readyToUse: false, ...(restoreSize && { restoreSize }) } });

const volumes: readonly MoverRow[] = [
  volume('from a snapshot of its size', [ready('1Gi')], '1Gi'),
  volume('from a smaller snapshot', [ready('900Mi')], '1Gi'),
  volume('from a larger snapshot', [ready('2Gi')], '2Gi'),
  volume('from a snapshot that is being cut', [notYet()], beingCut),
  volume('from a snapshot that is being cut, and tells a size', [notYet('2Gi')], beingCut),
  volume('from a snapshot that is being cut, and tells a size that fits', [notYet('1Gi')], beingCut),
  volume('from a snapshot that told a size while it was being cut, and is ready since', [notYet('3Gi'), ready('2Gi')], beingCut),
  volume('that is none', [ready('2Gi')], undefined, {}),
];

/** What VolSync makes for backups and restores. */
export const moverRows: readonly MoverRow[] = [...movers, ...volumes];
