import { Metrics } from '../../e2e/harness/metrics';
import { problemsOf, scalingProblems } from '../../e2e/storms/checks';
import { recovery, storms } from '../../e2e/storms/matrix';
import { bytesIn, cpuOf } from '../../e2e/storms/meter';
import { labelled, perNamespace, unlabelled } from '../../e2e/storms/plan';
import type { Result } from '../../e2e/storms/storm';
import { comparisonOf, tableOf } from '../../e2e/storms/table';
import { timesOf } from '../../e2e/storms/times';

const mebibyte = 2 ** 20;

/** A storm without fault. */
function result(pvcs: number, changes: Partial<Result> = {}): Result {
  const ms = pvcs * 50;
  return {
    storm: recovery(pvcs),
    labelled: pvcs,
    times: { number: pvcs, p50: 100, p99: 200, max: 300 },
    admittedMs: ms,
    refusals: [],
    never: 0,
    generation: { wanted: pvcs * 3, mostMs: ms, allMs: ms * 2, missing: [] },
    drainedMs: ms * 3,
    usage: new Map([['kube-apiserver', { peakBytes: (1000 + pvcs) * mebibyte, ownBytes: 900 * mebibyte, cpuSeconds: 3 }]]),
    limits: new Map(),
    counts: { updateRequests: pvcs, listsOfUpdateRequests: 0, listsOfPvcs: 0, requests: 0, webhookCalls: 0, passedOver: 0 },
    deaths: '',
    lost: [],
    baselines: { unlabelled: { number: 1, p50: 1, p99: 1, max: 1 }, noop: { number: 1, p50: 50, p99: 100, max: 100 } },
    beside: undefined,
    live: [],
    ...changes,
  };
}

describe('the plan of a storm', () => {
  test('a recovery has one to four PVCs a namespace, and every second one has a backup', () => {
    const plan = labelled('x', 60, perNamespace.recovery);
    const sizes = [...new Set(plan.map(({ namespace }) => namespace))].map((each) => plan.filter(({ namespace }) => namespace === each).length);
    expect([plan.length, Math.min(...sizes), Math.max(...sizes)]).toEqual([60, 1, 4]);
    expect(plan.filter(({ hasBackup }) => hasBackup)).toHaveLength(30);
    expect(new Set(plan.map(({ namespace, name }) => `${namespace}/${name}`)).size).toBe(60);
    expect(plan.every(({ manifest }) => ['hourly', 'daily'].includes(manifest.metadata.labels?.['backup'] ?? ''))).toBe(true);
  });

  test('the burst covers 100 namespaces, and one storm has a single one', () => {
    const namespaces = (name: string): number => {
      const { pvcs, sizes } = storms.find((storm) => storm.name === name)!;
      return new Set(labelled('x', pvcs, sizes).map(({ namespace }) => namespace)).size;
    };
    expect([namespaces('burst of 200'), namespaces('400 in one namespace')]).toEqual([100, 1]);
  });

  test('PVCs beside it have no label of a tier', () => {
    expect(unlabelled('x', 2, [1], { other: 'true' }).map(({ manifest }) => manifest.metadata.labels)).toEqual([
      { other: 'true' },
      { other: 'true' },
    ]);
  });
});

describe('what is measured', () => {
  test('percentiles are values that were seen', () => {
    const all = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(timesOf(all)).toEqual({ number: 200, p50: 100, p99: 198, max: 200 });
    expect(timesOf([7])).toEqual({ number: 1, p50: 7, p99: 7, max: 7 });
  });

  test('series are summed by name and labels, not by the start of a name', () => {
    const metrics = new Metrics('a_total{verb="LIST",resource="x"} 2\na_total{verb="GET",resource="x"} 3\na_total_more{verb="LIST"} 50\nb 4');
    expect([metrics.sum('a_total'), metrics.sum('a_total', 'verb="LIST"'), metrics.sum('b'), metrics.sum('c')]).toEqual([5, 2, 4, 0]);
  });

  test('memory and processor time come from the kernel', () => {
    expect(bytesIn('Name:\tetcd\nVmHWM:\t    2048 kB\nVmRSS:\t 1024 kB\n', 'VmHWM')).toBe(2 * mebibyte);
    expect(cpuOf('12 (a b) c) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0')).toBe(2);
  });
});

describe('what is wrong about a storm', () => {
  test('nothing, where all were admitted and all was generated', () => expect(problemsOf(result(200))).toEqual([]));

  test.each<[string, Partial<Result>, RegExp]>([
    ['a refusal', { refusals: ['503 later'] }, /1 creations were refused, the first: 503 later/],
    ['a PVC that was given up', { never: 1 }, /1 PVCs were never admitted/],
    [
      'a resource that is missing',
      { generation: { wanted: 600, mostMs: 1, allMs: undefined, missing: ['ExternalSecret of a/b'] } },
      /1 of 600 .*missing.*ExternalSecret of a\/b/,
    ],
    ['a call that was passed over', { counts: { ...result(1).counts, passedOver: 2 } }, /2 calls .* passed over/],
    ['a program that died', { deaths: 'etcd ended by itself' }, /etcd ended by itself/],
    ['a lease that changed hands', { lost: ['kyverno of b, change 2'] }, /leases changed hands: kyverno of b/],
    ['a program above its limit', { limits: new Map([['kube-apiserver', 1100 * mebibyte]]) }, /kube-apiserver took 1200 MiB, its limit is 1100/],
  ])('%s', (_, changes, words) => expect(problemsOf(result(200, changes)).join()).toMatch(words));

  test('a straight line is none', () => expect(scalingProblems(result(200), result(400))).toEqual([]));

  test.each<[string, Partial<Result>, RegExp]>([
    ['admissions', { admittedMs: 24_000 }, /time until all were admitted: .* 2.40 times/],
    ['generation', { generation: { wanted: 1, mostMs: 1, allMs: undefined, missing: [] } }, /time until all was generated: .* Infinity times/],
    [
      'memory',
      { usage: new Map([['kube-apiserver', { peakBytes: 4000 * mebibyte, ownBytes: 0, cpuSeconds: 0 }]]) },
      /memory of kube-apiserver: .* 3.33 times/,
    ],
  ])('%s that grow faster are', (_, changes, words) => expect(scalingProblems(result(200), result(400, changes)).join()).toMatch(words));

  test('where the smaller storm was never complete there is nothing to compare', () => {
    const generation = { wanted: 1, mostMs: undefined, allMs: undefined, missing: ['x'] };
    expect(scalingProblems(result(200, { generation }), result(400)).join()).toMatch(/time until all was generated/);
  });
});

describe('the table', () => {
  test('has a column for each storm, and no row without a value', () => {
    const table = tableOf([result(60), result(200)]);
    expect(table).toMatch(/\| +\| closed loop of 60 \| closed loop of 200 \|/);
    expect(table).toMatch(/\| all admitted, s +\| +3.0 \| +10.0 \|/);
    expect(table).toMatch(/p99 : p99 of the policy that does nothing +\| +2.0 \| +2.0 \|/);
    expect(table).not.toMatch(/beside the storm/);
  });

  test('side by side it says how many times more the other tree costs', () => {
    expect(comparisonOf(result(200, { admittedMs: 40_000 }), result(200))).toMatch(/\| all admitted, s +\| +40.0 \| +10.0 \| +4.00 \|/);
  });
});
