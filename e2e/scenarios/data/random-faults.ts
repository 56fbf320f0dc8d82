/** Restores with a fault at a random moment, the same in each run; `E2E_RESTORES` plays more, `E2E_SEED` others, `E2E_FAULT` only faults with that word. */
import type { DataScenario } from '../../harness/data-scenario';
import { numbers } from '../../harness/random';
import type { TestContext } from '../../harness/test-context';
import { eventually, sleep } from '../../harness/waiting';

const restores = Number(process.env['E2E_RESTORES'] ?? 8);
const seed = Number(process.env['E2E_SEED'] ?? 136_911);
/** So many at a time: a fault of the store or of a program meets all of them. */
const atOnce = 4;
/** A restore is complete by itself so long after the end of its fault. */
const limitSeconds = 300;

type Act = (context: TestContext, namespace: string) => Promise<void>;

async function deleteAll(context: TestContext, namespace: string, apiVersion: string, kind: string): Promise<void> {
  for (const { metadata } of await context.cluster.api.list(apiVersion, kind, namespace)) {
    if (!metadata.name.startsWith('volsync-dst-')) continue;
    const path = kind === 'Job' ? `/apis/batch/v1/namespaces/${namespace}/jobs` : `/api/v1/namespaces/${namespace}/pods`;
    await context.cluster.api.request('DELETE', `${path}/${metadata.name}?propagationPolicy=Background`);
  }
}

const faults: Readonly<Record<string, Act>> = {
  'store away': async ({ store }) => {
    await store.disturb('down');
    await sleep(8000);
    await store.disturb('none');
  },
  'store slow': async ({ store }) => {
    await store.disturb({ delayMs: 400 });
    await sleep(8000);
    await store.disturb('none');
  },
  'store breaks off': async ({ store }) => {
    await store.disturb({ cutAfterBytes: 20_000 });
    await sleep(8000);
    await store.disturb('none');
  },
  'Pod deleted': (context, namespace) => deleteAll(context, namespace, 'v1', 'Pod'),
  'Job deleted': (context, namespace) => deleteAll(context, namespace, 'batch/v1', 'Job'),
  'VolSync restarted': ({ cluster }) => cluster.node.operators.restartVolSync(),
  'API server restarted': ({ cluster }) => cluster.plane.restartApiServer(),
  'a snapshot takes 5 s': ({ cluster }, namespace) => Promise.resolve(cluster.node.volumes.cutSo(namespace, { seconds: 5, holds: 'end' })),
  'a snapshot takes 30 s, and the Job is deleted meanwhile': async (context, namespace) => {
    context.cluster.node.volumes.cutSo(namespace, { seconds: 30, holds: 'end' });
    await eventually(`a snapshot is being cut in ${namespace}`, 120, async () =>
      (await context.cluster.api.list('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', namespace)).some(({ metadata }) =>
        metadata.name.includes('-dest-'),
      ),
    );
    await deleteAll(context, namespace, 'batch/v1', 'Job');
  },
};

const names = Array.from({ length: atOnce }, (_, i) => `random-${i}`);

export const randomFaultScenarios: readonly DataScenario[] = [
  {
    name: `${restores} restores with a fault at a random moment: none is bound with anything but its newest complete backup, all complete by themselves`,
    pvcs: restores,
    prepare: async (context) => {
      await Promise.all(names.map((namespace) => context.lost(namespace)));
    },
    play: async (context) => {
      const random = numbers(seed);
      const kindsOfFaults = Object.entries(faults).filter(([name]) => name.includes(process.env['E2E_FAULT'] ?? ''));
      const played = new Map<string, number>();
      let slowest = 0;
      for (let done = 0; done < restores; done += atOnce) {
        const [what, act] = kindsOfFaults[Math.floor(random() * kindsOfFaults.length)]!;
        const moments = names.map(() => random() * 8000);
        const round = names.slice(0, restores - done);
        await Promise.all(round.map((namespace) => context.admitted(namespace, 'data')));
        // A fault of everything happens once, the others in each namespace at a moment of its own.
        const global = /^(store|VolSync|API)/.test(what);
        const acts = global
          ? [sleep(moments[0]!).then(() => act(context, ''))]
          : round.map((namespace, i) => sleep(moments[i]!).then(() => act(context, namespace)));
        await Promise.all(acts);
        const ended = Date.now();
        await Promise.all(
          round.map((namespace) =>
            context.restored(namespace, 'data', limitSeconds).catch((error: Error) => {
              throw new Error(`seed ${seed}, ${what}: ${error.message}`);
            }),
          ),
        );
        slowest = Math.max(slowest, (Date.now() - ended) / 1000);
        played.set(what, (played.get(what) ?? 0) + round.length);
        for (const namespace of round) context.cluster.node.volumes.cutSo(namespace, { seconds: 0, holds: 'end' });
        await Promise.all(round.map((namespace) => context.lose(namespace, 'data')));
      }
      const list = [...played].map(([what, count]) => `${what} ${count}`).join(', ');
      return `seed ${seed}; ${list}; at most ${slowest.toFixed(0)} s after the fault`;
    },
  },
];
