import type { DataLife } from '../../harness/data-life';
import { kinds, pvc, refused, verdictOf } from '../../harness/pvc';
import { same } from '../../harness/check';
import { eventually, never } from '../../harness/waiting';
import type { Stage } from '../../harness/stage';
import { maintenanceName, plumber } from '../../../lib/model/naming';

const doubt = /nobody can tell whether a backup/;

/** Refused as long as the fault lasts, and complete without a person's help when it is over. */
async function refusedUntil(stage: Stage, namespace: string, words: RegExp, end: () => Promise<void> | void): Promise<void> {
  try {
    // A backup that was seen a moment ago is still remembered, and rightly so.
    await eventually('pvc-plumber knows no more', 60, async () => (await stage.world.door.ask(namespace, 'data')) === 503);
    refused(await stage.world.api.create(pvc(namespace, 'data')), words);
    await never('a PVC is admitted during the fault', 3, async () => (await stage.world.api.create(pvc(namespace, 'data'))).status === 201);
  } finally {
    await end();
  }
  await stage.admitted(namespace, 'data');
  await stage.restored(namespace, 'data');
}

/** Lets External Secrets fetch at once what the hour would have brought. */
async function refreshCredentials(stage: Stage): Promise<void> {
  const ref = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', namespace: plumber.namespace, name: plumber.credentialsSecret };
  await stage.world.api.patch(ref, { metadata: { annotations: { 'force-sync': String(Date.now()) } } });
}

export const creationFaultLives: readonly DataLife[] = [
  {
    name: 'at creation: S3 is down, then slower than the budget, then hardly slow',
    pvcs: 3,
    play: async (stage) => {
      await stage.lost('down');
      await stage.store.disturb('down');
      await refusedUntil(stage, 'down', doubt, () => stage.store.disturb('none'));
      await stage.lose('down', 'data');
      await stage.store.disturb({ delayMs: 5000 });
      await refusedUntil(stage, 'down', doubt, () => stage.store.disturb('none'));
      await stage.lose('down', 'data');
      await stage.store.disturb({ delayMs: 100 });
      try {
        await stage.admitted('down', 'data');
        await stage.restored('down', 'data');
      } finally {
        await stage.store.disturb('none');
      }
    },
  },
  {
    name: 'at creation: the credentials at 1Password are wrong',
    pvcs: 1,
    play: async (stage) => {
      await stage.lost('credentials');
      const { operators } = stage.world.node;
      await operators.secretStore({ ...operators.item, 'k8s-admin-secret-key': 'not-the-secret-key' });
      await refreshCredentials(stage);
      await refusedUntil(stage, 'credentials', doubt, async () => {
        await operators.secretStore();
        await refreshCredentials(stage);
      });
    },
  },
  {
    name: 'at creation: the bucket is emptied, with the identity of the store: refused; without it: created empty',
    pvcs: 1,
    play: async (stage) => {
      await stage.lost('emptied');
      await stage.world.door.restart({ STORE_ID: await stage.world.door.identify() });
      try {
        await refusedUntil(stage, 'emptied', doubt, stage.store.empty());
        await stage.lose('emptied', 'data');
      } catch (error) {
        await stage.world.door.restart();
        throw error;
      }
      const putBack = stage.store.empty();
      let verdict: string;
      try {
        // What it saw a moment ago would still count for restore.
        await stage.world.door.restart();
        verdict = verdictOf(await stage.admitted('emptied', 'data'));
        await stage.bound('emptied', 'data');
        await stage.lose('emptied', 'data');
      } finally {
        putBack();
      }
      // What design and docs/decisions.md say: without an identity an emptied store looks like one that never had a backup.
      same(verdict, 'fresh', 'the verdict without an identity');
      await stage.admitted('emptied', 'data');
      await stage.restored('emptied', 'data');
    },
  },
  {
    name: 'at creation: the repository lost its format blob (refused); a repository that never received data (fresh)',
    pvcs: 2,
    play: async (stage) => {
      await stage.lost('damaged');
      const putBack = stage.store.take('damaged/data', 'kopia.repository');
      await refusedUntil(stage, 'damaged', doubt, putBack);
      await stage.world.namespace('unwritten');
      await stage.admitted('unwritten', 'data');
      await stage.bound('unwritten', 'data');
      await eventually(
        'the first round',
        120,
        async () => (await stage.world.api.find({ ...kinds.source, namespace: 'unwritten', name: 'data-backup' }))?.['status']?.lastSyncTime,
      );
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
];
