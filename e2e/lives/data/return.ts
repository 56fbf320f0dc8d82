import type { DataLife } from '../../harness/data-life';
import { check } from '../../harness/check';
import { kinds, verdictOf } from '../../harness/pvc';
import { eventually } from '../../harness/waiting';

const gibibyte = 1024 ** 3;
const again = 10;

export const returnLives: readonly DataLife[] = [
  {
    name: `a PVC deleted and created again ${again} times, each time with newer content: always the newest backup`,
    pvcs: again,
    calm: true,
    play: async (stage) => {
      await stage.world.namespace('newer');
      await stage.protect('newer', 'data');
      for (let i = 0; i < again; i += 1) {
        await stage.remove('newer', 'data');
        await stage.admitted('newer', 'data');
        await stage.restored('newer', 'data');
        await stage.backUp('newer', 'data', await stage.write('newer', 'data'));
      }
    },
  },
  {
    name: 'fresh, written, backed up on its schedule, namespace deleted, the same manifests applied: every byte is back',
    pvcs: 1,
    calm: true,
    play: async (stage) => {
      await stage.world.namespace('full');
      const live = await stage.admitted('full', 'data');
      check(verdictOf(live) === 'fresh', `the first verdict is ${verdictOf(live)}`);
      await stage.bound('full', 'data');
      const contents = await stage.write('full', 'data', { files: 10_000, sparse: gibibyte });
      const before = String((await stage.firstRound('full', 'data'))['status'].lastSyncTime);
      const source = { ...kinds.source, namespace: 'full', name: 'data-backup' };
      await stage.world.api.patch(source, { spec: { trigger: { schedule: '* * * * *' } } });
      const last = async (): Promise<string> => String((await stage.world.api.find(source))?.['status']?.lastSyncTime ?? '');
      await eventually('a backup by the schedule', 200, async () => (await last()) > before, 500);
      await stage.remember('full', 'data', contents);
      await stage.world.removeNamespace('full');
      await stage.world.namespace('full');
      const back = await stage.admitted('full', 'data');
      check(verdictOf(back) === 'restore', `the second verdict is ${verdictOf(back)}`);
      await stage.restored('full', 'data');
      return `${contents.lines.length} entries`;
    },
  },
  {
    name: 'two tiers, the same name in two namespaces, a neighbour name, 63 characters, dots: each gets its own data back',
    pvcs: 7,
    calm: true,
    play: async (stage) => {
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
      for (const namespace of ['first', 'second']) await stage.world.namespace(namespace);
      await Promise.all(all.map(([namespace, name, backup]) => stage.protect(namespace, name, { backup })));
      for (const namespace of ['first', 'second']) await stage.world.removeNamespace(namespace);
      for (const namespace of ['first', 'second']) await stage.world.namespace(namespace);
      await Promise.all(all.map(([namespace, name, backup]) => stage.admitted(namespace, name, { backup })));
      await Promise.all(all.map(([namespace, name]) => stage.restored(namespace, name)));
    },
  },
];
