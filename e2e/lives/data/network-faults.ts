import type { DataLife } from '../../harness/data-life';
import type { Fault } from '../../harness/store';
import { sleep } from '../../harness/waiting';
import { comesBack, failsToRestore, refusedMeanwhile, restoreWith, staysUnbound } from './fault';

const inRestore: readonly (readonly [what: string, namespace: string, fault: Fault])[] = [
  ['S3 breaks off every answer after 100 KB', 'restore-cut', { cutAfterBytes: 100_000 }],
  ['S3 becomes slow', 'restore-slow', { delayMs: 300 }],
];

export const networkFaultLives: readonly DataLife[] = [
  {
    name: 'S3 goes down: refused at creation; before the list of snapshots and in the middle of a restore nothing is bound, and it completes by itself',
    pvcs: 3,
    prepare: async (stage) => {
      await Promise.all(['down', 'down-list', 'down-restore'].map((each) => stage.lost(each)));
    },
    play: async (stage) => {
      // Both restores are held where they are until S3 is gone.
      let onTheWay = 2;
      let gone: () => void;
      const down = new Promise<void>((resolve) => (gone = resolve));
      const goDown = async (): Promise<void> => {
        onTheWay -= 1;
        if (onTheWay === 0) await stage.store.disturb('down').then(gone);
        await down;
      };
      const [list] = await Promise.all([restoreWith(stage, 'down-list', 'listing', goDown), restoreWith(stage, 'down-restore', 'restoring', goDown)]);
      try {
        await Promise.all([
          failsToRestore(stage, list, /Restore failed: /),
          refusedMeanwhile(stage, 'down'),
          staysUnbound(stage, 'down-restore', 10),
        ]);
      } finally {
        await stage.store.disturb('none');
      }
      await Promise.all([comesBack(stage, 'down'), stage.restored('down-list', 'data'), stage.restored('down-restore', 'data')]);
    },
  },
  {
    name: 'at creation S3 is slower than the budget: refused; then hardly slow: restored',
    pvcs: 2,
    prepare: (stage) => stage.lost('slow'),
    play: async (stage) => {
      try {
        await stage.store.disturb({ delayMs: 5000 });
        await refusedMeanwhile(stage, 'slow');
        await stage.store.disturb('none');
        await comesBack(stage, 'slow');
        await stage.lose('slow', 'data');
        await stage.store.disturb({ delayMs: 100 });
        await comesBack(stage, 'slow');
      } finally {
        await stage.store.disturb('none');
      }
    },
  },
  ...inRestore.map(([what, namespace, fault]): DataLife => ({
    name: `in the middle of a restore ${what}; it completes by itself when that is over`,
    pvcs: 1,
    prepare: (stage) => stage.lost(namespace),
    play: async (stage) => {
      await restoreWith(stage, namespace, 'restoring', () => stage.store.disturb(fault));
      await sleep(5000);
      await stage.store.disturb('none');
      await stage.restored(namespace, 'data');
    },
  })),
];
