import type { DataLife } from '../../harness/data-life';
import { check, same } from '../../harness/check';
import type { Fault } from '../../harness/store';
import { kinds, pvcRef, verdictOf } from '../../harness/pvc';
import type { KubeObject } from '../../harness/api';
import type { Moment } from '../../harness/mover';
import type { Stage } from '../../harness/stage';
import { eventually, never } from '../../harness/waiting';
import { annotation, volsyncCleanupLabel } from '../../../lib/model/naming';

const restoring = (pod: KubeObject): boolean => pod.metadata.name.startsWith('volsync-dst-');

/** Does something once, at a moment of the first restore that comes there. @returns resolves when it was done */
function once(stage: Stage, moment: Moment, act: () => Promise<void> | void): Promise<void> {
  const { kubelet } = stage.world.node;
  return new Promise((resolve) => {
    kubelet.step = async (pod, now) => {
      if (now !== moment || !restoring(pod)) return;
      kubelet.step = undefined;
      await act();
      resolve();
    };
  });
}

/** A PVC with a backup, created again, with something that happens in the middle of its restore. */
async function restoreWith(stage: Stage, namespace: string, moment: Moment, act: () => Promise<void> | void): Promise<KubeObject> {
  await stage.lost(namespace);
  const happened = once(stage, moment, act);
  const live = await stage.admitted(namespace, 'data');
  same(verdictOf(live), 'restore', 'the verdict');
  await happened;
  return live;
}

async function staysUnbound(stage: Stage, namespace: string, seconds: number): Promise<void> {
  await never(
    `${namespace}/data is bound`,
    seconds,
    async () => (await stage.world.api.find(pvcRef(namespace, 'data')))?.['status']?.phase === 'Bound',
  );
}

/** The restore ended without restoring: no snapshot of the empty volume is cut, and the restore itself says why. */
async function refusedImage(stage: Stage, live: KubeObject): Promise<KubeObject> {
  const { namespace = '' } = live.metadata;
  const ref = { ...kinds.destination, namespace, name: String(live['spec'].dataSourceRef.name) };
  const job = await eventually('the mover has ended', 120, async () => {
    const jobs = await stage.world.api.list('batch/v1', 'Job', namespace);
    return jobs.find(({ status }) => (status?.succeeded ?? 0) > 0);
  });
  const destination = await eventually('the restore says why it does not go on', 60, async () => {
    const found = await stage.world.api.find(ref);
    return JSON.stringify(found?.['status']?.conditions ?? '').includes('does not say that anything was restored') && found;
  });
  await staysUnbound(stage, namespace, 5);
  const snapshots = await stage.world.api.list('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', namespace);
  same(
    snapshots.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === destination.metadata.uid)).length,
    0,
    'the number of snapshots of the empty volume',
  );
  check(job.metadata.labels?.[volsyncCleanupLabel] === destination.metadata.uid, 'the command in the refusal finds the Job');
  return job;
}

async function deleteJob(stage: Stage, { metadata }: KubeObject): Promise<void> {
  await stage.world.api.request('DELETE', `/apis/batch/v1/namespaces/${metadata.namespace}/jobs/${metadata.name}?propagationPolicy=Background`);
}

/** Writes anew into a PVC, and lets its node lose power when the upload has written packs. No other upload follows. */
async function cutUpload(stage: Stage, namespace: string): Promise<void> {
  const { kubelet } = stage.world.node;
  const source = { ...kinds.source, namespace, name: 'data-backup' };
  const packs = (): number => stage.store.keys(`${namespace}/data`).filter((key) => key.startsWith('p')).length;
  const before = packs();
  await stage.write(namespace, 'data', { bulk: 200_000_000 });
  const killed = new Promise<void>((resolve) => {
    kubelet.step = async (pod, moment) => {
      if (moment !== 'uploading' || pod.metadata.namespace !== namespace) return;
      kubelet.step = undefined;
      await eventually('packs of the upload', 60, () => Promise.resolve(packs() > before), 20);
      await stage.world.api.delete(source);
      kubelet.kill(pod);
      resolve();
    };
  });
  await stage.world.api.patch(source, { spec: { trigger: { manual: 'now' } } });
  await killed;
}

const broken: readonly (readonly [what: string, namespace: string, fault: Fault])[] = [
  ['S3 goes down', 'restore-down', 'down'],
  ['S3 breaks off every answer after 100 KB', 'restore-cut', { cutAfterBytes: 100_000 }],
  ['S3 becomes slow', 'restore-slow', { delayMs: 300 }],
];

export const restoreFaultLives: readonly DataLife[] = [
  ...broken.map(([what, namespace, fault]): DataLife => ({
    name: `in the middle of a restore: ${what}; it completes by itself when that is over`,
    pvcs: 1,
    play: async (stage) => {
      await restoreWith(stage, namespace, 'restoring', () => stage.store.disturb(fault));
      if (fault === 'down') await staysUnbound(stage, namespace, 10);
      else await new Promise((resolve) => void setTimeout(resolve, 5000));
      await stage.store.disturb('none');
      await stage.restored(namespace, 'data');
    },
  })),
  {
    name: 'in the middle of a restore: S3 goes down before the list of snapshots: nothing is bound, and deleting the Job brings the data',
    pvcs: 1,
    play: async (stage) => {
      const live = await restoreWith(stage, 'restore-list', 'connected', () => stage.store.disturb('down'));
      try {
        const job = await refusedImage(stage, live);
        await stage.store.disturb('none');
        await staysUnbound(stage, 'restore-list', 3);
        await deleteJob(stage, job);
      } finally {
        await stage.store.disturb('none');
      }
      await stage.restored('restore-list', 'data');
    },
  },
  {
    name: 'before a restore: the credentials at 1Password become wrong; it completes when they are right again',
    pvcs: 1,
    play: async (stage) => {
      const { operators } = stage.world.node;
      await stage.lost('restore-keys');
      // pvc-plumber has its Secret already; the PVC's own is made from what the item says now.
      await operators.secretStore({ ...operators.item, 'k8s-admin-secret-key': 'not-the-secret-key' });
      try {
        same(verdictOf(await stage.admitted('restore-keys', 'data')), 'restore', 'the verdict');
        await staysUnbound(stage, 'restore-keys', 15);
      } finally {
        await operators.secretStore();
      }
      const secret = { ...kinds.secret, namespace: 'restore-keys', name: 'volsync-data' };
      await stage.world.api.patch(secret, { metadata: { annotations: { 'force-sync': 'now' } } });
      await stage.restored('restore-keys', 'data');
    },
  },
  {
    name: 'between the verdict and the restore: the bucket is emptied: nothing is bound; with the bucket back and the Job deleted the data comes',
    pvcs: 1,
    play: async (stage) => {
      let putBack: (() => void) | undefined;
      await stage.lost('restore-emptied');
      const live = await stage.admitted('restore-emptied', 'data');
      putBack = stage.store.empty();
      try {
        const job = await refusedImage(stage, live);
        putBack();
        putBack = undefined;
        await deleteJob(stage, job);
      } finally {
        putBack?.();
      }
      await stage.restored('restore-emptied', 'data');
    },
  },
  {
    name: 'repository there, data there, no complete snapshot (an upload was cut): nothing is bound; skip-restore with a reason is the way out',
    pvcs: 1,
    play: async (stage) => {
      await stage.world.namespace('cut');
      await stage.admitted('cut', 'data');
      await stage.bound('cut', 'data');
      const source = { ...kinds.source, namespace: 'cut', name: 'data-backup' };
      await eventually('the first round', 120, async () => (await stage.world.api.find(source))?.['status']?.lastSyncTime);
      await cutUpload(stage, 'cut');
      await stage.lose('cut', 'data');
      const live = await stage.admitted('cut', 'data');
      same(verdictOf(live), 'restore', 'the verdict');
      await refusedImage(stage, live);
      await stage.lose('cut', 'data');
      await stage.admitted('cut', 'data', {
        annotations: { [annotation.skipRestore]: 'true', [annotation.skipRestoreReason]: 'the only upload was cut' },
      });
      await stage.bound('cut', 'data');
    },
  },
  {
    name: 'an upload was cut over an older complete backup: the older one comes back',
    pvcs: 1,
    play: async (stage) => {
      await stage.world.namespace('cut-later');
      await stage.protect('cut-later', 'data');
      await cutUpload(stage, 'cut-later');
      await stage.lose('cut-later', 'data');
      same(verdictOf(await stage.admitted('cut-later', 'data')), 'restore', 'the verdict');
      await stage.restored('cut-later', 'data');
    },
  },
];
