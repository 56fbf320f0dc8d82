import { join } from 'node:path';
import type { KubeObject } from '../harness/api';
import { check, same } from '../harness/check';
import { scenario, type Scenario } from '../harness/scenario';
import { admitted, generatedFor, kinds, pvc } from '../harness/pvc';
import { policiesOf } from '../harness/site';
import { documents, folderObjects } from '../harness/tree';
import { eventually } from '../harness/waiting';
import type { Cluster } from '../harness/cluster';

const releases = join(__dirname, '..', 'releases');
const files = ['volsync-pvc-backup-restore.yaml', 'volsync-pvc-backup-repair.yaml', 'admission-policies.yaml'];
const policy = { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy' };

/** Syncs as Argo CD does: applies what is there, then prunes what is not. */
export async function sync(cluster: Cluster, policies: readonly KubeObject[]): Promise<void> {
  await cluster.applyAll(policies, 20);
  for (const { metadata } of await cluster.api.list(policy.apiVersion, policy.kind)) {
    if (!policies.some(({ metadata: { name } }) => name === metadata.name)) await cluster.api.delete({ ...policy, name: metadata.name });
  }
  await cluster.policiesReady();
}

export const current = (): KubeObject[] => folderObjects('infrastructure/controllers/kyverno').filter(({ kind }) => kind === 'ClusterPolicy');
const backstop = (): KubeObject[] => folderObjects('infrastructure/controllers/backstop');

export const upgradeScenarios: readonly Scenario[] = [
  scenario('upgrade from an earlier release: accepted, nothing that exists is lost, and new PVCs get their resources', async (cluster) => {
    const ns = await cluster.namespace('upgraded');
    const earlier = files.flatMap((file) => documents(join(releases, 'first', file)));
    await cluster.applyAll(earlier.filter(({ kind }) => kind !== 'ClusterPolicy'));
    await sync(
      cluster,
      earlier.filter(({ kind }) => kind === 'ClusterPolicy'),
    );
    const old = await eventually('the earlier release decides', 60, async () => {
      const reply = await cluster.api.create(pvc(ns, 'old'));
      return reply.status === 201 && reply.body;
    });
    const before = await generatedFor(cluster, old);
    await cluster.applyAll(backstop());
    await sync(cluster, current());
    const after = await generatedFor(cluster, old);
    same(after.source.metadata.uid, before.source.metadata.uid, 'the ReplicationSource of the old PVC');
    const live = await eventually('the new release decides', 60, async () => {
      const reply = await cluster.api.create(pvc(ns, 'new'));
      return reply.status === 201 && reply.body;
    });
    await generatedFor(cluster, live);
  }),
  scenario('other tiers, retention, schedules and namespaces in main.ts: accepted, and existing backups follow', async (cluster) => {
    const ns = await cluster.namespace('retuned');
    same(
      policiesOf().map(({ spec }) => spec as object),
      current().map(({ spec }) => spec as object),
      'the policies of the unchanged site',
    );
    const live = admitted(await cluster.api.create(pvc(ns, 'data')));
    const { source } = await generatedFor(cluster, live);
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
        await sync(cluster, policiesOf(change));
        const { tiers } = { tiers: [{ schedule: '0 * * * *' }], ...change };
        await eventually(
          `the schedule ${tiers[0]?.schedule}`,
          120,
          async () =>
            (await cluster.api.find({ ...kinds.source, namespace: ns, name: 'data-backup' }))?.['spec'].trigger.schedule === tiers[0]?.schedule,
        );
      }
    } finally {
      await sync(cluster, current());
    }
    const after = await generatedFor(cluster, live);
    same(after.source.metadata.uid, source.metadata.uid, 'the ReplicationSource');
    await eventually(
      'the first retention',
      120,
      async () => JSON.stringify((await generatedFor(cluster, live)).source['spec'].kopia.retain) === JSON.stringify(source['spec'].kopia.retain),
    );
  }),
  scenario('Kyverno refuses a changed generate rule under its old name, which is why the name changes with it', async (cluster) => {
    const generating = current().find(({ metadata }) => metadata.name.includes('generate'));
    check(generating !== undefined, 'there is a generating policy');
    const changed = structuredClone(generating) as unknown as { spec: { rules: { preconditions: { all: unknown[] } }[] } };
    changed.spec.rules[0]?.preconditions.all.push({ key: 'a', operator: 'Equals', value: 'a' });
    const { status, message } = await cluster.api.apply(changed, { dryRun: true });
    check(status >= 400 && /immutable/.test(message), `Kyverno takes it: ${status} ${message}`);
  }),
];
