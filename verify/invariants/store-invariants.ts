import { type Invariant, problemsOf, same } from '../invariant';
import type { Data, Tree } from '../tree';

const storeMove = (tree: Tree): Data => tree.one('ValidatingAdmissionPolicy', 'volsync-pvc-backup-store-move').spec;

export const storeInvariants: readonly Invariant[] = [
  {
    name: 'pvc-plumber is not pointed to another store in silence',
    check: (tree) => {
      const { failurePolicy, matchConstraints, validations } = storeMove(tree);
      const binding = tree.one('ValidatingAdmissionPolicyBinding', 'volsync-pvc-backup-store-move').spec;
      return [
        ...same([failurePolicy, binding.validationActions], ['Fail', ['Deny']], 'how it refuses'),
        ...same(
          matchConstraints.resourceRules.map(({ operations, resources }: Data) => [operations, resources]),
          [[['UPDATE'], ['deployments']]],
          'what it looks at',
        ),
        ...problemsOf(
          ["each.name == 'S3_ENDPOINT'", "each.name == 'S3_BUCKET'", "each.name == 'S3_PREVIOUS'"],
          (part) => !validations[0].expression.includes(part),
          (part) => `it does not look at ${part}`,
        ),
      ];
    },
    mutate: (tree) => (storeMove(tree).validations[0].expression = 'true'),
  },
  {
    name: 'credentials and location of PVCs that exist follow the site',
    check: (tree) => {
      const rule = tree
        .one('ClusterPolicy', 'volsync-pvc-backup-follow')
        .spec.rules.find(({ mutate }: Data) => mutate.targets[0].kind === 'ExternalSecret');
      return same(
        Object.keys(rule?.mutate.patchStrategicMerge.spec ?? {}).toSorted(),
        ['data', 'secretStoreRef', 'target'],
        'what follows of an ExternalSecret',
      );
    },
    mutate: (tree) => {
      const policy = tree.one('ClusterPolicy', 'volsync-pvc-backup-follow');
      policy.spec.rules = policy.spec.rules.filter(({ mutate }: Data) => mutate.targets[0].kind !== 'ExternalSecret');
    },
  },
];
