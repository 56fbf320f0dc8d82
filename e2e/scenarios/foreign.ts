import { annotation, backupLabel } from '../../lib/model/naming';
import type { KubeObject, Ref } from '../harness/api';
import { check, same } from '../harness/check';
import type { Cluster } from '../harness/cluster';
import { admitted, alwaysGeneratedRefs, generatedFor, kinds, pvc, pvcRef } from '../harness/pvc';
import { parallelScenario, type Scenario } from '../harness/scenario';
import { now } from '../harness/spoofing';
import { eventually, never } from '../harness/waiting';

const resourceOf = ({ kind, name }: Ref): string => `${kind.toLowerCase()}s/${name}`;

/** Waits until the repair says what stands in the place of a resource, and whose it is. */
async function said(cluster: Cluster, ref: Ref, of: string, owner: string): Promise<void> {
  const { namespace } = ref;
  await eventually(`the repair names ${resourceOf(ref)}`, 90, async () =>
    cluster.repairer.log
      .split('\n')
      .filter((line) => line.includes('is not its own'))
      .map((line) => JSON.parse(line) as Record<string, string>)
      .some((line) => line['namespace'] === namespace && line['pvc'] === of && line['resource'] === resourceOf(ref) && line['owner'] === owner),
  );
}

const owned = (by: KubeObject, uid = by.metadata.uid): object[] => [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: by.metadata.name, uid }];

/** Puts another ReplicationSource in the place of the generated one, as a person or a tool would. */
async function swapped(cluster: Cluster, ref: Ref, ownerReferences: readonly object[]): Promise<void> {
  const spec = { sourcePVC: ref.name.replace(/-backup$/, ''), trigger: { schedule: '5 5 * * *' }, kopia: { repository: 'mine' } };
  await cluster.api.delete(ref);
  const made = await cluster.api.create({ ...kinds.source, metadata: { name: ref.name, namespace: ref.namespace!, ownerReferences }, spec });
  check(made.status === 201, `the source of somebody else: ${made.message}`);
}

export const foreignScenarios: readonly Scenario[] = [
  parallelScenario(
    "somebody re-owns or replaces a PVC's resources later: named by the repair, never overwritten, and made again when they go",
    async (cluster) => {
      const ns = await cluster.namespace('re-owned');
      const [taken, other, replaced, former] = await Promise.all(
        ['taken', 'other', 'swapped', 'former'].map(async (name) => {
          const live = admitted(await cluster.api.create(pvc(ns, name)));
          await generatedFor(cluster, live);
          return live;
        }),
      );
      const refsOf = (live: KubeObject): readonly Ref[] => alwaysGeneratedRefs({ namespace: ns, name: live.metadata.name });
      for (const ref of refsOf(taken!))
        same((await cluster.api.patch(ref, { metadata: { ownerReferences: null } })).status, 200, 'the owner is taken off');
      const source = refsOf(replaced!)[1]!;
      await swapped(cluster, source, owned(other!));
      // The garbage collector knows no owner of this uid.
      const earlier = refsOf(former!)[1]!;
      await swapped(cluster, earlier, owned(former!, '00000000-0000-4000-8000-000000000000'));

      const before = await Promise.all([...refsOf(taken!), source].map((ref) => cluster.api.find(ref)));
      for (const ref of refsOf(taken!)) await said(cluster, ref, 'taken', 'nobody');
      await said(cluster, source, 'swapped', 'PersistentVolumeClaim other');
      await generatedFor(cluster, former!, 120);

      // Neither a repair that is asked for nor another label changes what belongs to somebody else.
      for (const name of ['taken', 'swapped'])
        await cluster.api.patch(pvcRef(ns, name), {
          metadata: { annotations: { [annotation.repairRequestedAt]: now() }, labels: { [backupLabel]: 'daily' } },
        });
      await never('what belongs to somebody else is changed', 5, async () => {
        const after = await Promise.all([...refsOf(taken!), source].map((ref) => cluster.api.find(ref)));
        return after.some(
          (each, index) =>
            JSON.stringify(each?.['spec']) !== JSON.stringify(before[index]?.['spec']) || each?.metadata.uid !== before[index]?.metadata.uid,
        );
      });

      for (const ref of [...refsOf(taken!), source]) await cluster.api.delete(ref);
      for (const live of [taken!, replaced!]) await generatedFor(cluster, live, 120);
    },
  ),
];
