import { annotation, backupLabel } from '../../lib/model/naming';
import type { KubeObject } from '../harness/api';
import { folderObjects } from '../harness/tree';
import { now } from '../harness/spoofing';
import { eventually, limitPatience, Loop } from '../harness/waiting';
import { Cluster } from '../harness/cluster';
import { scenarios } from '../scenarios';
import { shapeProblems } from '../scenarios/manifest-shapes';
import { killedByTable } from './decision-table';
import { type Mutant, mutants } from './generate';
import { killers, killersOfRights } from './killers';

const patienceSeconds = 15;
/** Kyverno's cron reads seconds where there are seven fields. The tree's own schedule is each minute, longer than a mutant may take. */
const everyThreeSeconds = '*/3 * * * * * *';

/** Lines without which nothing is lost, and why they stand. */
const redundant: readonly (readonly [line: RegExp, why: string])[] = [
  [
    /without rules\.\d+ \{"apiGroups":\[""\],"resources":\["secrets"\]/,
    'the description asks for it; no policy needs it, and a site value takes it away',
  ],
  [/backup-restore: (without )?rules\.1[ .]/, 'with generateName a PVC is refused, whatever the decision'],
  [/backup-restore: rules\.[23]\.context\.4\./, 'words: the decision is another variable'],
  [/backup-generate-\w+: without rules\.\d\.preconditions\.all\.0 .*volumeMode/, 'the gate refuses block volumes'],
  [/backup-repair-\w+: without rules\.4\.preconditions\.all\.1 .*volumeMode/, 'a block volume has no decision to restore'],
  [/backup-follow: without rules\.\d\.preconditions\.all\.0 .*deletionTimestamp/, 'the backups of a PVC that goes are going, too'],
  [/backup-follow: without rules\.\d\.preconditions\.all\.1 .*oldObject/, 'spares Kyverno work: without it every update follows'],
  [/backup-relabel: rules\.0\.context\.9\./, 'words: the decision is another variable'],
  [/restore-retry: .*owner\.kind == 'ReplicationDestination'/, 'a Job of anything else has no destination to look at, and then nothing is deleted'],
  [/DeletingPolicy .*resourceRules\.\d\.operations/, 'the kind demands the field; a clean-up belongs to no operation'],
  [/restore-size: rules\.0\.context\.0\.apiCall\.jmesPath without "status\.readyToUse"/, 'the second rule refuses it'],
  [/restore-size: without rules\.1\.validate\.deny\.conditions\.any\.1/, 'only for a snapshot that gets ready between the two rules'],
  [/without rules\.\d+ \{"apiGroups":\[""\],"resources":\["persistentvolumeclaims"/, 'the chart binds the role `view` too'],
];

/** Takes each safety line away in turn and plays the tests until one fails. @throws Error where no test noticed */
export async function playMutants(words: readonly string[]): Promise<string> {
  const cluster = await Cluster.start();
  try {
    await cluster.applyTree();
    for (const each of originals().filter(({ kind }) => kind === 'DeletingPolicy')) await replace(cluster, each);
    return await askingForRepairs(cluster, () => playAll(cluster, words));
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

async function playAll(cluster: Cluster, words: readonly string[]): Promise<string> {
  const chosen = mutants().filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  limitPatience(130);
  await control(cluster, chosen);
  limitPatience(patienceSeconds);
  const order = (mutant: Mutant): number => Object.keys(killers).indexOf(withoutHash(mutant.mutated));
  const counts = { killed: 0, redundant: 0, alive: 0 };
  for (const [index, mutant] of chosen.toSorted((a, b) => order(a) - order(b)).entries()) {
    cluster.round = `-m${index}`;
    const begun = Date.now();
    const why = redundant.find(([line]) => line.test(mutant.name))?.[1];
    const killer = await killerOf(cluster, mutant);
    const end = killer !== undefined ? 'killed' : why !== undefined ? 'redundant' : 'alive';
    counts[end] += 1;
    const remark = killer !== undefined ? `\n           by ${killer.slice(0, 200)}` : why !== undefined ? `\n           because ${why}` : '';
    console.log(`  ${end.padEnd(6)} ${((Date.now() - begun) / 1000).toFixed(1).padStart(5)} s  ${mutant.name}${remark}`);
  }
  const sum = `${chosen.length} mutants: ${counts.killed} killed, ${counts.redundant} redundant, ${counts.alive} alive`;
  if (counts.alive > 0) throw new Error(sum);
  return sum;
}

async function killerOf(cluster: Cluster, mutant: Mutant): Promise<string | undefined> {
  const [problem] = shapeProblems([mutant.mutated]);
  if (problem !== undefined) return `shape: ${problem}`;
  return killedByTable(mutant.mutated) ?? killedLive(cluster, mutant);
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
