import pLimit from 'p-limit';
import type { KubeObject, Reply } from '../harness/api';
import { pvcRef } from '../harness/pvc';
import { sleep } from '../harness/waiting';
import type { World } from '../harness/world';
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
export async function makeNamespaces(world: World, plan: readonly Planned[]): Promise<void> {
  await pLimit(10).map(new Set(plan.map(({ namespace }) => namespace)), (name) => world.namespace(name));
}

/** Creates PVCs: {@link atATime}, or all in the same moment. Who is refused tries again. @param done grows as they are admitted */
export async function play(world: World, shape: Shape, plan: readonly Planned[], done: Creation[] = []): Promise<readonly Creation[]> {
  const inFlight = shape === 'burst' ? plan.length : atATime;
  await world.api.connect(inFlight);
  await pLimit(inFlight).map(plan, async (planned) => void done.push(await create(world, planned)));
  return done;
}

/** Creates one PVC, again and again until it is admitted. */
export async function create(world: World, planned: Planned): Promise<Creation> {
  const begun = performance.now();
  const refusals: string[] = [];
  for (;;) {
    const live = await once(world, planned, refusals);
    const ms = performance.now() - begun;
    if (live !== undefined || ms > patienceMs) return { planned, ms, live, refusals };
    await sleep(retryMs);
  }
}

async function once(world: World, { manifest, namespace, name }: Planned, refusals: string[]): Promise<KubeObject | undefined> {
  // A connection breaks when a program behind it is killed.
  const reply: Pick<Reply, 'status' | 'body' | 'message'> = await world.api.create(manifest).catch((error: Error) => {
    return { status: 0, body: undefined as never, message: error.message };
  });
  if (reply.status === 201) return reply.body;
  // An answer was lost: the PVC is there.
  if (refusals.length > 0 && reply.status === 409) return world.api.find(pvcRef(namespace, name));
  refusals.push(`${reply.status} ${reply.message}`);
  return undefined;
}
