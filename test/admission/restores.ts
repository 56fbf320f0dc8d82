import { restoreProofText } from '../../lib/model/mover';
import type { AdmissionCase } from './case';

const owner = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: 'data', uid: 'its-uid' };
const kopia = { repository: 'volsync-data', username: 'data-backup', hostname: 'app' };
const image = { name: 'image' };

interface Change {
  readonly metadata?: object;
  readonly kopia?: object;
  /** Log of the mover. @default the proof of a restore */
  readonly logs?: string;
}

interface Destination {
  readonly kind: string;
  readonly metadata: object;
  readonly spec: object;
  readonly status: { readonly latestImage?: object; readonly latestMoverStatus: object };
}

/** A restore that has ended, generated as it must be, with a change. */
function destination(change: Change = {}): Destination {
  return {
    kind: 'ReplicationDestination',
    metadata: { namespace: 'app', name: 'data-restore-a1b2c3d4', uid: 'destination', ownerReferences: [owner], ...change.metadata },
    spec: { kopia: { ...kopia, ...change.kopia } },
    status: { latestImage: image, latestMoverStatus: { logs: change.logs ?? restoreProofText } },
  };
}

const snapshotOf = (uid: string): object => ({
  kind: 'VolumeSnapshot',
  metadata: { namespace: 'app', name: 'image', labels: { 'app.kubernetes.io/created-by': 'volsync' }, ownerReferences: [{ uid }] },
});

/** Neither does VolSync cut the snapshot, nor name it as the image that PVCs are filled from. */
function imageOf(name: string, change: Change, refused: readonly RegExp[]): AdmissionCase[] {
  const object = destination(change);
  const { latestImage: _, ...status } = object.status;
  return [
    {
      name: `the image of a restore ${name}: its name in the status`,
      resource: 'replicationdestinations/status',
      request: { operation: 'UPDATE', object, oldObject: { ...object, status: {} } },
      refused,
    },
    {
      name: `the image of a restore ${name}: its snapshot`,
      resource: 'volumesnapshots',
      request: { operation: 'CREATE', object: snapshotOf('destination'), params: { ReplicationDestination: [{ ...object, status }] } },
      refused,
    },
  ];
}

const unproven = [/did not confirm that it restored a complete backup/];
const foreign = [/was not generated for it/];

const restore = (name: string, isRefused: boolean): AdmissionCase => ({
  name: `a restore of the name ${name}`,
  resource: 'replicationdestinations',
  request: { operation: 'CREATE', object: destination({ metadata: { name } }) },
  refused: isRefused ? [/which nobody makes/] : [],
});

/** What a PVC may be filled from. */
export const restoreCases: readonly AdmissionCase[] = [
  ...imageOf('that was generated, and is proven', {}, []),
  ...imageOf('that was generated, and is not proven', { logs: '' }, unproven),
  ...imageOf('owned by nobody', { metadata: { ownerReferences: [] } }, foreign),
  ...imageOf('owned by another PVC', { metadata: { ownerReferences: [{ ...owner, name: 'other' }] } }, foreign),
  ...imageOf('owned by something else of that name', { metadata: { ownerReferences: [{ ...owner, kind: 'Deployment' }] } }, foreign),
  ...imageOf('named for another PVC than its owner', { metadata: { name: 'other-restore-a1b2c3d4' } }, foreign),
  ...imageOf('with a repository of somebody else', { kopia: { repository: 'mine' } }, foreign),
  ...imageOf('with the identity of another PVC', { kopia: { username: 'other-backup' } }, foreign),
  ...imageOf('with the identity of another namespace', { kopia: { hostname: 'other' } }, foreign),
  ...imageOf(
    'of a person, under a name of their own',
    { metadata: { name: 'copy', ownerReferences: [] }, kopia: { repository: 'mine' }, logs: '' },
    [],
  ),
  {
    name: 'the snapshot of another restore passes beside one that is not proven',
    resource: 'volumesnapshots',
    request: { operation: 'CREATE', object: snapshotOf('another'), params: { ReplicationDestination: [destination({ logs: '' })] } },
  },
  {
    name: 'the snapshot of another restore passes beside one that was not generated',
    resource: 'volumesnapshots',
    request: {
      operation: 'CREATE',
      object: snapshotOf('another'),
      params: { ReplicationDestination: [destination({ kopia: { repository: 'mine' } })] },
    },
  },
  {
    name: 'a snapshot that is not of VolSync’s making passes, whatever it says it belongs to',
    resource: 'volumesnapshots',
    request: {
      operation: 'CREATE',
      object: { kind: 'VolumeSnapshot', metadata: { namespace: 'app', name: 'mine', ownerReferences: [{ uid: 'destination' }] } },
      params: { ReplicationDestination: [destination({ logs: '' })] },
    },
  },
  {
    name: 'the status of a restore whose image was there before, and whose log is lost',
    resource: 'replicationdestinations/status',
    request: { operation: 'UPDATE', object: destination({ logs: '' }), oldObject: destination() },
  },
  ...[{ logs: '' }, { kopia: { repository: 'mine' } }].flatMap((change): AdmissionCase[] => [
    {
      name: `the image of a restore is taken back: ${JSON.stringify(change)}`,
      resource: 'replicationdestinations/status',
      request: { operation: 'UPDATE', object: { ...destination(change), status: { latestMoverStatus: {} } }, oldObject: destination(change) },
    },
    {
      name: `something else of the status of a restore that has its image changes: ${JSON.stringify(change)}`,
      resource: 'replicationdestinations/status',
      request: { operation: 'UPDATE', object: destination(change), oldObject: destination(change) },
    },
  ]),
  {
    name: 'the status of a restore that has no image yet',
    resource: 'replicationdestinations/status',
    request: {
      operation: 'UPDATE',
      object: { ...destination(), status: { latestMoverStatus: { logs: '' } } },
      oldObject: { ...destination(), status: {} },
    },
  },
  restore('data-restore-undecided', true),
  restore('data-restore-a1b2c3d4', false),
];
