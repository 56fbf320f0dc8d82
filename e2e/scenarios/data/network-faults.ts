import type { DataScenario } from '../../harness/data-scenario';
import type { Fault } from '../../harness/store';
import { sleep } from '../../harness/waiting';
import { comesBack, failsToRestore, refusedMeanwhile, restoreWith, staysUnbound } from './fault';

const inRestore: readonly (readonly [what: string, namespace: string, fault: Fault])[] = [
  ['S3 breaks off every answer after 100 KB', 'restore-cut', { cutAfterBytes: 100_000 }],
  ['S3 becomes slow', 'restore-slow', { delayMs: 300 }],
];

export const networkFaultScenarios: readonly DataScenario[] = [
  {
    name: 'S3 goes down: refused at creation; before the list of snapshots and in the middle of a restore nothing is bound, and it completes by itself',
    pvcs: 3,
    prepare: async (context) => {
      await Promise.all(['down', 'down-list', 'down-restore'].map((each) => context.lost(each)));
    },
    play: async (context) => {
      // Both restores are held where they are until S3 is gone.
      let onTheWay = 2;
      let gone: () => void;
      const down = new Promise<void>((resolve) => (gone = resolve));
      const goDown = async (): Promise<void> => {
        onTheWay -= 1;
        if (onTheWay === 0) await context.store.disturb('down').then(gone);
        await down;
      };
      const [list] = await Promise.all([
        restoreWith(context, 'down-list', 'listing', goDown),
        restoreWith(context, 'down-restore', 'restoring', goDown),
      ]);
      try {
        await Promise.all([
          failsToRestore(context, list, /Restore failed: /),
          refusedMeanwhile(context, 'down'),
          staysUnbound(context, 'down-restore', 10),
        ]);
      } finally {
        await context.store.disturb('none');
      }
      await Promise.all([comesBack(context, 'down'), context.restored('down-list', 'data'), context.restored('down-restore', 'data')]);
    },
  },
  {
    name: 'at creation S3 is slower than the budget: refused; then hardly slow: restored',
    pvcs: 2,
    prepare: (context) => context.lost('slow'),
    play: async (context) => {
      try {
        await context.store.disturb({ delayMs: 5000 });
        await refusedMeanwhile(context, 'slow');
        await context.store.disturb('none');
        await comesBack(context, 'slow');
        await context.lose('slow', 'data');
        await context.store.disturb({ delayMs: 100 });
        await comesBack(context, 'slow');
      } finally {
        await context.store.disturb('none');
      }
    },
  },
  ...inRestore.map(([what, namespace, fault]): DataScenario => ({
    name: `in the middle of a restore ${what}; it completes by itself when that is over`,
    pvcs: 1,
    prepare: (context) => context.lost(namespace),
    play: async (context) => {
      await restoreWith(context, namespace, 'restoring', () => context.store.disturb(fault));
      await sleep(5000);
      await context.store.disturb('none');
      await context.restored(namespace, 'data');
    },
  })),
];
