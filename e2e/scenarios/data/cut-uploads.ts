import type { DataScenario } from '../../harness/data-scenario';
import { same } from '../../harness/check';
import { kinds, decisionOf } from '../../harness/pvc';
import type { TestContext } from '../../harness/test-context';
import { eventually, within } from '../../harness/waiting';
import { annotation } from '../../../lib/model/naming';
import { failsToRestore } from './fault';

/** Writes anew into a PVC, and lets its node lose power when the upload has written packs. No other upload follows. */
async function cutUpload(context: TestContext, namespace: string): Promise<void> {
  const { kubelet } = context.cluster.node;
  const source = { ...kinds.source, namespace, name: 'data-backup' };
  const packs = (): number => context.store.keys(`${namespace}/data`).filter((key) => key.startsWith('p')).length;
  const before = packs();
  await context.write(namespace, 'data', { bulk: 200_000_000 });
  const killed = new Promise<void>((resolve) => {
    const end = kubelet.stepIn(async (pod, moment) => {
      if (moment !== 'uploading' || pod.metadata.namespace !== namespace) return;
      end();
      await eventually('packs of the upload', 60, () => Promise.resolve(packs() > before), 20);
      await context.cluster.api.delete(source);
      kubelet.kill(pod);
      resolve();
    });
  });
  await context.cluster.api.patch(source, { spec: { trigger: { manual: 'now' } } });
  await within('an upload', 120, killed);
}

export const cutUploadScenarios: readonly DataScenario[] = [
  {
    name: 'repository there, data there, no complete snapshot (an upload was cut): nothing is bound; skip-restore with a reason is the way out',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      await context.cluster.namespace('cut');
      await context.admitted('cut', 'data');
      await context.bound('cut', 'data');
      await context.firstRound('cut', 'data');
      await cutUpload(context, 'cut');
      await context.lose('cut', 'data');
      const live = await context.admitted('cut', 'data');
      same(decisionOf(live), 'restore', 'the decision');
      await failsToRestore(context, live, /Restore failed: no complete backup without errors/);
      await context.lose('cut', 'data');
      await context.admitted('cut', 'data', {
        annotations: { [annotation.skipRestore]: 'true', [annotation.skipRestoreReason]: 'the only upload was cut' },
      });
      await context.bound('cut', 'data');
    },
  },
  {
    name: 'an upload was cut over an older complete backup: the older one comes back',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      await context.cluster.namespace('cut-later');
      await context.protect('cut-later', 'data');
      await cutUpload(context, 'cut-later');
      await context.lose('cut-later', 'data');
      same(decisionOf(await context.admitted('cut-later', 'data')), 'restore', 'the decision');
      await context.restored('cut-later', 'data');
    },
  },
];
