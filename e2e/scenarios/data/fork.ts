/** What the pinned fork does by itself, and what must not come of it: its runs. What volumes hold is in `fork-contents.ts`. */
import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '../../harness/api';
import { check, same } from '../../harness/check';
import { type Contents, difference, read } from '../../harness/data';
import type { DataScenario } from '../../harness/data-scenario';
import type { Moment } from '../../harness/mover';
import type { Run } from '../../harness/pod';
import { kinds, decisionOf } from '../../harness/pvc';
import { policiesOf } from '../../harness/site';
import type { TestContext } from '../../harness/test-context';
import { eventually, within } from '../../harness/waiting';

/** The runs of restores in a namespace that have ended. */
function restores(context: TestContext, namespace: string): Run[] {
  return context.cluster.node.kubelet.runsIn(namespace).filter(({ pod }) => pod.startsWith('volsync-dst-'));
}

/** The node of the first mover of a kind in a namespace is shut down when the mover is connected. @returns resolves when it was told so */
function shutDown(context: TestContext, namespace: string, prefix: string, when: Moment): Promise<void> {
  const { kubelet } = context.cluster.node;
  return new Promise((resolve) => {
    const end = kubelet.stepIn((pod, moment) => {
      if (moment !== when || pod.metadata.namespace !== namespace || !pod.metadata.name.startsWith(prefix)) return Promise.resolve();
      end();
      // Its first process is told, and goes on: what it waits for is held here.
      void kubelet.terminate(pod);
      resolve();
      return Promise.resolve();
    });
  });
}

/** Contents without modes, which a group's volume changes. */
function withoutModes({ lines, bytes }: Contents): Contents {
  return { lines: lines.map((line) => line.replace(/ [0-7]{3,4}( \d+ [0-9a-f]{64})?$/, '$1')), bytes };
}

/** A file that was backed up becomes one that nobody but its owner may read. */
function lockAway(folder: string): void {
  chownSync(join(folder, 'database.bin'), 999, 999);
  chmodSync(join(folder, 'database.bin'), 0o600);
}

export const forkScenarios: readonly DataScenario[] = [
  {
    name: 'a restore runs once, and what it restored is what is bound, also where the storage takes 5 s to cut a snapshot',
    pvcs: 2,
    parallel: true,
    play: async (context) => {
      for (const namespace of ['once', 'once-slow']) await context.lost(namespace);
      context.cluster.node.volumes.cutSo('once-slow', { seconds: 5, holds: 'end' });
      await Promise.all(
        ['once', 'once-slow'].map(async (namespace) => {
          await context.admitted(namespace, 'data');
          await context.restored(namespace, 'data');
          same(
            restores(context, namespace).map(({ exitCode }) => exitCode),
            [0],
            `the exit codes of the restores in ${namespace}`,
          );
        }),
      );
    },
  },
  {
    name: 'the node of a backup is shut down in the middle of it: it does not count as made, and another follows',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      await context.cluster.namespace('term-backup');
      await context.protect('term-backup', 'data');
      const contents = await context.write('term-backup', 'data');
      const told = shutDown(context, 'term-backup', 'volsync-src-', 'connected');
      await Promise.all([within('a backup that is connected', 120, told), context.backUp('term-backup', 'data', contents)]);
      await context.lose('term-backup', 'data');
      await context.admitted('term-backup', 'data');
      await context.restored('term-backup', 'data');
    },
  },
  {
    name: 'the node of a restore is shut down in the middle of it: it completes by itself',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      await context.lost('term-restore');
      const told = shutDown(context, 'term-restore', 'volsync-dst-', 'connected');
      await context.admitted('term-restore', 'data');
      await within('a restore that is connected', 120, told);
      await context.restored('term-restore', 'data', 150);
    },
  },
  {
    name: 'a file can not be read when a later backup is made: it comes back all the same, from the last whole backup',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      // There the movers have the same ids in every release of the tree.
      const namespace = await context.cluster.namespace('unread', { 'pod-security.kubernetes.io/enforce': 'restricted' });
      await context.protect(namespace, 'data', { files: 3 });
      const good = context.backupOf(namespace, 'data');
      await context.change(namespace, 'data', lockAway);
      const source = { ...kinds.source, namespace, name: 'data-backup' };
      const before = context.cluster.node.kubelet.runsIn(namespace).length;
      await context.cluster.api.patch(source, { spec: { trigger: { manual: 'now' } } });
      const outcome = await eventually('a backup that failed, or was made', 120, () => {
        const run = context.cluster.node.kubelet.runsIn(namespace)[before];
        return Promise.resolve(run !== undefined && { failed: run.exitCode !== 0 });
      });
      await context.lose(namespace, 'data');
      const live = await context.admitted(namespace, 'data');
      same(decisionOf(live), 'restore', 'the decision');
      await context.bound(namespace, 'data');
      const is = read(await context.cluster.node.volumes.folderOf(namespace, 'data'));
      const problem = difference(withoutModes(is), withoutModes(good));
      check(problem === undefined, `not the last whole backup: ${problem}`);
      context.compared += is.bytes;
      // Its modes are those that the group of the mover gave it: the new cluster compares modes.
      context.environment.backups.delete(`${namespace}/data`);
      return outcome.failed ? 'the backup failed' : 'the backup could read it';
    },
  },
  {
    name: 'a volume with more data than the cache of a mover may hold comes back',
    pvcs: 1,
    prepare: async (context) => {
      await context.cluster.namespace('cache');
      await context.protect('cache', 'data', { bulk: 200_000_000 });
      await context.lose('cache', 'data');
    },
    play: async (context) => {
      const undo = await smallCaches(context, '64Mi');
      try {
        // So that the restore takes some seconds, in which the kubelet looks at its folders.
        await context.store.disturb({ delayMs: 20 });
        await context.admitted('cache', 'data');
        await context.restored('cache', 'data', 240);
      } finally {
        await context.store.disturb('none');
        await undo();
      }
      same(restores(context, 'cache').filter(({ evicted }) => evicted).length, 0, 'the number of restores that were evicted');
    },
  },
];

/** The cache of movers is to the volume as that of a site is to its largest. @returns undoes it */
async function smallCaches(context: TestContext, cacheCapacity: string): Promise<() => Promise<void>> {
  const put = async (policies: readonly KubeObject[]): Promise<void> => {
    await context.cluster.applyAll(policies);
    await context.cluster.policiesReady();
  };
  await put(policiesOf({ storage: { storageClass: 'longhorn', snapshotClass: 'longhorn-snapclass', cacheCapacity } }));
  return () => put(policiesOf());
}
