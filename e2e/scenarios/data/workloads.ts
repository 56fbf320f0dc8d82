/** The steps of docs/extending.md for a StatefulSet that exists, and for a claim that grows while its restore runs. */
import { backupLabel } from '../../../lib/model/naming';
import { check, same } from '../../harness/check';
import type { DataScenario } from '../../harness/data-scenario';
import { decisionOf, generatedFor, pvcRef } from '../../harness/pvc';
import { eventually } from '../../harness/waiting';
import { deleteSet, firstClaim as claim, podOf, statefulSet } from '../stateful-set';

export const workloadScenarios: readonly DataScenario[] = [
  {
    name: 'docs/extending.md: the label on a StatefulSet that exists: its volume is backed up and kept, the next ones have the label, and it comes back',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      const ns = 'existing-set';
      const { cluster } = context;
      await cluster.namespace(ns);
      await cluster.applyAll([statefulSet(ns, false)]);
      await eventually('the claim of the first replica', 60, () => cluster.api.find(pvcRef(ns, claim)));
      const before = await context.bound(ns, claim);
      const pod = await podOf(cluster, ns);
      const contents = await context.write(ns, claim);

      const labelled = await cluster.api.patch(pvcRef(ns, claim), { metadata: { labels: { [backupLabel]: 'hourly' } } });
      same([labelled.status, decisionOf(labelled.body)], [200, 'fresh'], `the label: ${labelled.message}`);
      await generatedFor(cluster, labelled.body);
      const tooEarly = await cluster.api.apply(statefulSet(ns, true));
      check(/updates to statefulset spec .* are forbidden/.test(tooEarly.message), `the new template: ${tooEarly.status} ${tooEarly.message}`);
      await deleteSet(cluster, ns, 'Orphan');
      await cluster.applyAll([statefulSet(ns, true)]);
      same(await podOf(cluster, ns), pod, 'the Pod of the first replica');
      same((await cluster.api.find(pvcRef(ns, claim)))?.metadata.uid, before.metadata.uid, 'the claim of the first replica');
      await context.backUp(ns, claim, contents);

      // What a new cluster does: the template alone makes the claim.
      await deleteSet(cluster, ns, 'Background');
      await context.lose(ns, claim);
      await cluster.applyAll([statefulSet(ns, true)]);
      await eventually('the claim of the first replica is there again', 120, () => cluster.api.find(pvcRef(ns, claim)));
      await context.restored(ns, claim);
      same(decisionOf((await cluster.api.find(pvcRef(ns, claim)))!), 'restore', 'the decision about the claim of the template');
    },
  },
  {
    name: 'docs/extending.md: a claim grows in Git while its restore is pending: refused until it is bound, then grown, with its data',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      const ns = 'growing';
      const { cluster } = context;
      await context.lost(ns);
      // Long enough for the change to meet it.
      cluster.node.volumes.cutSo(ns, { seconds: 10, holds: 'start' });
      const larger = { spec: { resources: { requests: { storage: '2Gi' } } } };
      const grow = () => cluster.api.patch(pvcRef(ns, 'data'), larger);
      await context.admitted(ns, 'data');
      const early = await grow();
      check(/spec is immutable after creation except resources\.requests/.test(early.message), `too early: ${early.status} ${early.message}`);
      await eventually('the claim is grown', 180, async () => {
        const { status, message } = await grow();
        if (status !== 200) throw new Error(message);
        return true;
      });
      await context.restored(ns, 'data');
      await context.backUp(ns, 'data', await context.write(ns, 'data'));
      await context.lose(ns, 'data');
      await context.admitted(ns, 'data', larger);
      await context.restored(ns, 'data');
    },
  },
];
