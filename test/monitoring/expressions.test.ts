import { seriesOf } from './cluster';
import { faults } from './faults';
import { calm, quietMonth } from './quiet-month';
import { readExpression, type Selector } from './promql-reader';
import { rules } from './rules';
import { type Exposed, exposed, targetLabels } from './exposition';
import { homelab } from '../../examples/homelab/site';
import { type Data, Tree } from '../../verify/tree';

const tree = Tree.of(homelab);
const dashboard: Data = JSON.parse(tree.one('ConfigMap', 'pvc-backups-dashboard').data['pvc-backups.json']);
const fixtures = exposed();

/** Every expression of the tree, with the place where it stands. */
const expressions: { where: string; expr: string }[] = [
  ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
  ...dashboard.panels.flatMap(({ title, targets = [] }: Data) => targets.map(({ expr }: Data) => ({ where: `dashboard: ${title}`, expr }))),
];

/** Metrics of Prometheus itself. */
const ownMetrics: Readonly<Record<string, readonly string[]>> = { up: targetLabels, ALERTS: ['alertname', 'alertstate'] };

/** Which scrape of the tree brings an exporter's metrics: a ServiceMonitor, or what the chart itself scrapes. */
const scrapes: Readonly<Record<string, { readonly monitor: string } | { readonly chart: true }>> = {
  'pvc-plumber': { monitor: 'pvc-plumber' },
  volsync: { monitor: 'volsync' },
  'external-secrets': { monitor: 'external-secrets' },
  'kube-state-metrics': { chart: true },
  'kube-state-metrics-argocd': { chart: true },
  'kube-apiserver': { chart: true },
};

const jobs: Readonly<Record<string, string>> = {
  'pvc-plumber': 'pvc-plumber',
  'volsync-metrics': 'volsync',
  'external-secrets-metrics': 'external-secrets',
  'kyverno-svc-metrics': 'kyverno-admission-controller',
};

function fits({ labels }: Exposed, { matchers }: Selector): boolean {
  return matchers.every(({ label, operator, value }) => {
    const is = labels[label] ?? '';
    const whole = new RegExp(`^(?:${value})$`);
    return { '=': is === value, '!=': is !== value, '=~': whole.test(is), '!~': !whole.test(is) }[operator];
  });
}

function of(metric: string): Exposed[] {
  return fixtures.filter((each) => each.metric === metric);
}

function labelsOf(metric: string): readonly string[] {
  return ownMetrics[metric] ?? [...targetLabels, ...of(metric).flatMap(({ labels }) => Object.keys(labels))];
}

test('every selector finds a series among those that the exporters really gave', () => {
  const lost = expressions.flatMap(({ where, expr }) =>
    readExpression(expr)
      .selectors.filter((selector) => !(selector.metric in ownMetrics) && !of(selector.metric).some((each) => fits(each, selector)))
      .map(
        (selector) =>
          `${where}: nothing is ${selector.metric}{${selector.matchers.map(({ label, operator, value }) => label + operator + value).join(', ')}}`,
      ),
  );
  expect(lost).toEqual([]);
});

test('every label by which series are grouped, matched or shown is one that they have', () => {
  const lost = expressions.flatMap(({ where, expr }) =>
    readExpression(expr).groupings.flatMap(({ labels, selectors, made }) => {
      const had = [...made, ...selectors.flatMap(({ metric }) => labelsOf(metric))];
      return labels.filter((label) => !had.includes(label)).map((label) => `${where}: no series has the label ${label}`);
    }),
  );
  expect(lost).toEqual([]);
});

test('the series that the alerts are tested with have the names and labels of real ones', () => {
  const played = [...seriesOf(calm), ...quietMonth.flatMap(({ cluster }) => seriesOf(cluster))].concat(
    ...faults.map(({ change }) => change(seriesOf(calm))),
  );
  const shapes = new Set(played.map(({ labels: { __name__: name = '', ...labels } }) => [name, ...Object.keys(labels).toSorted()].join(' ')));
  const invented = [...shapes].filter((shape) => {
    const [metric = '', ...labels] = shape.split(' ');
    return (metric !== 'up' && of(metric).length === 0) || labels.some((label) => !labelsOf(metric).includes(label));
  });
  expect(invented).toEqual([]);
});

test('trap 25: every metric comes from an exporter that this tree scrapes', () => {
  const monitors = tree.ofKind('ServiceMonitor').map(({ metadata }) => metadata.name);
  const selectors = expressions.flatMap(({ expr }) => readExpression(expr).selectors);
  const metrics = [...new Set(selectors.map(({ metric }) => metric))].filter((metric) => !(metric in ownMetrics));
  expect(metrics.length).toBeGreaterThan(20);
  const unscraped = metrics.filter((metric) =>
    of(metric).every(({ exporter }) => {
      const scrape = scrapes[exporter];
      return scrape === undefined || ('monitor' in scrape && !monitors.includes(scrape.monitor));
    }),
  );
  expect(unscraped).toEqual([]);
  const named = selectors.flatMap(({ matchers }) => matchers.filter(({ label }) => label === 'job').map(({ value }) => value));
  expect([...new Set(named)].filter((job) => job !== 'apiserver' && !monitors.includes(jobs[job]))).toEqual([]);
});

test('trap 25: kube-state-metrics is told to export each object, label and annotation that is read, and may read the objects', () => {
  const values: Data = tree.one('Application', 'prometheus-stack').spec.sources[0].helm.valuesObject['kube-state-metrics'];
  const resources: Data[] = values.customResourceState.config.spec.resources;
  const configured = resources.flatMap(({ metricNamePrefix, metrics }) => metrics.map(({ name }: Data) => `${metricNamePrefix}_${name}`));
  const selectors = expressions.flatMap(({ expr }) => readExpression(expr).selectors).filter(({ metric }) => metric.startsWith('kube_'));
  const custom = of('')
    .concat(fixtures.filter(({ labels }) => 'customresource_kind' in labels))
    .map(({ metric }) => metric);
  expect(selectors.map(({ metric }) => metric).filter((metric) => custom.includes(metric) && !configured.includes(metric))).toEqual([]);
  const allowed = [...values.metricLabelsAllowlist, ...values.metricAnnotationsAllowList].join(' ').replaceAll(/[^\w[\], ]/g, '_');
  const read = selectors
    .flatMap(({ matchers }) => matchers.map(({ label }) => /^(?:label|annotation)_(.+)/.exec(label)?.[1]))
    .filter((name) => name !== undefined);
  expect(read.filter((name) => !allowed.includes(name))).toEqual([]);
  const rights = values.rbac.extraRules.flatMap(({ apiGroups, resources: plurals }: Data) =>
    plurals.map((plural: string) => `${plural}.${apiGroups[0]}`),
  );
  const needed = resources.map(({ groupVersionKind: { group, kind } }) => `${kind.toLowerCase()}s.${group}`);
  expect(rights.toSorted()).toEqual(needed.toSorted());
});

test('the reader refuses what is not PromQL, and finds what is one level down', () => {
  expect(() => readExpression('sum by (x (y)')).toThrow('no PromQL');
  expect(readExpression('max by (n) (label_replace(a{b!="c"}, "n", "$1", "b", "(.+)")) unless on (n) d')).toEqual({
    selectors: [
      { metric: 'a', matchers: [{ label: 'b', operator: '!=', value: 'c' }] },
      { metric: 'd', matchers: [] },
    ],
    groupings: [
      { labels: ['n'], selectors: [{ metric: 'a', matchers: [{ label: 'b', operator: '!=', value: 'c' }] }], made: ['n'] },
      { labels: ['n'], selectors: [expect.objectContaining({ metric: 'a' }), expect.objectContaining({ metric: 'd' })], made: ['n'] },
    ],
  });
});
