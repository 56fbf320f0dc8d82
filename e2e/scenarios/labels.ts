import { annotation, backupLabel } from '../../lib/model/naming';
import { madeByVolsync } from '../../lib/model/volsync-labels';
import { denialPattern } from '../../test/support/denial-pattern';
import type { DenialId } from '../../lib/admission/denials';
import type { Reply } from '../harness/api';
import { check, same } from '../harness/check';
import type { Cluster } from '../harness/cluster';
import { parallelScenario, scenario, type Scenario } from '../harness/scenario';
import { admitted, alwaysGeneratedRefs, generatedGone, decisionOf, deletePvc, generatedFor, kinds, pvc, pvcRef, refused } from '../harness/pvc';
import { eventually, never } from '../harness/waiting';

const why = { [annotation.skipRestore]: 'true', [annotation.skipRestoreReason]: 'its contents are newer' };

function label(cluster: Cluster, ns: string, name: string, value: string | null, annotations: Record<string, string> = {}): Promise<Reply> {
  return cluster.api.patch(pvcRef(ns, name), { metadata: { labels: { [backupLabel]: value }, annotations } });
}

function set(reply: Reply): void {
  check(reply.status === 200, `the label must be set, but: ${reply.status} ${reply.message}`);
}

function notSet(reply: Reply, denial: DenialId): void {
  check(reply.status >= 400, 'the label must be refused, but it was set');
  check(denialPattern(denial).test(reply.message), `the refusal must be ${denial}, but says: ${reply.message}`);
}

async function nothingMade(cluster: Cluster, ns: string, name: string): Promise<void> {
  await never(`something is made for ${ns}/${name}`, 3, async () =>
    (await Promise.all(alwaysGeneratedRefs({ namespace: ns, name }).map((ref) => cluster.api.find(ref)))).some((child) => child !== undefined),
  );
}

export const labelScenarios: readonly Scenario[] = [
  parallelScenario('a label that is forgotten or misspelt, over a backup: nothing is made of it, and the way back restores', async (cluster) => {
    const ns = await cluster.namespace('relabel');
    for (const name of ['data', 'typo', 'kept']) cluster.plumberEndpoint.putBackup(ns, name);
    admitted(await cluster.api.create(pvc(ns, 'data', { backup: null })));
    // With a value of no tier, too: it may become one with the next change of main.ts.
    for (const value of ['hourly', 'weekly', 'velero']) notSet(await label(cluster, ns, 'data', value), 'labelConflict');
    await nothingMade(cluster, ns, 'data');
    refused(await cluster.api.create(pvc(ns, 'typo', { backup: 'Hourly' })), 'otherLabelConflict');
    refused(await cluster.api.create(pvc(ns, 'typo', { backup: 'velero' })), 'otherLabelConflict');
    same(decisionOf(admitted(await cluster.api.create(pvc(ns, 'typo')))), 'restore', 'the decision of the right label');
    // The way back: created with its label, it is restored.
    await deletePvc(cluster, ns, 'data');
    same(decisionOf(admitted(await cluster.api.create(pvc(ns, 'data')))), 'restore', 'the decision of a new creation');
    // Or a person gives the backup up, and says why.
    const kept = admitted(await cluster.api.create(pvc(ns, 'kept', { backup: null })));
    notSet(await label(cluster, ns, 'kept', 'daily', { [annotation.skipRestore]: 'true' }), 'noSkipReason');
    set(await label(cluster, ns, 'kept', 'daily', why));
    await generatedFor(cluster, kept);
  }),
  parallelScenario(
    'a label that comes back to its PVC, over its own backup, and one of a renamed tier: set, also while the store is away',
    async (cluster) => {
      const ns = await cluster.namespace('relabel-back');
      const live = admitted(await cluster.api.create(pvc(ns, 'data')));
      await generatedFor(cluster, live);
      cluster.plumberEndpoint.putBackup(ns, 'data');
      for (const value of [null, 'weekly', null]) {
        set(await label(cluster, ns, 'data', value));
        set(await label(cluster, ns, 'data', 'daily'));
      }
      for (let turn = 0; turn < 12; turn += 1) {
        set(await label(cluster, ns, 'data', null));
        set(await label(cluster, ns, 'data', 'hourly'));
      }
      await generatedFor(cluster, live);
      // Whoever ended the backups deleted the ReplicationSource; its credentials still are its own.
      set(await label(cluster, ns, 'data', null));
      await cluster.api.delete({ ...kinds.source, namespace: ns, name: 'data-backup' });
      set(await label(cluster, ns, 'data', 'hourly'));
      await generatedFor(cluster, live, 120);
      same(decisionOf((await cluster.api.find(pvcRef(ns, 'data')))!), 'fresh', 'the decision of its creation');
    },
  ),
  scenario('a label on a PVC that exists, while pvc-plumber or Kyverno is away: refused until they are back', async (cluster) => {
    const ns = await cluster.namespace('relabel-away');
    const live = admitted(await cluster.api.create(pvc(ns, 'data', { backup: null })));
    const labelled = admitted(await cluster.api.create(pvc(ns, 'labelled')));
    await generatedFor(cluster, labelled);
    await cluster.plumberEndpoint.s3.stop();
    try {
      notSet(await label(cluster, ns, 'data', 'hourly'), 'labelUnknown');
      refused(await cluster.api.create(pvc(ns, 'typo', { backup: 'hourli' })), 'nearTier');
      refused(await cluster.api.create(pvc(ns, 'removed', { backup: 'weekly' })), 'nearTier');
      same(
        decisionOf(admitted(await cluster.api.create(pvc(ns, 'foreign', { backup: 'velero' })))),
        'unknown',
        "the decision of another program's label",
      );
      set(await label(cluster, ns, 'labelled', 'daily'));
    } finally {
      await cluster.plumberEndpoint.s3.start();
    }
    await nothingMade(cluster, ns, 'foreign');
    await cluster.kyverno.stop('SIGKILL');
    try {
      notSet(await label(cluster, ns, 'data', 'hourly'), 'labelUndecided');
      set(await label(cluster, ns, 'labelled', 'hourly'));
      set(await cluster.api.patch(pvcRef(ns, 'data'), { metadata: { labels: { other: 'label' } } }));
    } finally {
      await cluster.kyverno.start();
    }
    await eventually('the label is set when Kyverno is back', 60, async () => (await label(cluster, ns, 'data', 'hourly')).status === 200);
    await generatedFor(cluster, live);
    // What was left open is asked about when its label is corrected.
    const foreign = (await cluster.api.find(pvcRef(ns, 'foreign')))!;
    set(await label(cluster, ns, 'foreign', 'hourly'));
    await generatedFor(cluster, foreign);
  }),
  parallelScenario(
    "a resource of a generated name that is not the PVC's own: refused at the creation and at the label, until it is gone",
    async (cluster) => {
      const ns = await cluster.namespace('foreign');
      const spec = { sourcePVC: 'data', trigger: { schedule: '5 5 * * *' }, kopia: { repository: 'mine' } };
      const secret = {
        refreshInterval: '1h',
        secretStoreRef: { kind: 'ClusterSecretStore', name: '1password' },
        dataFrom: [{ extract: { key: 'mine' } }],
      };
      const maintenance = { repository: { repository: 'mine' } };
      const specs = { secret, source: spec, maintenance };
      const other = admitted(await cluster.api.create(pvc(ns, 'other', { backup: null })));
      const owner = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: 'other', uid: other.metadata.uid };
      for (const [index, kind] of (['secret', 'source', 'maintenance'] as const).entries())
        for (const ownerReferences of [[], [owner]]) {
          const ref = alwaysGeneratedRefs({ namespace: ns, name: 'data' })[index]!;
          const made = await cluster.api.create({ ...kinds[kind], metadata: { name: ref.name!, namespace: ns, ownerReferences }, spec: specs[kind] });
          check(made.status === 201, `${kind}: ${made.message}`);
          refused(await cluster.api.create(pvc(ns, 'data')), 'foreignResource');
          refused(await cluster.api.create(pvc(ns, 'data', { annotations: why })), 'foreignResource');
          admitted(await cluster.api.create(pvc(ns, 'data', { backup: null })));
          notSet(await label(cluster, ns, 'data', 'hourly'), 'labelForeign');
          await cluster.api.delete(ref);
          await deletePvc(cluster, ns, 'data');
        }
      const live = await eventually('the PVC is admitted', 60, async () => {
        const reply = await cluster.api.create(pvc(ns, 'data'));
        return reply.status === 201 && reply.body;
      });
      await generatedFor(cluster, live);
    },
  ),
  parallelScenario('a PVC deleted without its resources (orphan): the next one is not created over what nobody owns', async (cluster) => {
    const ns = await cluster.namespace('orphan');
    await generatedFor(cluster, admitted(await cluster.api.create(pvc(ns, 'data'))));
    const path = `/api/v1/namespaces/${ns}/persistentvolumeclaims/data?propagationPolicy=Orphan`;
    await cluster.api.request('DELETE', path);
    await eventually('the PVC is gone', 30, async () => (await cluster.api.find(pvcRef(ns, 'data'))) === undefined);
    refused(await cluster.api.create(pvc(ns, 'data')), 'foreignResource');
    for (const ref of alwaysGeneratedRefs({ namespace: ns, name: 'data' })) await cluster.api.delete(ref);
    await generatedGone(cluster, { namespace: ns, name: 'data' });
    await generatedFor(cluster, admitted(await cluster.api.create(pvc(ns, 'data'))));
  }),
  parallelScenario('what VolSync makes for itself, with a label that a platform gives every PVC: not ours', async (cluster) => {
    const ns = await cluster.namespace('of-volsync');
    const name = 'volsync-data-backup-src';
    cluster.plumberEndpoint.putBackup(ns, name);
    for (const value of ['hourly', 'Hourly']) {
      const labels = { [backupLabel]: value, [madeByVolsync.key]: madeByVolsync.value };
      const reply = await cluster.api.create(pvc(ns, name, { metadata: { labels } }));
      same(decisionOf(admitted(reply)), 'none', 'the decision');
      check(
        reply.warnings.some((warning) => warning.includes('says that VolSync made it')),
        `no warning but ${reply.warnings.join()}`,
      );
      await nothingMade(cluster, ns, name);
      await cluster.api.patch(pvcRef(ns, name), { metadata: { labels: { [backupLabel]: 'daily' } } });
      await nothingMade(cluster, ns, name);
      await deletePvc(cluster, ns, name);
    }
    same(cluster.plumberEndpoint.questions(ns, name), 0, 'the number of questions');
  }),
  parallelScenario('users and groups of movers that are changed later are checked like at the creation', async (cluster) => {
    const ns = await cluster.namespace('ids-later');
    await generatedFor(cluster, admitted(await cluster.api.create(pvc(ns, 'data'))));
    const change = (value: string): Promise<Reply> =>
      cluster.api.patch(pvcRef(ns, 'data'), { metadata: { annotations: { [annotation.runAsUser]: value } } });
    for (const value of ['-1', '1.5', 'NaN', '2147483648', '12345678901234567890', 'root', '']) notSet(await change(value), 'unsupported');
    set(await change('1000'));
  }),
];
