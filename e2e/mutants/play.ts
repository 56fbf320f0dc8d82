import { annotation, backupLabel } from '../../lib/model/naming';
import type { KubeObject } from '../harness/api';
import { folderObjects } from '../harness/tree';
import { now } from '../harness/spoofing';
import { eventually, limitPatience, Loop } from '../harness/waiting';
import { Cluster } from '../harness/cluster';
import { scenarios } from '../scenarios';
import { type Mutant, mutants } from './generate';
import { killedInProcess } from './in-process';
import { killers, killersOfRights } from './killers';
import { whyRedundant } from './redundant';

const patienceSeconds = 15;
/** Kyverno's cron reads seconds where there are seven fields. The tree's own schedule is each minute, longer than a mutant may take. */
const everyThreeSeconds = '*/3 * * * * * *';

/** How mutants end, beside those that a cluster is not asked about. */
const ends = ['shape', 'invariant', 'table', 'case', 'cluster', 'redundant', 'alive'] as const;
type End = (typeof ends)[number];

/**
 * Takes each safety line away in turn, plays first what `npm test` plays, and what that does not notice on a cluster, until a scenario fails.
 * @param words only mutants with one of them in their name; all where there are none
 * @param live asks the cluster about all of them
 * @throws Error where no test noticed
 */
export async function playMutants(words: readonly string[], live: boolean): Promise<string> {
  const counts: Record<End, number> = { shape: 0, invariant: 0, table: 0, case: 0, cluster: 0, redundant: 0, alive: 0 };
  const chosen = mutants().filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const left = chosen.filter((mutant) => {
    const killer = live ? undefined : killedInProcess(mutant.mutated);
    if (killer !== undefined) report(counts, mutant, killer.by, killer.seen);
    return killer === undefined;
  });
  if (left.length > 0) await onCluster((cluster) => playAll(cluster, left, counts));
  const sum = `${chosen.length} mutants: ${ends.map((end) => `${counts[end]} ${said[end]}`).join(', ')}`;
  if (counts.alive > 0) throw new Error(sum);
  return sum;
}

const said: Readonly<Record<End, string>> = {
  shape: 'killed by shapes',
  invariant: 'by invariants',
  table: 'by the decision table',
  case: 'by cases',
  cluster: 'on a cluster',
  redundant: 'redundant',
  alive: 'alive',
};

function report(counts: Record<End, number>, { name }: Mutant, end: End, remark?: string, seconds = 0): void {
  counts[end] += 1;
  console.log(
    `  ${end.padEnd(9)} ${seconds.toFixed(1).padStart(5)} s  ${name}${remark === undefined ? '' : `\n              ${remark.slice(0, 220)}`}`,
  );
}

async function onCluster(work: (cluster: Cluster) => Promise<void>): Promise<void> {
  const cluster = await Cluster.start();
  try {
    await cluster.applyTree();
    for (const each of originals().filter(({ kind }) => kind === 'DeletingPolicy')) await replace(cluster, each);
    await askingForRepairs(cluster, () => work(cluster));
  } finally {
    await cluster.stop();
  }
}

/** Asks for the repair of every PVC every few seconds: the process of the tree takes longer than a mutant may. */
async function askingForRepairs<T>(cluster: Cluster, work: () => Promise<T>): Promise<T> {
  const asking = new Loop('asking for repairs', 3000, async () => {
    for (const { metadata } of await cluster.api.list('v1', 'PersistentVolumeClaim')) {
      if (metadata.labels?.[backupLabel] === undefined || metadata.deletionTimestamp !== undefined || !metadata.namespace?.startsWith('lost'))
        continue;
      const ref = { ...metadata, apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
      await cluster.api.patch(ref, { metadata: { annotations: { [annotation.repairRequestedAt]: now() } } });
    }
  });
  asking.start();
  try {
    return await work();
  } finally {
    await asking.stop();
  }
}

async function playAll(cluster: Cluster, left: readonly Mutant[], counts: Record<End, number>): Promise<void> {
  limitPatience(130);
  await control(cluster, left);
  limitPatience(patienceSeconds);
  const order = (mutant: Mutant): number => Object.keys(killers).indexOf(withoutHash(mutant.mutated));
  for (const [index, mutant] of left.toSorted((a, b) => order(a) - order(b)).entries()) {
    cluster.round = `-m${index}`;
    const begun = Date.now();
    const killer = await killedLive(cluster, mutant);
    const why = whyRedundant(mutant.name);
    const seconds = (Date.now() - begun) / 1000;
    if (killer !== undefined) report(counts, mutant, 'cluster', killer, seconds);
    else report(counts, mutant, why === undefined ? 'alive' : 'redundant', why, seconds);
  }
}

/** The scenarios pass when nothing is taken away; without that a kill means nothing. */
async function control(cluster: Cluster, chosen: readonly Mutant[]): Promise<void> {
  for (const { name, play } of scenariosOf(chosen.flatMap(({ mutated }) => killersOf(mutated)))) {
    cluster.round = '-control';
    await play(cluster).catch((error: unknown) => {
      throw new Error(`without any mutant: ${name}: ${(error as Error).message}`);
    });
  }
}

async function killedLive(cluster: Cluster, { mutated }: Mutant): Promise<string | undefined> {
  const words = killersOf(mutated);
  try {
    try {
      await replace(cluster, mutated);
    } catch (error) {
      return `Kyverno or the API server does not take it: ${(error as Error).message}`;
    }
    for (const { name, play } of scenariosOf(words)) {
      try {
        await play(cluster);
      } catch (error) {
        return `${name}: ${(error as Error).message}`;
      }
    }
    return undefined;
  } finally {
    await restoreTree(cluster, mutated);
  }
}

/** Words of the scenarios that are played against a mutant. */
function killersOf(mutated: KubeObject): readonly string[] {
  const words = mutated.metadata.name.startsWith('kyverno:') ? killersOfRights : killers[withoutHash(mutated)];
  if (words === undefined) throw new Error(`no scenario is played against mutants of ${mutated.metadata.name}: add it to the list of killers`);
  return words;
}

function originals(): KubeObject[] {
  return [...folderObjects('infrastructure/controllers/kyverno'), ...folderObjects('infrastructure/controllers/backstop')];
}

function withoutHash({ metadata: { name } }: KubeObject): string {
  return name.replace(/-[0-9a-f]{8}$/, '');
}

function scenariosOf(words: readonly string[]): typeof scenarios {
  return scenarios.filter(({ name }) => words.some((word) => name.includes(word)));
}

/** Deletes and creates: much of a generating policy can't be changed. */
async function replace(cluster: Cluster, object: KubeObject): Promise<void> {
  const { apiVersion, kind } = object;
  const ref = { apiVersion, kind, name: object.metadata.name };
  await cluster.api.delete(ref);
  await eventually('the object is gone', 10, async () => (await cluster.api.find(ref)) === undefined);
  await cluster.applyAll([kind === 'DeletingPolicy' ? { ...object, spec: { ...object['spec'], schedule: everyThreeSeconds } } : object], 5);
  if (kind === 'ClusterPolicy') await cluster.policiesReady();
  else await new Promise((resolve) => void setTimeout(resolve, 1500));
}

async function restoreTree(cluster: Cluster, { kind, metadata: { name } }: KubeObject): Promise<void> {
  limitPatience(60);
  const original = originals().find((object) => object.kind === kind && object.metadata.name === name);
  if (original !== undefined) await replace(cluster, original);
  // What the scenarios left: the repair's rounds would look at it for ever.
  for (const claim of await cluster.api.list('v1', 'PersistentVolumeClaim')) {
    await cluster.api.patch({ ...claim.metadata, apiVersion: 'v1', kind: 'PersistentVolumeClaim' }, { metadata: { finalizers: null } });
    await cluster.api.delete({ ...claim.metadata, apiVersion: 'v1', kind: 'PersistentVolumeClaim' });
  }
  limitPatience(patienceSeconds);
}
