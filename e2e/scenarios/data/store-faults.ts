import type { DataScenario } from '../../harness/data-scenario';
import { same } from '../../harness/check';
import { kinds, decisionOf } from '../../harness/pvc';
import type { TestContext } from '../../harness/test-context';
import { eventually } from '../../harness/waiting';
import { maintenanceName, plumber } from '../../../lib/model/naming';
import { comesBack, failsToRestore, refusedMeanwhile, restoreJob, staysUnbound } from './fault';

/** Lets External Secrets fetch at once what the hour would have brought. */
async function refreshCredentials(context: TestContext): Promise<void> {
  const ref = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', namespace: plumber.namespace, name: plumber.credentialsSecret };
  await context.cluster.api.patch(ref, { metadata: { annotations: { 'force-sync': String(Date.now()) } } });
}

export const storeFaultScenarios: readonly DataScenario[] = [
  {
    name: 'a repository that never received data: created empty',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      await context.cluster.namespace('unwritten');
      await context.admitted('unwritten', 'data');
      await context.bound('unwritten', 'data');
      await context.firstRound('unwritten', 'data');
      await eventually('its maintenance', 60, () =>
        context.cluster.api.find({ ...kinds.maintenance, namespace: 'unwritten', name: maintenanceName({ namespace: 'unwritten', name: 'data' }) }),
      );
      // The mover of an empty volume writes nothing; maintenance makes the repository.
      same(await context.maintain('unwritten', 'data'), 0, 'the exit code of maintenance');
      same(context.store.keys('unwritten/data').includes('kopia.repository'), true, 'that there is a repository');
      await context.lose('unwritten', 'data');
      same(decisionOf(await context.admitted('unwritten', 'data')), 'fresh', 'the decision over a repository without data');
    },
  },
  {
    name: 'at creation: the repository lost its format blob: refused',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      await context.lost('damaged');
      const putBack = context.store.take('damaged/data', 'kopia.repository');
      try {
        await refusedMeanwhile(context, 'damaged');
      } finally {
        putBack();
      }
      await comesBack(context, 'damaged');
    },
  },
  {
    name: 'the credentials at 1Password are wrong: refused at creation, not bound in a restore; both complete when they are right again',
    pvcs: 2,
    prepare: async (context) => {
      await Promise.all(['keys', 'restore-keys'].map((each) => context.lost(each)));
    },
    play: async (context) => {
      const { operators } = context.cluster.node;
      await operators.secretStore({ ...operators.item, 'k8s-admin-secret-key': 'not-the-secret-key' });
      try {
        // pvc-plumber has its Secret already; the PVC's own is made from what the item says now.
        same(decisionOf(await context.admitted('restore-keys', 'data')), 'restore', 'the decision');
        await refreshCredentials(context);
        const job = restoreJob(context, 'restore-keys', 'failed');
        await Promise.all([refusedMeanwhile(context, 'keys'), job.then(() => staysUnbound(context, 'restore-keys', 3))]);
      } finally {
        await operators.secretStore();
        await refreshCredentials(context);
      }
      const secret = { ...kinds.secret, namespace: 'restore-keys', name: 'volsync-data' };
      await context.cluster.api.patch(secret, { metadata: { annotations: { 'force-sync': 'now' } } });
      await Promise.all([comesBack(context, 'keys'), context.restored('restore-keys', 'data')]);
    },
  },
  {
    name: 'the bucket is emptied, with the identity of the store: refused at creation; between decision and restore nothing is bound, and with the bucket back the data comes by itself',
    pvcs: 2,
    prepare: async (context) => {
      await Promise.all(['emptied', 'restore-emptied'].map((each) => context.lost(each)));
    },
    play: async (context) => {
      await context.cluster.plumberEndpoint.restart({ STORE_ID: await context.cluster.plumberEndpoint.identify() });
      try {
        const live = await context.admitted('restore-emptied', 'data');
        const putBack = context.store.empty();
        await Promise.all([failsToRestore(context, live, /Restore failed: /), refusedMeanwhile(context, 'emptied')]).finally(putBack);
        await Promise.all([comesBack(context, 'emptied'), context.restored('restore-emptied', 'data')]);
      } finally {
        await context.cluster.plumberEndpoint.restart();
      }
    },
  },
  {
    name: 'the bucket is emptied, without the identity of the store: created empty',
    pvcs: 1,
    prepare: (context) => context.lost('unnoticed'),
    play: async (context) => {
      const putBack = context.store.empty();
      let decision: string;
      try {
        // What it saw a moment ago would still count for restore.
        await context.cluster.plumberEndpoint.restart();
        decision = decisionOf(await context.admitted('unnoticed', 'data'));
        await context.bound('unnoticed', 'data');
        await context.lose('unnoticed', 'data');
      } finally {
        putBack();
      }
      // What design and docs/decisions.md say: without an identity an emptied store looks like one that never had a backup.
      same(decision, 'fresh', 'the decision without an identity');
      await comesBack(context, 'unnoticed');
    },
  },
];
