import type { DataLife } from '../../harness/data-life';
import { pvc, refused, verdictOf } from '../../harness/pvc';
import { same } from '../../harness/check';
import { deletePvc } from '../../harness/pvc';
import { eventually, never } from '../../harness/waiting';
import type { Stage } from '../../harness/stage';
import { plumber } from '../../../lib/model/naming';

const doubt = /nobody can tell whether a backup/;

/** A backed-up PVC that is deleted: its creation is what the fault meets. */
async function lost(stage: Stage, namespace: string): Promise<void> {
  await stage.world.namespace(namespace);
  await stage.protect(namespace, 'data');
  await deletePvc(stage.world, namespace, 'data', 60);
}

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
      await lost(stage, 'down');
      await stage.store.disturb('down');
      await refusedUntil(stage, 'down', doubt, () => stage.store.disturb('none'));
      await deletePvc(stage.world, 'down', 'data', 60);
      await stage.store.disturb({ delayMs: 5000 });
      await refusedUntil(stage, 'down', doubt, () => stage.store.disturb('none'));
      await deletePvc(stage.world, 'down', 'data', 60);
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
      await lost(stage, 'credentials');
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
      await lost(stage, 'emptied');
      await stage.world.door.restart({ STORE_ID: await stage.world.door.identify() });
      try {
        await refusedUntil(stage, 'emptied', doubt, stage.store.empty());
        await deletePvc(stage.world, 'emptied', 'data', 60);
      } finally {
        await stage.world.door.restart();
      }
      const putBack = stage.store.empty();
      let verdict: string;
      try {
        verdict = verdictOf(await stage.admitted('emptied', 'data'));
        await stage.bound('emptied', 'data');
        await deletePvc(stage.world, 'emptied', 'data', 60);
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
      await lost(stage, 'damaged');
      const putBack = stage.store.take('damaged/data', 'kopia.repository');
      await refusedUntil(stage, 'damaged', doubt, putBack);
      await stage.world.namespace('unwritten');
      await stage.admitted('unwritten', 'data');
      await stage.bound('unwritten', 'data');
      // The mover of an empty volume writes nothing; maintenance makes the repository.
      same(await stage.maintain('unwritten', 'data'), 0, 'the exit code of maintenance');
      same(stage.store.keys('unwritten/data').includes('kopia.repository'), true, 'that there is a repository');
      await deletePvc(stage.world, 'unwritten', 'data', 60);
      same(verdictOf(await stage.admitted('unwritten', 'data')), 'fresh', 'the verdict over a repository without data');
    },
  },
];
