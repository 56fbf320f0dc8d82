import { timeouts } from '../../lib/model/timeouts';
import { check, same } from '../harness/check';
import { scenario, type Scenario } from '../harness/scenario';
import { Metrics } from '../harness/metrics';
import { decisionOf } from '../harness/pvc';
import type { Cluster } from '../harness/cluster';
import { problemsOf, scalingProblems } from '../storms/checks';
import { lostGenerations } from '../storms/lost';
import { recovery } from '../storms/matrix';
import { perNamespace } from '../storms/plan';
import { playStorm, type Result } from '../storms/storm';
import { tableOf } from '../storms/table';

const count = 200;

/** The storms of every run. `npm run e2e:storm` plays the others. */
export const stormScenarios: readonly Scenario[] = [
  scenario(`${count} labelled PVCs at once: all have their resources within two minutes`, burst),
  scenario('storms in which generations are lost: every PVC is complete within two minutes', (cluster) => lostGenerations(cluster, 2)),
  scenario('recoveries of 60, 200 and 400 PVCs, 20 at a time: all have their resources, and twice the PVCs cost twice as much', recoveries),
];

async function burst(cluster: Cluster): Promise<string> {
  const slow = await slowCalls(cluster);
  const questions = await cluster.plumberEndpoint.metric('pvc_plumber_backup_check_total');
  const result = await playStorm(cluster, { name: 'storm', shape: 'burst', pvcs: count, sizes: perNamespace.one });
  check(problemsOf(result).length === 0, problemsOf(result).join('; '));
  same((await slowCalls(cluster)) - slow, 0, 'the number of calls of webhooks above their timeout');
  same(result.live.filter((each) => decisionOf(each) === 'restore').length, count / 2, 'the number of restores');
  const asked = (await cluster.plumberEndpoint.metric('pvc_plumber_backup_check_total')) - questions;
  check(
    asked >= count && asked <= count + result.refusals.length,
    `${asked} questions about ${count} PVCs, of which ${result.refusals.length} were tried again`,
  );
  const { generation, times, drainedMs } = result;
  check((generation.allMs ?? Infinity) <= 120_000, `the last resource came after ${seconds(generation.allMs)} s`);
  check(drainedMs !== undefined, 'UpdateRequests stay');
  return `slowest admission ${seconds(times.max)} s, resources after ${seconds(generation.allMs)} s, UpdateRequests drained after ${seconds(drainedMs)} s`;
}

async function recoveries(cluster: Cluster): Promise<void> {
  const results: Result[] = [];
  for (const pvcs of [60, 200, 400]) results.push(await playStorm(cluster, recovery(pvcs)));
  console.log(`\n${tableOf(results)}\n`);
  const [, half, whole] = results as [Result, Result, Result];
  const problems = [
    ...results.flatMap((result) => problemsOf(result).map((each) => `${result.storm.name}: ${each}`)),
    ...scalingProblems(half, whole),
  ];
  check(problems.length === 0, problems.join('; '));
}

/** Calls of webhooks that took longer than the gate's timeout, by the API server's own metric. */
async function slowCalls(cluster: Cluster): Promise<number> {
  const metrics = await Metrics.ofApiServer(cluster.api);
  const metric = 'apiserver_admission_webhook_admission_duration_seconds';
  const calls = metrics.sum(`${metric}_count`, 'kyverno');
  check(calls > 0, "the API server counts no calls of Kyverno's webhooks: its metric has another name");
  return calls - metrics.sum(`${metric}_bucket`, 'kyverno', `le="${timeouts.webhookSeconds}"`);
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? 'never' : (ms / 1000).toFixed(1);
}
