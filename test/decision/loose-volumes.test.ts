import { annotation } from '../../lib/model/naming';
import { homelab } from '../../examples/homelab/site';
import { type Data, Tree } from '../../verify/tree';
import { admissionPolicies } from '../support/admission/api-server';

const tree = Tree.of(homelab);
const uid = '4f6e2f4e-7d0c-4a6e-9d0a-0123456789ab';
const named = { namespace: 'app', name: 'data' };
const owned = { ...named, uid };

function volume(
  claimRef?: object,
  { storageClassName = 'longhorn', annotations = {} }: { storageClassName?: string; annotations?: object } = {},
): Data {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'pv', annotations },
    spec: { storageClassName, ...(claimRef === undefined ? {} : { claimRef }) },
  };
}

const why = { [annotation.reattachReason]: 'the same disks' };

test.each<[string, Data, Data | undefined, boolean]>([
  ['without a claim', volume(), undefined, true],
  ['with a claim by its name alone', volume(named), undefined, true],
  ['as a provisioner makes it', volume(owned), undefined, false],
  ['of another class', volume(undefined, { storageClassName: 'by-hand' }), undefined, false],
  ['given to a PVC by hand, with a reason', volume(named, { annotations: why }), undefined, false],
  ['whose claim is taken off', volume(), volume(owned), true],
  ['that was loose before, changed', volume(), volume(), false],
  ['whose claim gets its uid', volume(owned), volume(named), false],
])('a volume %s', (_, object, oldObject, refused) => {
  const operation = oldObject === undefined ? 'CREATE' : 'UPDATE';
  const { refusals } = admissionPolicies(tree, 'persistentvolumes', { operation, object, ...(oldObject === undefined ? {} : { oldObject }) });
  expect(refusals).toEqual(refused ? [expect.stringContaining('in place of a restore')] : []);
});
