import type { KubeObject } from '../harness/api';
import { deathsSince } from '../harness/daemon';
import { eventually } from '../harness/waiting';
import type { Cluster } from '../harness/cluster';
import { type Baselines, baselines } from './baseline';
import { Beside, type BesideTimes } from './beside';
import { type Counts, countsOf, since } from './counts';
import { type Generation, GenerationWatch } from './generated';
import { leases } from './leases';
import { memoryLimits } from './limits';
import { type Creation, makeNamespaces, play, type Shape } from './load';
import { Meter, type Usage } from './meter';
import { labelled, type Planned } from './plan';
import { type Times, timesOf } from './times';

/** How long the last generated resource may take after the last admission. */
const patienceMs = 300_000;

export interface Storm {
  readonly name: string;
  readonly shape: Shape;
  /** Labelled PVCs of one wave. */
  readonly pvcs: number;
  /** How many PVCs the namespaces have, in turn. */
  readonly sizes: readonly number[];
  /** How many waves follow one another, each as soon as the one before is admitted. @default 1 */
  readonly waves?: number;
}

export interface StormOptions {
  /** Plays {@link Baselines} first, and others beside the storm. @default false */
  readonly compared?: boolean;
  /** Makes the backups that a plan wants. @default - in the S3 server of the tests */
  readonly backUp?: (plan: readonly Planned[]) => Promise<void>;
}

/** What a storm was like. */
export interface Result {
  readonly storm: Storm;
  /** All labelled PVCs that were created meanwhile. */
  readonly labelled: number;
  readonly times: Times;
  readonly admittedMs: number;
  readonly refusals: readonly string[];
  /** PVCs that were given up. */
  readonly never: number;
  readonly generation: Generation;
  readonly drainedMs: number | undefined;
  readonly usage: ReadonlyMap<string, Usage>;
  readonly limits: ReadonlyMap<string, number>;
  readonly counts: Counts;
  readonly deaths: string;
  /** Leases of Kyverno that changed hands. */
  readonly lost: readonly string[];
  readonly baselines: Baselines | undefined;
  readonly beside: BesideTimes | undefined;
  readonly live: readonly KubeObject[];
}

/** Plays a storm and measures it. Nothing is judged here: {@link problemsOf} does. */
export async function playStorm(cluster: Cluster, storm: Storm, options: StormOptions = {}): Promise<Result> {
  const { shape, pvcs, sizes, waves = 1 } = storm;
  const prefix = storm.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const plans = Array.from({ length: waves }, (_, wave) => labelled(`${prefix}-w${wave}`, pvcs, sizes));
  await makeNamespaces(cluster, plans.flat());
  await (options.backUp ?? inTestServer(cluster))(plans.flat());
  const compared = options.compared === true ? await baselines(cluster, prefix, shape, pvcs, sizes) : undefined;
  await quiet(cluster);
  const watch = new GenerationWatch(cluster);
  const meter = new Meter();
  const [left, holders, counts, started] = [await updateRequests(cluster), await leases(cluster), await countsOf(cluster.api), Date.now()];
  const beside = options.compared === true ? await Beside.start(cluster, prefix) : undefined;
  meter.start();
  const begun = performance.now();
  const creations: Creation[] = [];
  const load = (async () => {
    for (const plan of plans) await play(cluster, shape, plan, creations);
    return performance.now() - begun;
  })();
  const admitted = (): KubeObject[] => creations.flatMap(({ live }) => live ?? []);
  const generating = watch.until(admitted, begun, load, patienceMs);
  const admittedMs = await load;
  const besides = await beside?.stop();
  const generation = await generating;
  const drainedMs = await drained(cluster, left, begun);
  const usage = await meter.stop();
  await watch.stop();
  const others = besides?.creations ?? [];
  return {
    storm,
    labelled: [...creations, ...others].filter(({ planned }) => planned.manifest.metadata.labels?.['backup'] !== undefined).length,
    times: timesOf(creations.map(({ ms }) => ms)),
    admittedMs,
    refusals: [...creations, ...others].flatMap((each) => each.refusals),
    never: [...creations, ...others].filter(({ live }) => live === undefined).length,
    generation,
    drainedMs,
    usage,
    limits: memoryLimits(),
    counts: since(counts, await countsOf(cluster.api)),
    deaths: deathsSince(started),
    lost: (await leases(cluster)).filter((each) => !holders.includes(each)),
    baselines: compared,
    beside: besides,
    live: admitted(),
  };
}

function inTestServer({ plumberEndpoint }: Cluster): (plan: readonly Planned[]) => Promise<void> {
  return async (plan) => plan.filter(({ hasBackup }) => hasBackup).forEach(({ namespace, name }) => plumberEndpoint.putBackup(namespace, name));
}

/** What came before has nothing left to do. A request that Kyverno wrote while it was killed never gets a state, and nobody takes it up. */
async function quiet(cluster: Cluster): Promise<void> {
  await eventually(
    'no UpdateRequest is pending',
    120,
    async () => (await cluster.api.list('kyverno.io/v2', 'UpdateRequest', 'kyverno')).every(({ status }) => status?.state !== 'Pending'),
    500,
  );
}

/** Waits until a storm's UpdateRequests are gone. @returns how long it took; undefined where they stay */
async function drained(cluster: Cluster, before: number, begun: number): Promise<number | undefined> {
  return eventually('UpdateRequests are gone', 60, async () => (await updateRequests(cluster)) <= before, 1000).then(
    () => performance.now() - begun,
    () => undefined,
  );
}

/** Their number, without listing them all: that is what they are feared for. */
async function updateRequests({ api }: Cluster): Promise<number> {
  const { body } = await api.request('GET', '/apis/kyverno.io/v2/namespaces/kyverno/updaterequests?limit=1');
  return (body['items'] as unknown[]).length + Number((body.metadata as { remainingItemCount?: number }).remainingItemCount ?? 0);
}
