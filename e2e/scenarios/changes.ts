import { annotation, backupLabel, repairer } from '../../lib/model/naming';
import { denialPattern } from '../../test/support/denial-pattern';
import { Api } from '../harness/api';
import { check, same } from '../harness/check';
import { parallelScenario, type Scenario } from '../harness/scenario';
import { admitted, alwaysGeneratedRefs, generatedGone, generatedFor, deletePvc, kinds, pvc, pvcRef } from '../harness/pvc';
import { eventually, never, sleep } from '../harness/waiting';
import type { Ref } from '../harness/api';
import { now } from '../harness/spoofing';
import type { Cluster } from '../harness/cluster';

export async function scheduleOf(cluster: Cluster, namespace: string, name: string): Promise<string> {
  const source = await cluster.api.find({ ...kinds.source, namespace, name: `${name}-backup` });
  return String(source?.['spec'].trigger.schedule);
}

export const schedules = { daily: '0 2 * * *', hourly: '0 * * * *' };

async function anyOf(cluster: Cluster, refs: readonly Ref[]): Promise<boolean> {
  return (await Promise.all(refs.map((ref) => cluster.api.find(ref)))).some((child) => child !== undefined);
}

export const changeScenarios: readonly Scenario[] = [
  parallelScenario('a PVC that gets its label later gets its resources, a block volume none', async (cluster) => {
    const ns = await cluster.namespace('later');
    for (const [label, schedule] of Object.entries(schedules)) {
      const live = admitted(await cluster.api.create(pvc(ns, label, { backup: null })));
      await sleep(500);
      await cluster.api.patch(pvcRef(ns, label), { metadata: { labels: { [backupLabel]: label } } });
      const { source } = await generatedFor(cluster, live);
      same(source['spec'].trigger, { schedule }, 'the schedule');
    }
    const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'mine' };
    admitted(await cluster.api.create(pvc(ns, 'cloned', { backup: null, spec: { dataSourceRef: snapshot } })));
    await cluster.api.patch(pvcRef(ns, 'cloned'), { metadata: { labels: { [backupLabel]: 'daily' } } });
    const blocks = Object.keys(schedules).map((label) => ({ namespace: ns, name: `block-${label}`, label }));
    for (const { name, label } of blocks) {
      admitted(await cluster.api.create(pvc(ns, name, { backup: null, spec: { volumeMode: 'Block' } })));
      const reply = await cluster.api.patch(pvcRef(ns, name), { metadata: { labels: { [backupLabel]: label } } });
      check(denialPattern('unsupported').test(reply.message), `the label of a block volume: ${reply.status} ${reply.message}`);
    }
    await never('a block volume gets resources', 2, async () => anyOf(cluster, blocks.flatMap(alwaysGeneratedRefs)));
    same((await cluster.api.list(kinds.destination.apiVersion, kinds.destination.kind, ns)).length, 0, 'the number of restores');
    const excluded = `later${cluster.round}`;
    admitted(await cluster.api.create(pvc('volsync-system', excluded)));
    await cluster.api.patch(pvcRef('volsync-system', excluded), { metadata: { annotations: { note: 'x' } } });
    await never('a PVC in an excluded namespace gets resources', 2, async () =>
      anyOf(cluster, alwaysGeneratedRefs({ namespace: 'volsync-system', name: excluded })),
    );
  }),
  parallelScenario('a restore that was lost comes back while the PVC waits for it, and not afterwards', async (cluster) => {
    const ns = await cluster.namespace('lost');
    cluster.plumberEndpoint.putBackup(ns, 'data');
    const live = admitted(await cluster.api.create(pvc(ns, 'data')));
    await generatedFor(cluster, live);
    const restore = { ...kinds.destination, namespace: ns, name: String(live['spec'].dataSourceRef.name) };
    await cluster.api.delete(restore);
    await generatedFor(cluster, live, 120);
    const status = `/api/v1/namespaces/${ns}/persistentvolumeclaims/data/status`;
    const bound = await cluster.api.request('PATCH', status, { status: { phase: 'Bound' } }, 'application/merge-patch+json');
    same(bound.body['status']?.phase, 'Bound', 'the phase');
    await cluster.api.delete(restore);
    await cluster.api.patch(pvcRef(ns, 'data'), { metadata: { annotations: { [annotation.repairRequestedAt]: now() } } });
    await never('a restore of a bound PVC comes back', 3, async () => anyOf(cluster, [restore]));
  }),
  parallelScenario('label changed from hourly to daily and back: the schedule follows, the object stays', async (cluster) => {
    const ns = await cluster.namespace('changed');
    const live = admitted(await cluster.api.create(pvc(ns, 'data')));
    const { source } = await generatedFor(cluster, live);
    // Tools that adopt objects overwrite labels of all of a kind.
    await cluster.api.patch(
      { ...kinds.source, namespace: ns, name: source.metadata.name },
      { metadata: { labels: { 'app.kubernetes.io/managed-by': 'Helm' } } },
    );
    for (const [label, schedule] of Object.entries(schedules)) {
      await cluster.api.patch(pvcRef(ns, 'data'), { metadata: { labels: { [backupLabel]: label } } });
      await eventually(`the schedule of ${label}`, 60, async () => (await scheduleOf(cluster, ns, 'data')) === schedule);
    }
    const after = await generatedFor(cluster, live);
    same(after.source.metadata.uid, source.metadata.uid, 'the ReplicationSource');
    same(after.source['spec'], source['spec'], 'its spec');
  }),
  parallelScenario('the process that asks for repairs may set its annotation, and change nothing else of a PVC', async (cluster) => {
    const ns = await cluster.namespace('repairer');
    admitted(await cluster.api.create(pvc(ns, 'data', { metadata: { finalizers: ['example.org/held'] } })));
    const api = new Api(cluster.api.server, cluster.plane.ca, await cluster.plane.tokenOf(repairer.namespace, repairer.name));
    const patch = async (change: object): Promise<number> => (await api.patch(pvcRef(ns, 'data'), change)).status;
    same(await patch({ metadata: { annotations: { [annotation.repairRequestedAt]: now() } } }), 200, 'its own annotation');
    for (const change of [
      { metadata: { labels: { [backupLabel]: null } } },
      { metadata: { annotations: { [annotation.decision]: 'skipped' } } },
      { metadata: { annotations: { [annotation.decision]: null } } },
      { metadata: { finalizers: null } },
      { spec: { resources: { requests: { storage: '9Gi' } } } },
    ])
      check((await patch(change)) >= 400, `it may change ${JSON.stringify(change)}`);
    await cluster.api.patch(pvcRef(ns, 'data'), { metadata: { finalizers: null } });
  }),
  parallelScenario('a ReplicationSource that a person made is never touched', async (cluster) => {
    const ns = await cluster.namespace('by-hand');
    const spec = { sourcePVC: 'data', trigger: { schedule: '5 5 * * *' }, kopia: { repository: 'mine' } };
    const live = admitted(await cluster.api.create(pvc(ns, 'data')));
    const source = { ...kinds.source, namespace: ns, name: 'data-backup' };
    await generatedFor(cluster, live);
    // Between its deletion and its repair.
    await cluster.api.delete(source);
    const made = await cluster.api.create({ ...kinds.source, metadata: { name: source.name, namespace: ns }, spec });
    check(made.status === 201, `the source of a person: ${made.message}`);
    for (const label of ['daily', 'hourly']) {
      await cluster.api.patch(pvcRef(ns, 'data'), { metadata: { labels: { [backupLabel]: label } } });
      await never('the schedule of a person is changed', 3, async () => (await scheduleOf(cluster, ns, 'data')) !== '5 5 * * *');
    }
    same(live.metadata.name, 'data', 'the PVC');
  }),
  parallelScenario('label removed: the backups go on until somebody deletes them', async (cluster) => {
    const ns = await cluster.namespace('removed');
    const live = admitted(await cluster.api.create(pvc(ns, 'data')));
    await generatedFor(cluster, live);
    await cluster.api.patch(pvcRef(ns, 'data'), { metadata: { labels: { [backupLabel]: null } } });
    await sleep(3000);
    const { source } = await generatedFor(cluster, live, 1);
    // Whoever wants them to end deletes the ReplicationSource, and it stays away.
    await cluster.api.delete({ ...kinds.source, namespace: ns, name: source.metadata.name });
    await cluster.api.patch(pvcRef(ns, 'data'), { metadata: { annotations: { note: 'x' } } });
    await never(
      'the ReplicationSource comes back',
      3,
      async () => (await cluster.api.find({ ...kinds.source, namespace: ns, name: source.metadata.name })) !== undefined,
    );
    await deletePvc(cluster, ns, 'data');
    await generatedGone(cluster, { namespace: ns, name: 'data' });
  }),
  parallelScenario('what was generated and a person deleted comes back by itself, but not while the PVC is being deleted', async (cluster) => {
    const ns = await cluster.namespace('repaired');
    const finalizer = 'example.org/held';
    cluster.plumberEndpoint.putBackup(ns, 'daily');
    const all = await Promise.all(
      ['hourly', 'daily'].map(async (label) => {
        const live = admitted(await cluster.api.create(pvc(ns, label, { metadata: { finalizers: [finalizer], labels: { [backupLabel]: label } } })));
        const restore = live['spec'].dataSourceRef?.name as string | undefined;
        const refs = [
          ...alwaysGeneratedRefs({ namespace: ns, name: label }),
          ...(restore === undefined ? [] : [{ ...kinds.destination, namespace: ns, name: restore }]),
        ];
        return { live, refs, own: pvcRef(ns, label) };
      }),
    );
    check(
      all.some(({ refs }) => refs.some(({ kind }) => kind === kinds.destination.kind)),
      'one of them waits for its restore',
    );
    for (const { live, refs } of all) {
      await generatedFor(cluster, live);
      for (const ref of refs) await cluster.api.delete(ref);
    }
    for (const { live, refs, own } of all) {
      await generatedFor(cluster, live, 120);
      await cluster.api.delete(own);
      for (const ref of refs) await cluster.api.delete(ref);
      await cluster.api.patch(own, { metadata: { annotations: { [annotation.repairRequestedAt]: now() } } });
    }
    await never('resources of a terminating PVC come back', 35, () =>
      anyOf(
        cluster,
        all.flatMap(({ refs }) => refs),
      ),
    );
    for (const { own } of all) {
      const released = await cluster.api.patch(own, { metadata: { finalizers: null } });
      check(released.status === 200, `the finalizer can't be removed: ${released.message}`);
      await eventually('the PVC is gone', 20, async () => (await cluster.api.find(own)) === undefined);
    }
  }),
];
