import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTree } from '../../lib';
import { merged, shapeOfSchema, shapeOfValues, type Shape } from '../../scripts/chart-shape';
import { charts } from '../../versions';
import { smallSite } from '../support/small-site';

const repository = join(__dirname, '..', '..');

interface Generated {
  readonly chartVersion: string;
  readonly values: Shape;
}

/** What `npm run charts` generated for a chart. */
function generated(chart: string): Generated {
  // eslint-disable-next-line typescript/no-require-imports -- one of several modules, named by the chart
  return require(`../../imports/charts/${chart}`) as Generated;
}

/** What a value does not have in common with its shape, and the keys in the maps whose keys no shape names. */
function compare(shape: Shape, value: unknown, path: string): { wrong: string[]; open: string[] } {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (shape === 'any') return { wrong: [], open: isMap ? [path] : [] };
  if (shape === 'open')
    return { wrong: isMap ? [] : [`${path} is not a map`], open: isMap ? Object.keys(value).map((key) => `${path} > ${key}`) : [] };
  if (shape === 'list') return { wrong: Array.isArray(value) ? [] : [`${path} is not a list`], open: [] };
  if (typeof shape === 'string') return { wrong: typeof value === shape ? [] : [`${path} is not a ${shape}`], open: [] };
  if (Array.isArray(shape)) return { wrong: shape.includes(value as string) ? [] : [`${path} is not one of ${shape.join(', ')}`], open: [] };
  if (!isMap) return { wrong: [`${path} is not a map`], open: [] };
  const keys = shape as Readonly<Record<string, Shape>>;
  const parts = Object.entries(value).map(([key, child]) =>
    keys[key] === undefined ? { wrong: [`${path} has no ${key}`], open: [] } : compare(keys[key], child, `${path}.${key}`),
  );
  return { wrong: parts.flatMap(({ wrong }) => wrong), open: parts.flatMap(({ open }) => open) };
}

interface Source {
  readonly chart?: string;
  readonly helm?: { readonly valuesObject: Record<string, unknown> };
}

/** The values that the tree hands to each chart. */
const sources = [...buildTree(smallSite, undefined, '/nowhere').render().values()]
  .flatMap(({ objects }) => objects as readonly { kind: string; spec?: { sources?: readonly Source[] } }[])
  .flatMap(({ kind, spec }) => (kind === 'Application' ? (spec?.sources ?? []) : []))
  .flatMap(({ chart, helm }) => (chart === undefined ? [] : [{ chart, values: helm!.valuesObject }]));

test('the types are those of the pinned charts', () => {
  const versions = Object.values(charts).map(({ chart }) => [chart, generated(chart).chartVersion]);
  // When this fails, a version in versions.ts has moved: run `npm run charts -- --from DIR`, then `npm run check`.
  expect(Object.fromEntries(versions)).toEqual(Object.fromEntries(Object.values(charts).map(({ chart, version }) => [chart, version])));
});

test('every value that the tree sets has a key, and the type, that its chart has', () => {
  expect(sources.map(({ chart }) => chart).toSorted()).toEqual(
    Object.values(charts)
      .map(({ chart }) => chart)
      .toSorted(),
  );
  expect(sources.flatMap(({ chart, values }) => compare(generated(chart).values, values, chart).wrong)).toEqual([]);
});

test('keys in maps that a chart passes on as they are: nobody knows a misspelt one, so each is listed here', () => {
  expect(sources.flatMap(({ chart, values }) => compare(generated(chart).values, values, chart).open).toSorted()).toEqual([
    'external-secrets.crds.annotations > argocd.argoproj.io/sync-options',
    // A field of the Alertmanager resource, and of the Prometheus resource where there is a volume; the operator's CRDs know them.
    'kube-prometheus-stack.alertmanager.alertmanagerSpec.alertmanagerConfigMatcherStrategy > type',
    // The configuration of kube-state-metrics; the alerts are tested against the real program with it.
    'kube-prometheus-stack.kube-state-metrics.customResourceState.config > kind',
    'kube-prometheus-stack.kube-state-metrics.customResourceState.config > spec',
    // Flags of Kyverno's controllers, which do not start with one that they do not know.
    'kyverno.admissionController.container.extraArgs > clientRateLimitBurst',
    'kyverno.admissionController.container.extraArgs > clientRateLimitQPS',
    'kyverno.admissionController.container.resources > limits',
    'kyverno.admissionController.container.resources > requests',
    'kyverno.backgroundController.extraArgs > clientRateLimitBurst',
    'kyverno.backgroundController.extraArgs > clientRateLimitQPS',
    // A label selector of Kubernetes.
    'kyverno.backgroundController.resources > limits',
    'kyverno.backgroundController.resources > requests',
    'kyverno.cleanupController.resources > limits',
    'kyverno.cleanupController.resources > requests',
    'kyverno.config.webhooks.namespaceSelector > matchExpressions',
    'kyverno.crds.annotations > argocd.argoproj.io/sync-options',
    // Of the subchart kyverno-api, which is not among the unpacked charts; the e2e run renders it (npm run e2e:argocd).
    'kyverno.kyverno-api > annotations',
    'kyverno.kyverno-api > labels',
  ]);
});

test('a misspelt key, and a value of another type, are noticed in the rendered tree', () => {
  const shape = generated('kyverno').values;
  expect(compare(shape, { config: { preserved: false, updateRequestThreshold: '3' } }, 'kyverno').wrong).toEqual([
    'kyverno.config has no preserved',
    'kyverno.config.updateRequestThreshold is not a number',
  ]);
});

test('misspelt values of charts, and misspelt fields of Kubernetes itself, do not compile', () => {
  const misspelt: readonly (readonly [file: string, right: string, wrong: string])[] = [
    ['kyverno/kyverno.ts', 'excludeKyvernoNamespace:', 'excludeKyvernoNamespaces:'],
    ['monitoring/kube-state.ts', 'metricLabelsAllowlist:', 'metricLabelsAllowList:'],
    ['monitoring/monitoring.ts', 'ruleSelectorNilUsesHelmValues:', 'ruleSelectorNilUseHelmValues:'],
    ['secrets/external-secrets.ts', 'concurrent: 5', 'concurrency: 5'],
    ['secrets/onepassword-connect.ts', 'credentialsName:', 'credentialName:'],
    ['storage/longhorn.ts', 'defaultClassReplicaCount: props.replicas', "defaultClassReplicaCount: '3'"],
    ['storage/snapshot-controller.ts', 'replicaCount:', 'replicas:'],
    ['volsync/volsync.ts', 'disableAuth:', 'disableAuths:'],
  ];
  const services = [
    "import { KubeService } from './gitops/k8s';",
    "new KubeService(undefined as never, 'a', { metadata: { name: 'a' }, spec: { clusterIP: 'None' } });",
    "new KubeService(undefined as never, 'b', { metadata: { name: 'b' }, spec: { clusterIp: 'None' } });",
    "new KubeService(undefined as never, 'c', { metadata: { name: 'c' }, spec: { clusterIP: 'None' }, kind: 'Pod' });",
  ].join('\n');
  const root = join(repository, '.cache', `chart-values-${process.pid}`);
  try {
    mkdirSync(root, { recursive: true });
    cpSync(join(repository, 'lib'), join(root, 'lib'), { recursive: true });
    for (const name of ['imports', 'pvc-plumber', 'versions.ts']) symlinkSync(join(repository, name), join(root, name));
    writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ extends: join(repository, 'tsconfig.json'), include: ['lib'], exclude: [] }));
    for (const [file, right, wrong] of misspelt) {
      const text = readFileSync(join(root, 'lib', file), 'utf8');
      expect({ file, times: text.split(right).length - 1 }).toEqual({ file, times: 1 });
      writeFileSync(join(root, 'lib', file), text.replace(right, wrong));
    }
    writeFileSync(join(root, 'lib', 'services.ts'), services);
    const { stdout } = spawnSync(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', root], {
      cwd: root,
      encoding: 'utf8',
    });
    const errors = [...stdout.matchAll(/^lib\/([^(]+)\((\d+),.*error TS/gm)].map(([, file, line]) =>
      file === 'services.ts' ? `${file} ${line}` : file,
    );
    expect(errors.toSorted()).toEqual([...misspelt.map(([file]) => file), 'services.ts 3', 'services.ts 4'].toSorted());
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

describe('how a shape is read', () => {
  test('from values.yaml', () => {
    const values = {
      replicas: 1,
      on: true,
      name: '',
      tag: null,
      args: [],
      extraArgs: {},
      resources: { limits: { cpu: 1 } },
      image: { tag: 'x', pull: null },
    };
    expect(shapeOfValues(values)).toEqual({
      replicas: 'number',
      on: 'boolean',
      name: 'string',
      tag: 'any',
      args: 'list',
      extraArgs: 'open',
      resources: 'open',
      image: { tag: 'string', pull: 'any' },
    });
  });

  test('from values.schema.json, which adds keys and says more where values.yaml has nothing', () => {
    const schema = {
      type: 'object',
      properties: {
        method: { type: 'string', enum: ['connect', 'service-account'] },
        users: { type: ['boolean', 'null'] },
        count: { type: 'integer' },
        args: { type: 'object' },
        both: { type: ['string', 'integer'] },
      },
    };
    expect(merged(shapeOfValues({ method: 'connect', users: null, other: 'x', args: {} }), shapeOfSchema(schema))).toEqual({
      method: ['connect', 'service-account'],
      users: 'boolean',
      other: 'string',
      args: 'open',
      count: 'number',
      both: 'any',
    });
  });
});
