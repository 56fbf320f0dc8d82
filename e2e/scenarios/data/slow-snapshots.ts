import type { DataScenario } from '../../harness/data-scenario';
import { check } from '../../harness/check';
import { kinds, pvcRef } from '../../harness/pvc';
import { eventually, never, sleep } from '../../harness/waiting';

/** Storage that never cuts a snapshot, because its pool is full. */
const neverCut = { seconds: 100_000, holds: 'end' } as const;
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
      node.volumes.cutSo(namespace, neverCut);
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
  {
    name: 'a backup follows while the copy of the one before is still held: it waits, and saves what is there now',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      const namespace = 'held-copy';
      await context.cluster.namespace(namespace);
      await context.protect(namespace, 'data');
      const { api, node } = context.cluster;
      const source = { ...kinds.source, namespace, name: 'data-backup' };
      const copy = pvcRef(namespace, 'volsync-data-backup-src');
      const begin = (manual: string): Promise<unknown> => api.patch(source, { spec: { trigger: { manual } } });
      const ended = (manual: string): Promise<unknown> =>
        eventually(`the backup "${manual}"`, 120, async () => (await api.find(source))?.['status']?.lastManualSync === manual);

      await begin('first');
      await eventually('its copy', 60, () => api.find(copy));
      await api.patch(copy, { metadata: { finalizers: ['e2e.zero-touch-pvc/held'] } });
      await ended('first');
      await eventually('its copy is being deleted', 60, async () => (await api.find(copy))?.metadata.deletionTimestamp);
      const runs = node.kubelet.runsIn(namespace).length;
      const contents = await context.write(namespace, 'data');
      await begin('second');
      await eventually('a mover waits', 60, async () => (await api.list('v1', 'Pod', namespace)).some(({ status }) => status?.phase === 'Pending'));
      await never('a mover runs on the old copy', 3, () => Promise.resolve(node.kubelet.runsIn(namespace).length > runs));
      await api.patch(copy, { metadata: { finalizers: null } });
      await ended('second');
      await api.patch(source, { spec: { trigger: { manual: null } } });
      await context.remember(namespace, 'data', contents);
      await context.lose(namespace, 'data');
      await context.admitted(namespace, 'data');
      await context.restored(namespace, 'data');
    },
  },
];
