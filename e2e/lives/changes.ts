import { annotation, backupLabel, repairer } from '../../lib/model/naming';
import { Api } from '../harness/api';
import { check, same } from '../harness/check';
import { calmLife, type Life } from '../harness/life';
import { admitted, childRefs, childrenGone, childrenOf, deletePvc, kinds, pvc, pvcRef } from '../harness/pvc';
import { eventually, never, sleep } from '../harness/waiting';
import type { Ref } from '../harness/api';
import { now } from '../harness/forgery';
import type { World } from '../harness/world';

export async function scheduleOf(world: World, namespace: string, name: string): Promise<string> {
  const source = await world.api.find({ ...kinds.source, namespace, name: `${name}-backup` });
  return String(source?.['spec'].trigger.schedule);
}

export const schedules = { daily: '0 2 * * *', hourly: '0 * * * *' };

async function anyOf(world: World, refs: readonly Ref[]): Promise<boolean> {
  return (await Promise.all(refs.map((ref) => world.api.find(ref)))).some((child) => child !== undefined);
}

export const changeLives: readonly Life[] = [
  calmLife('a PVC that gets its label later gets its children, a block volume none', async (world) => {
    const ns = await world.namespace('later');
    for (const [label, schedule] of Object.entries(schedules)) {
      const live = admitted(await world.api.create(pvc(ns, label, { backup: null })));
      await sleep(500);
      await world.api.patch(pvcRef(ns, label), { metadata: { labels: { [backupLabel]: label } } });
      const { source } = await childrenOf(world, live);
      same(source['spec'].trigger, { schedule }, 'the schedule');
    }
    const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'mine' };
    admitted(await world.api.create(pvc(ns, 'cloned', { backup: null, spec: { dataSourceRef: snapshot } })));
    await world.api.patch(pvcRef(ns, 'cloned'), { metadata: { labels: { [backupLabel]: 'daily' } } });
    const blocks = Object.keys(schedules).map((label) => ({ namespace: ns, name: `block-${label}`, label }));
    for (const { name, label } of blocks) {
      admitted(await world.api.create(pvc(ns, name, { backup: null, spec: { volumeMode: 'Block' } })));
      await world.api.patch(pvcRef(ns, name), { metadata: { labels: { [backupLabel]: label } } });
    }
    await never('a block volume gets children', 2, async () => anyOf(world, blocks.flatMap(childRefs)));
    same((await world.api.list(kinds.destination.apiVersion, kinds.destination.kind, ns)).length, 0, 'the number of restores');
    const excluded = `later${world.round}`;
    admitted(await world.api.create(pvc('volsync-system', excluded)));
    await world.api.patch(pvcRef('volsync-system', excluded), { metadata: { annotations: { note: 'x' } } });
    await never('a PVC in an excluded namespace gets children', 2, async () =>
      anyOf(world, childRefs({ namespace: 'volsync-system', name: excluded })),
    );
  }),
  calmLife('a restore that was lost comes back while the PVC waits for it, and not afterwards', async (world) => {
    const ns = await world.namespace('lost');
    world.door.putBackup(ns, 'data');
    const live = admitted(await world.api.create(pvc(ns, 'data')));
    await childrenOf(world, live);
    const restore = { ...kinds.destination, namespace: ns, name: String(live['spec'].dataSourceRef.name) };
    await world.api.delete(restore);
    await childrenOf(world, live, 120);
    const status = `/api/v1/namespaces/${ns}/persistentvolumeclaims/data/status`;
    const bound = await world.api.request('PATCH', status, { status: { phase: 'Bound' } }, 'application/merge-patch+json');
    same(bound.body['status']?.phase, 'Bound', 'the phase');
    await world.api.delete(restore);
    await world.api.patch(pvcRef(ns, 'data'), { metadata: { annotations: { [annotation.repairRequestedAt]: now() } } });
    await never('a restore of a bound PVC comes back', 3, async () => anyOf(world, [restore]));
  }),
  calmLife('label changed from hourly to daily and back: the schedule follows, the object stays', async (world) => {
    const ns = await world.namespace('changed');
    const live = admitted(await world.api.create(pvc(ns, 'data')));
    const { source } = await childrenOf(world, live);
    // Tools that adopt objects overwrite labels of all of a kind.
    await world.api.patch(
      { ...kinds.source, namespace: ns, name: source.metadata.name },
      { metadata: { labels: { 'app.kubernetes.io/managed-by': 'Helm' } } },
    );
    for (const [label, schedule] of Object.entries(schedules)) {
      await world.api.patch(pvcRef(ns, 'data'), { metadata: { labels: { [backupLabel]: label } } });
      await eventually(`the schedule of ${label}`, 60, async () => (await scheduleOf(world, ns, 'data')) === schedule);
    }
    const after = await childrenOf(world, live);
    same(after.source.metadata.uid, source.metadata.uid, 'the ReplicationSource');
    same(after.source['spec'], source['spec'], 'its spec');
  }),
  calmLife('the process that asks for repairs may set its annotation, and change nothing else of a PVC', async (world) => {
    const ns = await world.namespace('repairer');
    admitted(await world.api.create(pvc(ns, 'data', { metadata: { finalizers: ['example.org/held'] } })));
    const api = new Api(world.api.server, world.plane.ca, await world.plane.tokenOf(repairer.namespace, repairer.name));
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
    await world.api.patch(pvcRef(ns, 'data'), { metadata: { finalizers: null } });
  }),
  calmLife('a ReplicationSource that a person made is never touched', async (world) => {
    const ns = await world.namespace('by-hand');
    const spec = { sourcePVC: 'data', trigger: { schedule: '5 5 * * *' }, kopia: { repository: 'mine' } };
    await world.api.create({ ...kinds.source, metadata: { name: 'data-backup', namespace: ns }, spec });
    const live = admitted(await world.api.create(pvc(ns, 'data')));
    await eventually('the other children', 60, async () => world.api.find(childRefs({ namespace: ns, name: 'data' })[0]!));
    for (const label of ['daily', 'hourly']) {
      await world.api.patch(pvcRef(ns, 'data'), { metadata: { labels: { [backupLabel]: label } } });
      await never('the schedule of a person is changed', 3, async () => (await scheduleOf(world, ns, 'data')) !== '5 5 * * *');
    }
    same(live.metadata.name, 'data', 'the PVC');
  }),
  calmLife('label removed: the backups go on until somebody deletes them', async (world) => {
    const ns = await world.namespace('removed');
    const live = admitted(await world.api.create(pvc(ns, 'data')));
    await childrenOf(world, live);
    await world.api.patch(pvcRef(ns, 'data'), { metadata: { labels: { [backupLabel]: null } } });
    await sleep(3000);
    const { source } = await childrenOf(world, live, 1);
    // Whoever wants them to end deletes the ReplicationSource, and it stays away.
    await world.api.delete({ ...kinds.source, namespace: ns, name: source.metadata.name });
    await world.api.patch(pvcRef(ns, 'data'), { metadata: { annotations: { note: 'x' } } });
    await never(
      'the ReplicationSource comes back',
      3,
      async () => (await world.api.find({ ...kinds.source, namespace: ns, name: source.metadata.name })) !== undefined,
    );
    await deletePvc(world, ns, 'data');
    await childrenGone(world, { namespace: ns, name: 'data' });
  }),
  calmLife('what was generated and a person deleted comes back by itself, but not while the PVC is being deleted', async (world) => {
    const ns = await world.namespace('repaired');
    const finalizer = 'example.org/held';
    world.door.putBackup(ns, 'daily');
    const all = await Promise.all(
      ['hourly', 'daily'].map(async (label) => {
        const live = admitted(await world.api.create(pvc(ns, label, { metadata: { finalizers: [finalizer], labels: { [backupLabel]: label } } })));
        const restore = live['spec'].dataSourceRef?.name as string | undefined;
        const refs = [
          ...childRefs({ namespace: ns, name: label }),
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
      await childrenOf(world, live);
      for (const ref of refs) await world.api.delete(ref);
    }
    for (const { live, refs, own } of all) {
      await childrenOf(world, live, 120);
      await world.api.delete(own);
      for (const ref of refs) await world.api.delete(ref);
      await world.api.patch(own, { metadata: { annotations: { [annotation.repairRequestedAt]: now() } } });
    }
    await never('children of a terminating PVC come back', 35, () =>
      anyOf(
        world,
        all.flatMap(({ refs }) => refs),
      ),
    );
    for (const { own } of all) {
      const released = await world.api.patch(own, { metadata: { finalizers: null } });
      check(released.status === 200, `the finalizer can't be removed: ${released.message}`);
      await eventually('the PVC is gone', 20, async () => (await world.api.find(own)) === undefined);
    }
  }),
];
