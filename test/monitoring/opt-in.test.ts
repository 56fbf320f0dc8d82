import { type Data, Tree } from '../../verify/tree';
import { variants } from '../support/variants';
import { describeWithPromtool, shown, testRules } from './promtool';

const alert = 'PvcBackupLabelUnknown';
const { groups } = Tree.of(variants['PVCs that are named in place of a label'].values).one('PrometheusRule', 'volsync-alerts').spec as {
  groups: Data[];
};
const rules = groups.map((group) => ({ ...group, rules: group.rules.filter((rule: Data) => rule.alert === alert) }));

const pvc = (namespace: string, name: string, labels: Record<string, string> = {}): { series: string; values: string } => ({
  series: shown('kube_persistentvolumeclaim_labels', { namespace, persistentvolumeclaim: name, ...labels }),
  values: '1x20',
});

describeWithPromtool(() => {
  test('a PVC that the site names and that has no label is told; one with a label, of another name, or of VolSync is not', () => {
    const told = [
      ['media', 'data-db'],
      ['media', 'cache.db'],
      ['media', 'index-0'],
      ['queue', 'anything'],
    ] as const;
    const calm = [
      pvc('media', 'data-labelled', { label_backup: 'daily' }),
      pvc('media', 'scratch'),
      pvc('media', 'my-data-db'),
      pvc('media', 'cachexdb'),
      pvc('app', 'data-db'),
      pvc('queue', 'volsync-data-backup-src', { label_app_kubernetes_io_created_by: 'volsync' }),
    ];
    const firing = told.map(([namespace, persistentvolumeclaim]) => ({
      labels: shown('ALERTS', {
        alertname: alert,
        alertstate: 'firing',
        severity: 'warning',
        part_of: 'zero-touch-pvc',
        namespace,
        persistentvolumeclaim,
      }),
      value: 1,
    }));
    const test = {
      name: alert,
      interval: '1m',
      input_series: [...told.map(([namespace, name]) => pvc(namespace, name)), ...calm],
      promql_expr_test: [
        { expr: 'ALERTS{alertstate="firing"}', eval_time: '4m', exp_samples: [] },
        { expr: 'ALERTS{alertstate="firing"}', eval_time: '7m', exp_samples: firing },
      ],
    };
    expect(testRules(rules, [test])).toBe('');
  });
});

test('the alert says that a name of the site asks for the backup', () => {
  const [rule] = rules.flatMap((group) => group.rules);
  expect(rule.annotations.description).toContain('or none, and optIn in main.ts names it');
});
