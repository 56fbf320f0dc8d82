import { seriesOf } from './cluster';
import { faultAt, gone } from './fault';
import { describeWithPromtool, testRules } from './promtool';
import { readExpression } from './promql-reader';
import { calm } from './quiet-month';
import { groups, rules } from './rules';
import { inputSeries } from './series';

const metrics = [...new Set(rules.flatMap(({ expr }) => readExpression(expr).selectors.map(({ metric }) => metric)))];

/** Metrics that come and go together: of one collector of kube-state-metrics, or of one exporter. */
const sources: readonly RegExp[] = [
  /^up$/,
  /^volsync_/,
  /^pvc_plumber_/,
  /^kube_namespace_/,
  /^kube_persistentvolumeclaim_labels$/,
  /^kube_persistentvolumeclaim_annotations$/,
  /^kube_persistentvolumeclaim_/,
  /^kube_replicationsource_(created|last_sync_time)$/,
  /^kube_kopiamaintenance_/,
  /^kube_externalsecret_/,
  /^kube_application_/,
  /^kube_mutatingwebhookconfiguration_/,
];

/** Those whose absence is not a fault, and who sees what they would have said. */
const mayBeAbsent: readonly (readonly [source: RegExp, why: string])[] = [
  [/^apiserver_admission_webhook_/, 'a counter of failures that is there after the first; that the API server is not scraped is noticed by `up`'],
  [/^externalsecret_/, 'the objects say the same, in kube_externalsecret_ready'],
  [/^kube_persistentvolume_/, 'there is none in a cluster without volumes; a loose one is refused by the API server, too'],
  [/^kube_replicationsource_paused$/, 'there is none unless somebody paused one'],
  [/^kube_job_/, 'there is none without a Job; a maintenance that does not run is overdue'],
  [/^kube_replicationdestination_/, 'there is none without a restore; a PVC that waits for one says so itself'],
];

test('every metric that an alert reads belongs to a source', () => {
  const all = [...sources, ...mayBeAbsent.map(([source]) => source)];
  expect(metrics.filter((metric) => !all.some((source) => source.test(metric)))).toEqual([]);
  expect(all.filter((source) => !metrics.some((metric) => source.test(metric)))).toEqual([]);
});

describeWithPromtool(() => {
  /** The longest wait of an alert about something that is not there, and a few minutes. */
  const noticedAfter = 40;

  test.each(sources)('an alert fires when nothing gives %s any more', (source) => {
    const end = faultAt + noticedAfter;
    const fires = { expr: 'count(ALERTS{alertstate="firing"}) > bool 0', eval_time: `${end}m`, exp_samples: [{ labels: '{}', value: 1 }] };
    const input_series = gone(source)(seriesOf(calm)).map((each) => inputSeries(each, 1, end + 1));
    expect(testRules(groups, [{ name: String(source), interval: '1m', input_series, promql_expr_test: [fires] }])).toBe('');
  });

  test('a source that a person wrote, and no labelled PVC: nothing is missing', () => {
    const [photos] = calm.volumes;
    const { tier: _, ...unlabelled } = photos!;
    const input_series = seriesOf({ ...calm, volumes: [unlabelled] })
      .filter(({ labels }) => !/^kube_kopiamaintenance_|externalsecret/.test(labels['__name__']!))
      .map((each) => ('repository' in each.labels ? { ...each, labels: { ...each.labels, repository: 'mine' } } : each))
      .map((each) => inputSeries(each, 1, 120));
    const quiet = { expr: 'count_over_time(ALERTS{alertstate="firing"}[2h])', eval_time: '2h', exp_samples: [] };
    expect(testRules(groups, [{ name: 'by hand', interval: '1m', input_series, promql_expr_test: [quiet] }])).toBe('');
  });
});
