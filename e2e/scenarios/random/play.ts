import fc from 'fast-check';
import { pvcRef } from '../../harness/pvc';
import { eventually } from '../../harness/waiting';
import { Counts, History } from './history';
import { Faults } from './faults';
import { settles } from './invariant';
import { beginProtected, histories } from './histories';
import type { World } from './world';

export interface PlayOptions {
  /** Seed of the first history; each other one has the next number. */
  readonly seed: number;
  /** How many at most. */
  readonly histories: number;
  /** No history is begun later, in milliseconds since 1970. @default - none is too late */
  readonly until?: number;
  /** How many are played side by side. A fault of the store or of a program meets all of them. */
  readonly sideBySide: number;
}

export interface Played {
  readonly counts: Counts;
  readonly faults: ReadonlyMap<string, number>;
  /** What was broken, with the seed that plays it again. */
  readonly violations: readonly string[];
  readonly firstSeed: number;
  readonly lastSeed: number;
}

/** How long a history that broke something is made shorter, in milliseconds. */
const shrinkMs = 60_000;

/** After so many violations the rest says nothing new. */
const enough = 5;

/** Plays random histories, each with its own seed, PVC and namespace. */
export async function playHistories(world: World, options: PlayOptions): Promise<Played> {
  const [counts, faults, violations] = [new Counts(), new Faults(world), [] as string[]];
  let next = options.seed;
  const worker = async (index: number): Promise<void> => {
    const namespace = await world.cluster.namespace(`random-${index}`);
    while (next < options.seed + options.histories && Date.now() < (options.until ?? Infinity) && violations.length < enough) {
      const seed = next;
      next += 1;
      const broken = await playOne(seed, (name) => new History(namespace, name, world, faults, counts));
      if (broken !== undefined) {
        violations.push(broken);
        console.log(`         ${broken}`);
      }
      counts.histories += 1;
      if (counts.histories % 100 === 0) console.log(`         ${counts.histories} histories, ${counts.allSteps} steps`);
    }
  };
  await Promise.all(Array.from({ length: options.sideBySide }, (_, index) => worker(index)));
  await faults.end();
  return { counts, faults: faults.played, violations, firstSeed: options.seed, lastSeed: next - 1 };
}

/** @returns what was broken, by as short a history as was found */
async function playOne(seed: number, historyOf: (name: string) => History): Promise<string | undefined> {
  let attempt = 0;
  let firstBroken = Infinity;
  let log: readonly string[] = [];
  const property = fc.asyncProperty(histories, async ({ protectedFirst, steps }) => {
    if (Date.now() > firstBroken + shrinkMs) return;
    attempt += 1;
    const history = historyOf(`h${seed}-${attempt}`);
    try {
      if (protectedFirst) await beginProtected(history);
      await fc.asyncModelRun(() => ({ model: history, real: undefined }), steps);
      await settles(history);
    } catch (error) {
      firstBroken = Math.min(firstBroken, Date.now());
      log = history.log;
      throw error;
    } finally {
      await cleanUp(history);
    }
  });
  const { failed, counterexample, errorInstance } = await fc.check(property, { seed, numRuns: 1 });
  if (!failed) return undefined;
  const [found] = counterexample ?? [];
  const begin = found?.protectedFirst === true ? 'a PVC that is backed up, ' : '';
  return `seed ${seed}: ${(errorInstance as Error).message}\n           ${begin}${String(found?.steps)}\n           ${log.join('\n           ')}`;
}

/** Takes everything of a history away, and does not wait for it. */
async function cleanUp(history: History): Promise<void> {
  const { namespace, name, kept, world } = history;
  const { api } = world.cluster;
  await eventually('the API server deletes what a history left', 150, async () => {
    await api.delete(pvcRef(namespace, name));
    const volumes = await api.list('v1', 'PersistentVolume');
    const own = volumes.filter(
      ({ metadata, spec }) => metadata.name === kept || metadata.name.startsWith(`${namespace}-${name}-`) || spec.claimRef?.name === name,
    );
    for (const { metadata } of own) await api.delete({ apiVersion: 'v1', kind: 'PersistentVolume', name: metadata.name });
    return true;
  });
  world.forget(history);
}
