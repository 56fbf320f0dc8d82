import { homelab } from '../../examples/homelab/site';
import { coreProblems } from '../../verify/core-schemas';
import { CrdSchemas } from '../../verify/crd-schemas';
import { checkSchemas, generatedSamples, haveCrds, missingDefaults } from '../../verify/schemas';
import { Tree } from '../../verify/tree';
import { notTested } from '../support/not-tested';
import { variants, type Variant } from '../support/variants';

const tree = Tree.of(homelab);
/** Objects of the example; a variant is looked at where it differs. */
const known = new Set(tree.objects.map((object) => JSON.stringify(object)));

if (!haveCrds)
  notTested('custom resources against their schemas: there are no CRDs in .cache/crds. Run npm run crds (or npm run crds -- --from DIR)');

describe('every document against its full schema, unknown fields refused', () => {
  test('the example, and what Kyverno generates for a real PVC', () => {
    const { problems, notChecked, checked } = checkSchemas(tree);
    expect(problems).toEqual([]);
    expect(checked).toBeGreaterThan(15);
    expect(notChecked.length).toBe(haveCrds ? 0 : 1);
    expect(generatedSamples(tree).length).toBeGreaterThanOrEqual(10);
  });

  test.each(Object.entries<Variant>(variants))('another site: %s', (_, { values, extend }) => {
    const { entries } = Tree.of(values, extend);
    const other = new Tree(entries.filter(({ object }) => !known.has(JSON.stringify(object))));
    expect(other.entries.length).toBeGreaterThan(0);
    expect(checkSchemas(other).problems).toEqual([]);
  });

  test('an unknown field and a wrong value are noticed', () => {
    expect(coreProblems({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec: { ports: [{ port: 'http' }] } })).not.toEqual([]);
    const policy = structuredClone(tree.one('ClusterPolicy', 'volsync-pvc-backup-restore'));
    policy.spec.rules[0].matchh = {};
    policy.spec.rules[0].match.any[0].resources.operations = ['CREAT'];
    const crds = CrdSchemas.load();
    if (crds !== undefined) expect(crds.problems(policy)).toHaveLength(2);
  });

  test('a kind that Kubernetes does not have is noticed; one of a stranger’s group is said to be unchecked', () => {
    const other = tree.clone();
    other.add('my-apps/x/x.yaml', { apiVersion: 'apps/v1', kind: 'Deploymnt', metadata: { name: 'x', namespace: 'x' } });
    other.add('my-apps/x/y.yaml', { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'y', namespace: 'x' } });
    const { problems, notChecked } = checkSchemas(other);
    expect(problems).toEqual(['my-apps/x/x.yaml: Deploymnt x/x: Kubernetes has no Deploymnt in apps/v1: correct the spelling']);
    expect(notChecked).toContain('my-apps/x/y.yaml: Thing x/y: there is no schema of example.com/v1 here');
  });
});

test('trap 12: defaults that the API server would fill in are written out, so that Argo CD sees no drift', () => {
  expect(missingDefaults(tree)).toEqual([]);
});
