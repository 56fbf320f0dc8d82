import type { DataScenario } from '../../harness/data-scenario';
import { check } from '../../harness/check';
import { kinds, decisionOf } from '../../harness/pvc';
import { eventually } from '../../harness/waiting';

const gibibyte = 1024 ** 3;
const again = 10;

export const returnScenarios: readonly DataScenario[] = [
  {
    name: `a PVC deleted and created again ${again} times, each time with newer content: always the newest backup`,
    pvcs: again,
    parallel: true,
    play: async (context) => {
      await context.cluster.namespace('newer');
      await context.protect('newer', 'data');
      for (let i = 0; i < again; i += 1) {
        await context.remove('newer', 'data');
        await context.admitted('newer', 'data');
        await context.restored('newer', 'data');
        await context.backUp('newer', 'data', await context.write('newer', 'data'));
      }
    },
  },
  {
    name: 'fresh, written, backed up on its schedule, namespace deleted, the same manifests applied: every byte is back',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      await context.cluster.namespace('full');
      const live = await context.admitted('full', 'data');
      check(decisionOf(live) === 'fresh', `the first decision is ${decisionOf(live)}`);
      await context.bound('full', 'data');
      const contents = await context.write('full', 'data', { files: 10_000, sparse: gibibyte });
      const before = String((await context.firstRound('full', 'data'))['status'].lastSyncTime);
      const source = { ...kinds.source, namespace: 'full', name: 'data-backup' };
      await context.cluster.api.patch(source, { spec: { trigger: { schedule: '* * * * *' } } });
      const last = async (): Promise<string> => String((await context.cluster.api.find(source))?.['status']?.lastSyncTime ?? '');
      await eventually('a backup by the schedule', 200, async () => (await last()) > before, 500);
      await context.remember('full', 'data', contents);
      await context.cluster.removeNamespace('full');
      await context.cluster.namespace('full');
      const back = await context.admitted('full', 'data');
      check(decisionOf(back) === 'restore', `the second decision is ${decisionOf(back)}`);
      await context.restored('full', 'data');
      return `${contents.lines.length} entries`;
    },
  },
  {
    name: 'two tiers, the same name in two namespaces, a neighbour name, 63 characters, dots: each gets its own data back',
    pvcs: 7,
    parallel: true,
    play: async (context) => {
      const long = `long-${'x'.repeat(58)}`;
      const all = [
        ['first', 'data', 'hourly'],
        ['first', 'data-2', 'hourly'],
        ['first', 'data.2', 'daily'],
        ['first', 'with.some.dots', 'hourly'],
        ['first', long, 'daily'],
        ['second', 'data', 'daily'],
        ['second', 'data-2', 'hourly'],
      ] as const;
      for (const namespace of ['first', 'second']) await context.cluster.namespace(namespace);
      await Promise.all(all.map(([namespace, name, backup]) => context.protect(namespace, name, { backup })));
      for (const namespace of ['first', 'second']) await context.cluster.removeNamespace(namespace);
      for (const namespace of ['first', 'second']) await context.cluster.namespace(namespace);
      await Promise.all(all.map(([namespace, name, backup]) => context.admitted(namespace, name, { backup })));
      await Promise.all(all.map(([namespace, name]) => context.restored(namespace, name)));
    },
  },
];
