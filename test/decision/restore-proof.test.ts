import { restoreProofText } from '../../lib/model/mover';
import { homelab } from '../../examples/homelab/site';
import { type Data, Tree } from '../../verify/tree';
import { admissionPolicies } from '../support/admission/api-server';

const tree = Tree.of(homelab);
const owner = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: 'data', uid: 'its-uid' };
const kopia = { repository: 'volsync-data', username: 'data-backup', hostname: 'app' };

function destination(change: { metadata?: object; kopia?: object; logs?: string } = {}): Data {
  const metadata = { namespace: 'app', name: 'data-restore-a1b2c3d4', uid: 'destination', ownerReferences: [owner], ...change.metadata };
  const status = { latestImage: { name: 'image' }, latestMoverStatus: { logs: change.logs ?? restoreProofText } };
  return { kind: 'ReplicationDestination', metadata, spec: { kopia: { ...kopia, ...change.kopia } }, status };
}

const generated = /was not generated for it/;

test.each<[string, Data, RegExp | undefined]>([
  ['generated, and proven', destination(), undefined],
  ['generated, and not proven', destination({ logs: '' }), /did not confirm/],
  ['owned by nobody', destination({ metadata: { ownerReferences: [] } }), generated],
  ['owned by another PVC', destination({ metadata: { ownerReferences: [{ ...owner, name: 'other' }] } }), generated],
  ['named for another PVC than its owner', destination({ metadata: { name: 'other-restore-a1b2c3d4' } }), generated],
  ['with a repository of somebody else', destination({ kopia: { repository: 'mine' } }), generated],
  ['with the identity of another PVC', destination({ kopia: { username: 'other-backup' } }), generated],
  ['with the identity of another namespace', destination({ kopia: { hostname: 'other' } }), generated],
  [
    'of a person, under a name of their own',
    destination({ metadata: { name: 'copy', ownerReferences: [] }, kopia: { repository: 'mine' }, logs: '' }),
    undefined,
  ],
])('the image of a restore %s', (_, object, words) => {
  const refused = words === undefined ? [] : [expect.stringMatching(words)];
  const oldObject = { ...object, status: {} };
  expect(admissionPolicies(tree, 'replicationdestinations/status', { operation: 'UPDATE', object, oldObject }).refusals).toEqual(refused);
  const snapshot = {
    kind: 'VolumeSnapshot',
    metadata: { namespace: 'app', name: 'image', labels: { 'app.kubernetes.io/created-by': 'volsync' }, ownerReferences: [{ uid: 'destination' }] },
  };
  const params = { ReplicationDestination: [{ ...object, status: { ...object.status, latestImage: undefined } }] };
  expect(admissionPolicies(tree, 'volumesnapshots', { operation: 'CREATE', object: snapshot, params }).refusals).toEqual(refused);
});

test('nobody makes the restore that a PVC without a decision waits for', () => {
  const created = (name: string): readonly string[] =>
    admissionPolicies(tree, 'replicationdestinations', { operation: 'CREATE', object: destination({ metadata: { name } }) }).refusals;
  expect(created('data-restore-undecided')).toEqual([expect.stringContaining('which nobody makes')]);
  expect(created('data-restore-a1b2c3d4')).toEqual([]);
});
