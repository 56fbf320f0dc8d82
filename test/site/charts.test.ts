import { homelab } from '../../examples/homelab/site';
import { buildTree, type SiteValues } from '../../lib';
import { mergedValues } from '../../lib/gitops/chart-overrides';
import { parseSite } from '../../lib/site/schema';
import { invariants } from '../../verify/invariants';
import { type Data, Tree } from '../../verify/tree';

const site: SiteValues = homelab;
const valuesOf = (values: SiteValues, application: string): Data => Tree.of(values).one('Application', application).spec.sources[0].helm.valuesObject;
const said = (charts: Data): string => {
  try {
    buildTree({ ...site, charts } as SiteValues, undefined, '/nowhere').render();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('values of a person for a chart', () => {
  test('are joined with those of the tree; lists and single values are replaced', () => {
    expect(mergedValues({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { c: [3], e: 2 }, f: undefined })).toEqual({ a: { b: 1, c: [3], e: 2 }, d: 1 });
    const charts = { longhorn: { values: { persistence: { defaultFsType: 'xfs' }, defaultSettings: { defaultDataPath: '/data' } } } } as const;
    expect(valuesOf({ ...site, charts }, 'longhorn')).toEqual({
      ...valuesOf(site, 'longhorn'),
      persistence: { ...valuesOf(site, 'longhorn').persistence, defaultFsType: 'xfs' },
      defaultSettings: { defaultDataPath: '/data' },
    });
  });

  test('leave every rule of the tree in place', () => {
    const values: SiteValues = {
      ...site,
      charts: {
        kyverno: { values: { admissionController: { replicas: 5, priorityClassName: 'high' }, config: { updateRequestThreshold: 20_000 } } },
        prometheusStack: {
          values: { prometheus: { prometheusSpec: { retention: '30d' } }, grafana: { enabled: true, admin: { existingSecret: 'x' } } },
        },
        externalSecrets: { values: { concurrent: 10 } },
      },
    };
    expect(invariants.flatMap(({ check }) => check(Tree.of(values), parseSite(values)))).toEqual([]);
    expect(valuesOf(values, 'kyverno').admissionController).toMatchObject({ replicas: 5, podDisruptionBudget: { minAvailable: 1 } });
  });

  test.each<[string, Data, RegExp]>([
    [
      'a key that the chart does not have',
      { longhorn: { values: { persistense: {} } } },
      /site\.charts\.longhorn\.values: the chart has no value "persistense": did you mean "persistence"\?/,
    ],
    [
      'a key inside of another',
      { kyverno: { values: { config: { zz: 1 } } } },
      /site\.charts\.kyverno\.values: the chart has no value "config\.zz": remove it/,
    ],
    [
      'a value that is not data',
      { longhorn: { values: { persistence: { defaultFsType: new Date(0) } } } },
      /persistence\.defaultFsType: .* is not data: write a text/,
    ],
    ['a chart that is not there', { grafana: { values: {} } }, /site\.charts: has no "grafana"/],
    ['values that are a list', { longhorn: { values: [] } }, /site\.charts\.longhorn\.values: \[\] is not an object: write one/],
  ])('%s is refused', (_, charts, message) => {
    expect(said(charts)).toMatch(message);
  });

  test('for a chart that the tree does not install are refused', () => {
    expect(() => parseSite({ ...site, kyverno: { install: false }, charts: { kyverno: { values: {} } } })).toThrow(
      /site\.charts\.kyverno: kyverno\.install is false, so the tree has no such chart/,
    );
  });
});

describe('what the product depends on is not unset unseen', () => {
  test.each<[string, Data, RegExp]>([
    [
      'updateRequestThreshold',
      { kyverno: { values: { config: { updateRequestThreshold: 1000 } } } },
      /they would have no backup: leave it out, the tree has 10000/,
    ],
    [
      'apiCallTimeout',
      { kyverno: { values: { features: { globalContext: { apiCallTimeout: '30s' } } } } },
      /apiCallTimeout: with "30s" the API server would give up/,
    ],
    [
      'forceFailurePolicyIgnore',
      { kyverno: { values: { features: { forceFailurePolicyIgnore: { enabled: true } } } } },
      /whenever Kyverno fails: leave it out/,
    ],
    [
      'matchConditions',
      { kyverno: { values: { config: { matchConditions: [] } } } },
      /config\.matchConditions: with \[\] Kyverno would not be asked/,
    ],
    ['the webhooks', { kyverno: { values: { config: { webhooks: { namespaceSelector: {} } } } } }, /^(?!.*config\.webhooks)/s],
    [
      'a namespace of the webhooks',
      { kyverno: { values: { config: { webhooks: { namespaceSelector: { matchExpressions: [] } } } } } },
      /config\.webhooks: with .* refuse them all/,
    ],
    [
      'no cleanup',
      { kyverno: { values: { cleanupController: { enabled: false } } } },
      /cleanupController\.enabled: with false what a restore leaves behind/,
    ],
    [
      'no replica',
      { kyverno: { values: { admissionController: { replicas: 0 } } } },
      /admissionController\.replicas: with 0 no labelled PVC could be created/,
    ],
    ['another image', { volsync: { values: { kopia: { tag: 'latest' } } } }, /charts\.volsync\.values\.kopia: with .* than volsync\.image says/],
    ['one namespace', { externalSecrets: { values: { scopedNamespace: 'x' } } }, /scopedNamespace: with "x" it would pass over the ExternalSecrets/],
    [
      'no CRDs',
      { snapshotController: { values: { installCRDs: false } } },
      /installCRDs: with false the kinds of snapshots would be missing, and no backup could begin: leave it out, the tree has true/,
    ],
    [
      'no labels',
      { prometheusStack: { values: { 'kube-state-metrics': { metricLabelsAllowlist: [] } } } },
      /metricLabelsAllowlist: with \[\] the alerts would not see/,
    ],
    [
      'Grafana with the known password',
      { prometheusStack: { values: { grafana: { enabled: true } } } },
      /a password that everybody knows; name a Secret/,
    ],
    [
      'other credentials',
      { onepasswordConnect: { values: { connect: { credentialsName: 'x' } } } },
      /credentialsName: with "x" External Secrets would not find/,
    ],
    ['the upgrade job', { longhorn: { values: { preUpgradeChecker: { jobEnabled: true } } } }, /jobEnabled: with true Argo CD would wait for ever/],
  ])('%s', (_, charts, message) => {
    expect(said(charts)).toMatch(message);
  });
});

describe('one, two, three and more nodes', () => {
  const replicas = (nodes: number): Data => {
    const tree = Tree.of({ ...site, nodes });
    const values = (name: string): Data => tree.one('Application', name).spec.sources[0].helm.valuesObject;
    return {
      longhorn: values('longhorn').persistence.defaultClassReplicaCount,
      admission: values('kyverno').admissionController.replicas,
      background: values('kyverno').backgroundController.replicas,
      snapshots: values('snapshot-controller').controller.replicaCount,
      plumber: tree.one('Deployment', 'pvc-plumber').spec.replicas,
    };
  };

  test('have as many replicas as nodes, at most those of three', () => {
    expect(replicas(1)).toEqual({ longhorn: 1, admission: 1, background: 1, snapshots: 1, plumber: 1 });
    expect(replicas(2)).toEqual({ longhorn: 2, admission: 2, background: 2, snapshots: 2, plumber: 2 });
    expect(replicas(3)).toEqual({ longhorn: 3, admission: 3, background: 2, snapshots: 2, plumber: 2 });
    expect(replicas(30)).toEqual(replicas(3));
  });

  test('each can be set by itself', () => {
    const parsed = parseSite({ ...site, nodes: 1, storage: { ...site.storage, replicas: 2 }, plumber: { replicas: 3 } });
    expect([parsed.storage.replicas, parsed.plumber.replicas]).toEqual([2, 3]);
  });
});
