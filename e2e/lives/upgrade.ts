import { join } from 'node:path';
import type { KubeObject } from '../harness/api';
import { check, same } from '../harness/check';
import { life, type Life } from '../harness/life';
import { admitted, childrenOf, kinds, pvc } from '../harness/pvc';
import { policiesOf } from '../harness/site';
import { documents, folderObjects } from '../harness/tree';
import { eventually } from '../harness/waiting';
import type { World } from '../harness/world';

const releases = join(__dirname, '..', 'releases');
const files = ['volsync-pvc-backup-restore.yaml', 'volsync-pvc-backup-repair.yaml', 'admission-policies.yaml'];
const policy = { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy' };

/** Syncs as Argo CD does: applies what is there, then prunes what is not. */
export async function sync(world: World, policies: readonly KubeObject[]): Promise<void> {
  await world.applyAll(policies, 20);
  for (const { metadata } of await world.api.list(policy.apiVersion, policy.kind)) {
    if (!policies.some(({ metadata: { name } }) => name === metadata.name)) await world.api.delete({ ...policy, name: metadata.name });
  }
  await world.policiesReady();
}

export const current = (): KubeObject[] => folderObjects('infrastructure/controllers/kyverno').filter(({ kind }) => kind === 'ClusterPolicy');
const backstop = (): KubeObject[] => folderObjects('infrastructure/controllers/backstop');

export const upgradeLives: readonly Life[] = [
  life('upgrade from an earlier release: accepted, nothing that exists is lost, and new PVCs get their children', async (world) => {
    const ns = await world.namespace('upgraded');
    const earlier = files.flatMap((file) => documents(join(releases, 'first', file)));
    await world.applyAll(earlier.filter(({ kind }) => kind !== 'ClusterPolicy'));
    await sync(
      world,
      earlier.filter(({ kind }) => kind === 'ClusterPolicy'),
    );
    const old = await eventually('the earlier release decides', 60, async () => {
      const reply = await world.api.create(pvc(ns, 'old'));
      return reply.status === 201 && reply.body;
    });
    const before = await childrenOf(world, old);
    await world.applyAll(backstop());
    await sync(world, current());
    const after = await childrenOf(world, old);
    same(after.source.metadata.uid, before.source.metadata.uid, 'the ReplicationSource of the old PVC');
    const live = await eventually('the new release decides', 60, async () => {
      const reply = await world.api.create(pvc(ns, 'new'));
      return reply.status === 201 && reply.body;
    });
    await childrenOf(world, live);
  }),
  life('other tiers, retention, schedules and namespaces in main.ts: accepted, and existing backups follow', async (world) => {
    const ns = await world.namespace('retuned');
    same(
      policiesOf().map(({ spec }) => spec as object),
      current().map(({ spec }) => spec as object),
      'the policies of the unchanged site',
    );
    const live = admitted(await world.api.create(pvc(ns, 'data')));
    const { source } = await childrenOf(world, live);
    const changes = [
      { tiers: [{ label: 'hourly', schedule: '15 * * * *', retention: { hourly: 48, daily: 14 } }] },
      {
        tiers: [
          { label: 'hourly', schedule: '30 */2 * * *', retention: { hourly: 12 } },
          { label: 'weekly', schedule: '0 3 * * 0', retention: { weekly: 8 } },
        ],
      },
      { excludedNamespaces: ['kube-system', 'volsync-system', 'kyverno', 'scratch'] },
    ];
    try {
      for (const change of changes) {
        await sync(world, policiesOf(change));
        const { tiers } = { tiers: [{ schedule: '0 * * * *' }], ...change };
        await eventually(
          `the schedule ${tiers[0]?.schedule}`,
          120,
          async () =>
            (await world.api.find({ ...kinds.source, namespace: ns, name: 'data-backup' }))?.['spec'].trigger.schedule === tiers[0]?.schedule,
        );
      }
    } finally {
      await sync(world, current());
    }
    const after = await childrenOf(world, live);
    same(after.source.metadata.uid, source.metadata.uid, 'the ReplicationSource');
    await eventually(
      'the first retention',
      120,
      async () => JSON.stringify((await childrenOf(world, live)).source['spec'].kopia.retain) === JSON.stringify(source['spec'].kopia.retain),
    );
  }),
  life('Kyverno refuses a changed generate rule under its old name, which is why the name changes with it', async (world) => {
    const generating = current().find(({ metadata }) => metadata.name.includes('generate'));
    check(generating !== undefined, 'there is a generating policy');
    const changed = structuredClone(generating) as unknown as { spec: { rules: { preconditions: { all: unknown[] } }[] } };
    changed.spec.rules[0]?.preconditions.all.push({ key: 'a', operator: 'Equals', value: 'a' });
    const { status, message } = await world.api.apply(changed, { dryRun: true });
    check(status >= 400 && /immutable/.test(message), `Kyverno takes it: ${status} ${message}`);
  }),
];
