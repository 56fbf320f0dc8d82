/** What the pinned fork does by itself, and what must not come of it: its runs. What volumes hold is in `fork-contents.ts`. */
import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '../../harness/api';
import { check, same } from '../../harness/check';
import { type Contents, difference, read } from '../../harness/data';
import type { DataLife } from '../../harness/data-life';
import type { Moment } from '../../harness/mover';
import type { Run } from '../../harness/pod';
import { kinds, verdictOf } from '../../harness/pvc';
import { policiesOf } from '../../harness/site';
import type { Stage } from '../../harness/stage';
import { eventually, within } from '../../harness/waiting';

/** The runs of restores in a namespace that have ended. */
function restores(stage: Stage, namespace: string): Run[] {
  return stage.world.node.kubelet.runsIn(namespace).filter(({ pod }) => pod.startsWith('volsync-dst-'));
}

/** The node of the first mover of a kind in a namespace is shut down when the mover is connected. @returns resolves when it was told so */
function shutDown(stage: Stage, namespace: string, prefix: string, when: Moment): Promise<void> {
  const { kubelet } = stage.world.node;
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

export const forkLives: readonly DataLife[] = [
  {
    name: 'a restore runs once, and what it restored is what is bound, also where the storage takes 5 s to cut a snapshot',
    pvcs: 2,
    calm: true,
    play: async (stage) => {
      for (const namespace of ['once', 'once-slow']) await stage.lost(namespace);
      stage.world.node.volumes.cutSo('once-slow', { seconds: 5, holds: 'end' });
      await Promise.all(
        ['once', 'once-slow'].map(async (namespace) => {
          await stage.admitted(namespace, 'data');
          await stage.restored(namespace, 'data');
          same(
            restores(stage, namespace).map(({ exitCode }) => exitCode),
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
    calm: true,
    play: async (stage) => {
      await stage.world.namespace('term-backup');
      await stage.protect('term-backup', 'data');
      const contents = await stage.write('term-backup', 'data');
      const told = shutDown(stage, 'term-backup', 'volsync-src-', 'connected');
      await Promise.all([within('a backup that is connected', 120, told), stage.backUp('term-backup', 'data', contents)]);
      await stage.lose('term-backup', 'data');
      await stage.admitted('term-backup', 'data');
      await stage.restored('term-backup', 'data');
    },
  },
  {
    name: 'the node of a restore is shut down in the middle of it: it completes by itself',
    pvcs: 1,
    calm: true,
    play: async (stage) => {
      await stage.lost('term-restore');
      const told = shutDown(stage, 'term-restore', 'volsync-dst-', 'connected');
      await stage.admitted('term-restore', 'data');
      await within('a restore that is connected', 120, told);
      await stage.restored('term-restore', 'data', 150);
    },
  },
  {
    name: 'a file can not be read when a later backup is made: it comes back all the same, from the last whole backup',
    pvcs: 1,
    calm: true,
    play: async (stage) => {
      // There the movers have the same ids in every release of the tree.
      const namespace = await stage.world.namespace('unread', { 'pod-security.kubernetes.io/enforce': 'restricted' });
      await stage.protect(namespace, 'data', { files: 3 });
      const good = stage.backupOf(namespace, 'data');
      await stage.change(namespace, 'data', lockAway);
      const source = { ...kinds.source, namespace, name: 'data-backup' };
      const before = stage.world.node.kubelet.runsIn(namespace).length;
      await stage.world.api.patch(source, { spec: { trigger: { manual: 'now' } } });
      const outcome = await eventually('a backup that failed, or was made', 120, () => {
        const run = stage.world.node.kubelet.runsIn(namespace)[before];
        return Promise.resolve(run !== undefined && { failed: run.exitCode !== 0 });
      });
      await stage.lose(namespace, 'data');
      const live = await stage.admitted(namespace, 'data');
      same(verdictOf(live), 'restore', 'the verdict');
      await stage.bound(namespace, 'data');
      const is = read(await stage.world.node.volumes.folderOf(namespace, 'data'));
      const problem = difference(withoutModes(is), withoutModes(good));
      check(problem === undefined, `not the last whole backup: ${problem}`);
      stage.compared += is.bytes;
      return outcome.failed ? 'the backup failed' : 'the backup could read it';
    },
  },
  {
    name: 'a volume with more data than the cache of a mover may hold comes back',
    pvcs: 1,
    prepare: async (stage) => {
      await stage.world.namespace('cache');
      await stage.protect('cache', 'data', { bulk: 200_000_000 });
      await stage.lose('cache', 'data');
    },
    play: async (stage) => {
      const undo = await smallCaches(stage, '64Mi');
      try {
        // So that the restore takes some seconds, in which the kubelet looks at its folders.
        await stage.store.disturb({ delayMs: 20 });
        await stage.admitted('cache', 'data');
        await stage.restored('cache', 'data', 240);
      } finally {
        await stage.store.disturb('none');
        await undo();
      }
      same(restores(stage, 'cache').filter(({ evicted }) => evicted).length, 0, 'the number of restores that were evicted');
    },
  },
];

/** The cache of movers is to the volume as that of a site is to its largest. @returns undoes it */
async function smallCaches(stage: Stage, cacheCapacity: string): Promise<() => Promise<void>> {
  const put = async (policies: readonly KubeObject[]): Promise<void> => {
    await stage.world.applyAll(policies);
    await stage.world.policiesReady();
  };
  await put(policiesOf({ storage: { storageClass: 'longhorn', snapshotClass: 'longhorn-snapclass', cacheCapacity } }));
  return () => put(policiesOf());
}
