import { sampleSubstitution } from '../support/substitute';
import { CrdSchemas } from '../support/crd-schemas';
import { coreProblems } from '../support/core-schemas';
import { repositorySite } from '../support/sites';
import { type Data, Tree } from '../support/tree';

const tree = Tree.of(repositorySite());
const schemas = CrdSchemas.load();
const customGroups = [
  'argoproj.io',
  'kyverno.io',
  'policies.kyverno.io',
  'external-secrets.io',
  'volsync.backube',
  'snapshot.storage.k8s.io',
  'monitoring.coreos.com',
];
const isCustom = ({ apiVersion }: Data): boolean => customGroups.includes(apiVersion.split('/')[0]);

/** Whether a check can run; says loudly when it can't. */
function haveSchemas(): boolean {
  if (schemas === undefined)
    console.warn('NOT CHECKED: there are no CRDs in .cache/crds. Run `npm run crds`, or `npm run crds -- --from DIR`, and test again.');
  return schemas !== undefined;
}

const problems = (object: Data): string[] => schemas!.problems(object);

describe('every document against its full schema, unknown fields refused', () => {
  test('custom resources', () => {
    if (!haveSchemas()) return;
    expect(tree.objects.filter(isCustom).flatMap(problems)).toEqual([]);
  });

  test('what Kyverno generates, for a real PVC', () => {
    if (!haveSchemas()) return;
    const generated = tree.ofKind('ClusterPolicy').flatMap(({ spec }) =>
      spec.rules.flatMap(({ generate }: Data) => {
        if (generate === undefined) return [];
        const { apiVersion, kind, name, namespace, data } = generate;
        return [sampleSubstitution({ apiVersion, kind, ...data, metadata: { ...data.metadata, name, namespace } })];
      }),
    );
    expect(generated.length).toBeGreaterThanOrEqual(10);
    expect(generated.flatMap(problems)).toEqual([]);
  });

  test('kinds of Kubernetes itself', () => {
    expect(tree.objects.filter((object) => !isCustom(object)).flatMap(coreProblems)).toEqual([]);
  });

  test('an unknown field and a wrong value are noticed', () => {
    expect(coreProblems({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec: { ports: [{ port: 'http' }] } })).not.toEqual([]);
    if (!haveSchemas()) return;
    const policy = structuredClone(tree.one('ClusterPolicy', 'volsync-pvc-backup-restore'));
    policy.spec.rules[0].matchh = {};
    policy.spec.rules[0].match.any[0].resources.operations = ['CREAT'];
    expect(problems(policy)).toHaveLength(2);
  });
});

test('trap 12: defaults that the API server would fill in are written out, so that Argo CD sees no drift', () => {
  if (!haveSchemas()) return;
  const tracked = [
    'ClusterPolicy',
    'ExternalSecret',
    'ClusterSecretStore',
    'Application',
    'ApplicationSet',
    'AppProject',
    'PrometheusRule',
    'ServiceMonitor',
    'VolumeSnapshotClass',
  ];
  expect(tracked.flatMap((kind) => tree.ofKind(kind).flatMap((object) => schemas!.missingDefaults(object)))).toEqual([]);
});
