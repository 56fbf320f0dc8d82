import { seriesOf } from './cluster';
import { describeWithPromtool, testRules } from './promtool';
import { quietMonth } from './quiet-month';
import { groups } from './rules';
import { inputSeries } from './series';

/** Minutes between two samples, and between two evaluations: two samples still lie in five minutes, which the shortest range needs. */
const step = 4;

describeWithPromtool(() => {
  test.each(quietMonth)('30 days in which nothing is wrong, days $fromDay and following: no alert fires', ({ cluster, minutes }) => {
    const input_series = seriesOf(cluster).map((each) => inputSeries(each, step, minutes));
    const ever = (state: string, exp_samples: []): object => ({
      expr: `count by (alertname) (count_over_time(ALERTS{alertstate="${state}"}[${minutes}m]))`,
      eval_time: `${minutes}m`,
      exp_samples,
    });
    const complaints = testRules(groups, [
      { name: 'quiet', interval: `${step}m`, input_series, promql_expr_test: [ever('firing', []), ever('pending', [])] as never },
    ]);
    // That alerts are pending for a while shows that the month is not empty.
    expect(complaints.match(/alertstate=\\"(\w+)\\"/g)).toEqual(['alertstate=\\"pending\\"']);
    expect(complaints).toContain('BackupMonitoringBlind');
  });
});
