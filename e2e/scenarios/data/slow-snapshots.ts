import type { DataScenario } from '../../harness/data-scenario';
import { check } from '../../harness/check';
import { kinds } from '../../harness/pvc';
import { eventually, sleep } from '../../harness/waiting';

/** Storage that never cuts a snapshot, because its pool is full. */
const never = { seconds: 100_000, holds: 'end' } as const;
/** More than two rounds of a schedule with one each minute. */
const roundsMs = 130_000;

export const slowSnapshotScenarios: readonly DataScenario[] = [
  {
    name: 'a snapshot that does not become ready: there is one and no more, and when it is ready the backup goes on by itself',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      const namespace = 'full-pool';
      await context.cluster.namespace(namespace);
      await context.protect(namespace, 'data');
      const { api, node } = context.cluster;
      node.volumes.cutSo(namespace, never);
      const source = { ...kinds.source, namespace, name: 'data-backup' };
      await api.patch(source, { spec: { trigger: { schedule: '* * * * *' } } });
      const snapshots = async (): Promise<number> => (await api.list('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', namespace)).length;
      const copies = async (): Promise<number> => (await api.list('v1', 'PersistentVolumeClaim', namespace)).length - 1;
      await eventually('a snapshot was asked for', 150, async () => (await snapshots()) > 0, 500);
      const last = String((await api.find(source))?.['status'].lastSyncTime);
      await sleep(roundsMs);
      const [cut, copied] = [await snapshots(), await copies()];
      check(cut === 1 && copied <= 1, `${cut} snapshots and ${copied} copies are there after more than two rounds`);
      node.volumes.cutSo(namespace, { seconds: 0, holds: 'end' });
      await eventually('the backup goes on', 120, async () => String((await api.find(source))?.['status'].lastSyncTime) > last, 500);
    },
  },
];
