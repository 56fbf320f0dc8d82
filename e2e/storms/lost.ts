import { numbers } from '../harness/random';
import type { KubeObject } from '../harness/api';
import type { Cluster } from '../harness/cluster';
import { playFaults } from './faults';
import { GenerationWatch } from './generated';
import { type Creation, makeNamespaces, play } from './load';
import { labelled, perNamespace } from './plan';

/** `E2E_STORMS` plays more or fewer, `E2E_SEED` others. */
const seed = Number(process.env['E2E_SEED'] ?? 136_911);
const pvcs = 60;
/** A PVC is complete so long after the last fault. */
const limitMs = 120_000;

/** Name of the scenario on demand. */
export const stormsWithLosses = 'storms in which generations are lost: every PVC is complete within two minutes';

/** Plays storms in which Kyverno dies, the API server is slow and UpdateRequests are deleted. @throws Error with what is missing after two minutes */
export async function lostGenerations(cluster: Cluster, storms = Number(process.env['E2E_STORMS'] ?? 20)): Promise<string> {
  const random = numbers(seed);
  const problems: string[] = [];
  let slowest = 0;
  for (let number = 1; number <= storms; number += 1) {
    const { remark, ms, missing } = await one(cluster, `lost-${number}`, random);
    slowest = Math.max(slowest, ms);
    const end = missing.length === 0 ? `complete after ${(ms / 1000).toFixed(0)} s` : `${missing.length} missing: ${missing.slice(0, 5).join(', ')}`;
    console.log(`         storm ${number} of ${storms}: ${remark}; ${end}`);
    if (missing.length > 0) problems.push(`storm ${number}: ${end}`);
  }
  if (problems.length > 0)
    throw new Error(`seed ${seed}: after ${problems.length} of ${storms} storms PVCs are not complete; ${problems.join('; ')}`);
  return `seed ${seed}, at most ${(slowest / 1000).toFixed(0)} s after the last fault`;
}

interface Outcome {
  readonly remark: string;
  /** From the last fault, or the last admission, to the last resource. */
  readonly ms: number;
  readonly missing: readonly string[];
}

async function one(cluster: Cluster, prefix: string, random: () => number): Promise<Outcome> {
  const plan = labelled(prefix, pvcs, perNamespace.recovery);
  await makeNamespaces(cluster, plan);
  for (const { namespace, name, hasBackup } of plan) if (hasBackup) cluster.plumberEndpoint.putBackup(namespace, name);
  const watch = new GenerationWatch(cluster);
  const creations: Creation[] = [];
  const load = play(cluster, 'closed loop', plan, creations);
  const [remark] = await Promise.all([playFaults(cluster, random, 3000, load), load]);
  const admitted = (): KubeObject[] => creations.flatMap(({ live }) => live ?? []);
  const begun = performance.now();
  const { missing } = await watch.until(admitted, begun, Promise.resolve(), limitMs);
  await watch.stop();
  const never = creations.filter(({ live }) => live === undefined).map(({ planned }) => `${planned.namespace}/${planned.name} was never admitted`);
  return { remark, ms: performance.now() - begun, missing: [...never, ...missing] };
}
