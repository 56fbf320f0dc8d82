import { restoreProofText } from '../../lib/model/mover';
import { podLabel } from '../../lib/model/naming';
import { restoredPolicy, restoreRetryPolicy } from '../../lib/model/policy-names';
import { isDeleted } from '../support/admission/deleting';
import type { Data, Tree } from '../../verify/tree';
import { now } from './play';

/** An object, what is beside it, and whether a policy takes it away. */
export interface DeletedRow {
  readonly name: string;
  readonly policy: string;
  readonly object: Data;
  /** Objects of the cluster, by `plural/name`. */
  readonly there: Readonly<Record<string, Data>>;
  readonly isDeleted: boolean;
}

/** What is wrong with what becomes of the object, or undefined where it is as the row says. */
export function problemOfDeleted(tree: Tree, row: DeletedRow): string | undefined {
  const find = (_: string, plural: string, namespace: string, name: string): Data =>
    namespace === 'app' ? row.there[`${plural}/${name}`] : undefined;
  try {
    const found = isDeleted(tree.one('DeletingPolicy', row.policy), row.object, { now, find });
    return found === row.isDeleted ? undefined : `it is ${found ? '' : 'not '}deleted`;
  } catch (error) {
    return `it can't be evaluated: ${(error as Error).message}`;
  }
}

const ago = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();
const owner = (name = 'data', uid = 'its-uid'): Data => ({ kind: 'PersistentVolumeClaim', name, uid });

interface Restored {
  readonly metadata?: object;
  readonly status?: object;
  /** The PVC. */
  readonly uid?: string;
  readonly phase?: string;
  /** Its last backup. */
  readonly backup?: object;
}

const image = { latestImage: { name: 'image' } };
const proof = { latestMoverStatus: { result: 'Successful', logs: restoreProofText } };

/** What a restore leaves, an hour after it ended. */
function left(name: string, change: Restored, wanted: boolean): DeletedRow {
  const { uid = 'its-uid', phase = 'Bound', backup = { lastSyncTime: ago(10), latestMoverStatus: { result: 'Successful' } } } = change;
  return {
    name: `what a restore leaves ${wanted ? 'goes' : 'stays'}: ${name}`,
    policy: restoredPolicy,
    object: {
      kind: 'ReplicationDestination',
      metadata: { namespace: 'app', name: 'data-restore-a1b2c3d4', ownerReferences: [owner()], ...change.metadata },
      status: change.status ?? { ...image, lastSyncTime: ago(3600) },
    },
    there: {
      'persistentvolumeclaims/data': { metadata: { name: 'data', uid }, status: { phase } },
      'replicationsources/data-backup': { status: backup },
    },
    isDeleted: wanted,
  };
}

const successful = { result: 'Successful' };

const restored: readonly DeletedRow[] = [
  left('the PVC has been backed up since', {}, true),
  left('a person made it, under a name of their own', { metadata: { name: 'copy' } }, false),
  left('no PVC owns it', { metadata: { ownerReferences: [] } }, false),
  left('two PVCs own it', { metadata: { ownerReferences: [owner(), owner('other', 'another')] } }, false),
  left('it has no image yet', { status: { lastSyncTime: ago(3600) } }, false),
  left('it has not ended yet', { status: image }, false),
  left('the PVC is another one of its name', { uid: 'another' }, false),
  left('the PVC is not bound', { phase: 'Pending' }, false),
  left('there was no backup', { backup: {} }, false),
  left('the last backup was before it', { backup: { lastSyncTime: ago(7200), latestMoverStatus: successful } }, false),
  left('the last backup failed', { backup: { lastSyncTime: ago(10), latestMoverStatus: { result: 'Failed' } } }, false),
];

interface Ended {
  readonly metadata?: object;
  /** Label of its Pods. @default restore */
  readonly mover?: string;
  readonly status?: object;
  /** Status of the restore. @default one without a proof */
  readonly destination?: object;
}

/** The Job of a restore that has ended an hour ago. */
function job(name: string, change: Ended, wanted: boolean): DeletedRow {
  const { mover = 'restore', status = { succeeded: 1, completionTime: ago(3600) } } = change;
  return {
    name: `the Job of a restore ${wanted ? 'runs again' : 'stays'}: ${name}`,
    policy: restoreRetryPolicy,
    object: {
      kind: 'Job',
      metadata: {
        namespace: 'app',
        name: 'volsync-dst-data',
        labels: { 'app.kubernetes.io/created-by': 'volsync' },
        ownerReferences: [{ kind: 'ReplicationDestination', name: 'data-restore-a1b2c3d4' }],
        ...change.metadata,
      },
      spec: { template: { metadata: { labels: { [podLabel.mover]: mover } } } },
      status,
    },
    there: { 'replicationdestinations/data-restore-a1b2c3d4': { status: change.destination ?? { latestMoverStatus: { ...successful, logs: '' } } } },
    isDeleted: wanted,
  };
}

const inError = { conditions: [{ type: 'Synchronizing', status: 'False', reason: 'Error' }] };

const retried: readonly DeletedRow[] = [
  job('its log was lost', {}, true),
  job('it was proven, and met an error', { destination: { ...proof, ...inError } }, true),
  job('it was proven', { destination: proof }, false),
  job(
    'it was proven, and waits for its snapshot',
    { destination: { ...proof, conditions: [{ type: 'Synchronizing', reason: 'SyncInProgress' }] } },
    false,
  ),
  job('it was proven, and another condition is an error', { destination: { ...proof, conditions: [{ type: 'Other', reason: 'Error' }] } }, false),
  job('there is an image', { destination: { ...image, latestMoverStatus: { logs: '' } } }, false),
  job('it is of a backup', { mover: 'backup' }, false),
  job('it is not VolSync’s', { metadata: { labels: {} } }, false),
  job('nothing owns it', { metadata: { ownerReferences: [] } }, false),
  job('it runs', { status: { active: 1 } }, false),
  job('it failed', { status: { failed: 1, completionTime: ago(3600) } }, false),
  job('it has ended just now', { status: { succeeded: 1, completionTime: ago(10) } }, false),
];

/** What is cleaned up after a restore. */
export const deletedRows: readonly DeletedRow[] = [...restored, ...retried];
