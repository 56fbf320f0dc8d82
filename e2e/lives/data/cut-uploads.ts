import type { DataLife } from '../../harness/data-life';
import { same } from '../../harness/check';
import { kinds, verdictOf } from '../../harness/pvc';
import type { Stage } from '../../harness/stage';
import { eventually, within } from '../../harness/waiting';
import { annotation } from '../../../lib/model/naming';
import { failsToRestore } from './fault';

/** Writes anew into a PVC, and lets its node lose power when the upload has written packs. No other upload follows. */
async function cutUpload(stage: Stage, namespace: string): Promise<void> {
  const { kubelet } = stage.world.node;
  const source = { ...kinds.source, namespace, name: 'data-backup' };
  const packs = (): number => stage.store.keys(`${namespace}/data`).filter((key) => key.startsWith('p')).length;
  const before = packs();
  await stage.write(namespace, 'data', { bulk: 200_000_000 });
  const killed = new Promise<void>((resolve) => {
    const end = kubelet.stepIn(async (pod, moment) => {
      if (moment !== 'uploading' || pod.metadata.namespace !== namespace) return;
      end();
      await eventually('packs of the upload', 60, () => Promise.resolve(packs() > before), 20);
      await stage.world.api.delete(source);
      kubelet.kill(pod);
      resolve();
    });
  });
  await stage.world.api.patch(source, { spec: { trigger: { manual: 'now' } } });
  await within('an upload', 120, killed);
}

export const cutUploadLives: readonly DataLife[] = [
  {
    name: 'repository there, data there, no complete snapshot (an upload was cut): nothing is bound; skip-restore with a reason is the way out',
    pvcs: 1,
    calm: true,
    play: async (stage) => {
      await stage.world.namespace('cut');
      await stage.admitted('cut', 'data');
      await stage.bound('cut', 'data');
      await stage.firstRound('cut', 'data');
      await cutUpload(stage, 'cut');
      await stage.lose('cut', 'data');
      const live = await stage.admitted('cut', 'data');
      same(verdictOf(live), 'restore', 'the verdict');
      await failsToRestore(stage, live, /Restore failed: no complete backup without errors/);
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
    calm: true,
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
