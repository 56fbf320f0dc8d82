import type { DataLife } from '../../harness/data-life';
import { same } from '../../harness/check';
import { kinds, verdictOf } from '../../harness/pvc';
import type { Stage } from '../../harness/stage';
import { eventually } from '../../harness/waiting';
import { maintenanceName, plumber } from '../../../lib/model/naming';
import { comesBack, failsToRestore, refusedMeanwhile, restoreJob, staysUnbound } from './fault';

/** Lets External Secrets fetch at once what the hour would have brought. */
async function refreshCredentials(stage: Stage): Promise<void> {
  const ref = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', namespace: plumber.namespace, name: plumber.credentialsSecret };
  await stage.world.api.patch(ref, { metadata: { annotations: { 'force-sync': String(Date.now()) } } });
}

export const storeFaultLives: readonly DataLife[] = [
  {
    name: 'a repository that never received data: created empty',
    pvcs: 1,
    calm: true,
    play: async (stage) => {
      await stage.world.namespace('unwritten');
      await stage.admitted('unwritten', 'data');
      await stage.bound('unwritten', 'data');
      await stage.firstRound('unwritten', 'data');
      await eventually('its maintenance', 60, () =>
        stage.world.api.find({ ...kinds.maintenance, namespace: 'unwritten', name: maintenanceName({ namespace: 'unwritten', name: 'data' }) }),
      );
      // The mover of an empty volume writes nothing; maintenance makes the repository.
      same(await stage.maintain('unwritten', 'data'), 0, 'the exit code of maintenance');
      same(stage.store.keys('unwritten/data').includes('kopia.repository'), true, 'that there is a repository');
      await stage.lose('unwritten', 'data');
      same(verdictOf(await stage.admitted('unwritten', 'data')), 'fresh', 'the verdict over a repository without data');
    },
  },
  {
    name: 'at creation: the repository lost its format blob: refused',
    pvcs: 1,
    calm: true,
    play: async (stage) => {
      await stage.lost('damaged');
      const putBack = stage.store.take('damaged/data', 'kopia.repository');
      try {
        await refusedMeanwhile(stage, 'damaged');
      } finally {
        putBack();
      }
      await comesBack(stage, 'damaged');
    },
  },
  {
    name: 'the credentials at 1Password are wrong: refused at creation, not bound in a restore; both complete when they are right again',
    pvcs: 2,
    prepare: async (stage) => {
      await Promise.all(['keys', 'restore-keys'].map((each) => stage.lost(each)));
    },
    play: async (stage) => {
      const { operators } = stage.world.node;
      await operators.secretStore({ ...operators.item, 'k8s-admin-secret-key': 'not-the-secret-key' });
      try {
        // pvc-plumber has its Secret already; the PVC's own is made from what the item says now.
        same(verdictOf(await stage.admitted('restore-keys', 'data')), 'restore', 'the verdict');
        await refreshCredentials(stage);
        const job = restoreJob(stage, 'restore-keys', 'failed');
        await Promise.all([refusedMeanwhile(stage, 'keys'), job.then(() => staysUnbound(stage, 'restore-keys', 3))]);
      } finally {
        await operators.secretStore();
        await refreshCredentials(stage);
      }
      const secret = { ...kinds.secret, namespace: 'restore-keys', name: 'volsync-data' };
      await stage.world.api.patch(secret, { metadata: { annotations: { 'force-sync': 'now' } } });
      await Promise.all([comesBack(stage, 'keys'), stage.restored('restore-keys', 'data')]);
    },
  },
  {
    name: 'the bucket is emptied, with the identity of the store: refused at creation; between verdict and restore nothing is bound, and with the bucket back the data comes by itself',
    pvcs: 2,
    prepare: async (stage) => {
      await Promise.all(['emptied', 'restore-emptied'].map((each) => stage.lost(each)));
    },
    play: async (stage) => {
      await stage.world.door.restart({ STORE_ID: await stage.world.door.identify() });
      try {
        const live = await stage.admitted('restore-emptied', 'data');
        const putBack = stage.store.empty();
        await Promise.all([failsToRestore(stage, live, /Restore failed: /), refusedMeanwhile(stage, 'emptied')]).finally(putBack);
        await Promise.all([comesBack(stage, 'emptied'), stage.restored('restore-emptied', 'data')]);
      } finally {
        await stage.world.door.restart();
      }
    },
  },
  {
    name: 'the bucket is emptied, without the identity of the store: created empty',
    pvcs: 1,
    prepare: (stage) => stage.lost('unnoticed'),
    play: async (stage) => {
      const putBack = stage.store.empty();
      let verdict: string;
      try {
        // What it saw a moment ago would still count for restore.
        await stage.world.door.restart();
        verdict = verdictOf(await stage.admitted('unnoticed', 'data'));
        await stage.bound('unnoticed', 'data');
        await stage.lose('unnoticed', 'data');
      } finally {
        putBack();
      }
      // What design and docs/decisions.md say: without an identity an emptied store looks like one that never had a backup.
      same(verdict, 'fresh', 'the verdict without an identity');
      await comesBack(stage, 'unnoticed');
    },
  },
];
