import pLimit from 'p-limit';
import type { KubeObject, Reply } from '../harness/api';
import { pvcRef } from '../harness/pvc';
import { sleep } from '../harness/waiting';
import type { Cluster } from '../harness/cluster';
import type { Planned } from './plan';

/** What Argo CD has in flight. */
export const atATime = 20;
/** Who was refused tries again so much later, as Argo CD does at first. */
const retryMs = 5000;
/** And gives up after so long. */
const patienceMs = 300_000;

/** One PVC's way through admission. */
export interface Creation {
  readonly planned: Planned;
  /** From the first try until it was admitted, or given up. */
  readonly ms: number;
  /** Undefined where it was given up. */
  readonly live: KubeObject | undefined;
  /** Answers of tries that failed. */
  readonly refusals: readonly string[];
}

export type Shape = 'closed loop' | 'burst';

/** Makes the namespaces of a plan. */
export async function makeNamespaces(cluster: Cluster, plan: readonly Planned[]): Promise<void> {
  await pLimit(10).map(new Set(plan.map(({ namespace }) => namespace)), (name) => cluster.namespace(name));
}

/** Creates PVCs: {@link atATime}, or all in the same moment. Who is refused tries again. @param done grows as they are admitted */
export async function play(cluster: Cluster, shape: Shape, plan: readonly Planned[], done: Creation[] = []): Promise<readonly Creation[]> {
  const inFlight = shape === 'burst' ? plan.length : atATime;
  await cluster.api.connect(inFlight);
  await pLimit(inFlight).map(plan, async (planned) => void done.push(await create(cluster, planned)));
  return done;
}

/** Creates one PVC, again and again until it is admitted. */
export async function create(cluster: Cluster, planned: Planned): Promise<Creation> {
  const begun = performance.now();
  const refusals: string[] = [];
  for (;;) {
    const live = await once(cluster, planned, refusals);
    const ms = performance.now() - begun;
    if (live !== undefined || ms > patienceMs) return { planned, ms, live, refusals };
    await sleep(retryMs);
  }
}

async function once(cluster: Cluster, { manifest, namespace, name }: Planned, refusals: string[]): Promise<KubeObject | undefined> {
  // A connection breaks when a program behind it is killed.
  const reply: Pick<Reply, 'status' | 'body' | 'message'> = await cluster.api.create(manifest).catch((error: Error) => {
    return { status: 0, body: undefined as never, message: error.message };
  });
  if (reply.status === 201) return reply.body;
  // An answer was lost: the PVC is there.
  if (refusals.length > 0 && reply.status === 409) return cluster.api.find(pvcRef(namespace, name));
  refusals.push(`${reply.status} ${reply.message}`);
  return undefined;
}
