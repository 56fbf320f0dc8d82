import type { Data } from '../../verify/tree';
import { seriesOf } from './cluster';
import { type Fault, faultAt } from './fault';
import { faults } from './faults';
import { describeWithPromtool, hasPromtool, type PromtoolTest, shown, testRules } from './promtool';
import { notTested } from '../support/not-tested';
import { calm } from './quiet-month';
import { groups, rules } from './rules';
import { inputSeries } from './series';

if (!hasPromtool) notTested('the alerts as Prometheus plays them: promtool is not there (apt-get install prometheus)');

const rule = (name: string): Data => rules.find(({ alert }) => alert === name);
const healthy = seriesOf(calm);

/** A fault as promtool plays it: quiet before it, firing when it must, and not yet two minutes before that. */
function played({ alert, when, labels, after, change }: Fault): PromtoolTest {
  const last = faultAt + after + 2;
  // Long faults in larger steps: promtool evaluates every one of them.
  const step = after > 600 ? 4 : 1;
  const fires = { alertname: alert, alertstate: 'firing', ...rule(alert).labels, ...labels };
  const only = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const expr = `ALERTS{alertname="${alert}", alertstate="firing", ${only.join(', ')}}`;
  const at = (minute: number): string => `${Math.ceil(minute / step) * step}m`;
  return {
    name: `${alert}: ${when}`,
    interval: `${step}m`,
    input_series: change(healthy).map((each) => inputSeries(each, step, last + step)),
    promql_expr_test: [
      { expr: 'ALERTS{alertstate="firing"}', eval_time: at(faultAt - 2 * step), exp_samples: [] },
      { expr, eval_time: at(faultAt + after - 2 - 2 * step), exp_samples: [] },
      { expr, eval_time: at(last), exp_samples: [{ labels: shown('ALERTS', fires), value: 1 }] },
    ],
  };
}

test('every alert has a fault that raises it', () => {
  expect([...new Set(faults.map(({ alert }) => alert))].toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
});

test('what fires later than ten minutes after its fault says why', () => {
  expect(faults.filter(({ after, later }) => after > 10 !== (later !== undefined)).map(({ alert, when }) => `${alert}: ${when}`)).toEqual([]);
});

test('a description reads only labels that the alert has, and names its object', () => {
  const wrong = faults.flatMap(({ alert, labels }) => {
    const read = [...rule(alert).annotations.description.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label!);
    return read.filter((label) => !(label in labels)).map((label) => `${alert} has no label ${label}`);
  });
  expect(wrong).toEqual([]);
});

describeWithPromtool(() => {
  test.each(faults)('$alert fires when $when', (fault) => {
    expect(testRules(groups, [played(fault)])).toBe('');
  });

  /** One fault of each alert, for rules that are broken on purpose. */
  const firsts = rules.map(({ alert }) => played(faults.find((fault) => fault.alert === alert)!));
  const broken = (change: (rule: Data) => object): Data[] =>
    groups.map((group) => ({ ...group, rules: group.rules.map((each: Data) => ({ ...each, ...change(each) })) }));
  const named = (complaints: string): string[] =>
    rules.map(({ alert }) => alert).filter((alert) => complaints.includes(`alertname=\\"${alert}\\"`) || complaints.includes(`alertname="${alert}"`));

  test.each<[string, (rule: Data) => object]>([
    ['never fires', () => ({ expr: 'vector(0) > 1' })],
    ['always fires', () => ({ expr: 'vector(1)', for: '1m' })],
    ['does not wait', () => ({ for: '0m' })],
  ])('an alert that %s is noticed, whichever it is', (_, change) => {
    expect(named(testRules(broken(change), firsts))).toEqual(rules.map(({ alert }) => alert));
  });
});
