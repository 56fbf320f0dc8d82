/** The steps of docs/extending.md for a StatefulSet that exists, and for a claim that grows while its restore runs. */
import { dump } from 'js-yaml';
import { backupLabel } from '../../../lib/model/naming';
import { type Standing, standing } from '../../harness/argocd/argocd';
import type { ArgoCluster } from '../../harness/argocd/cluster';
import type { ArgoScenario } from '../../harness/argocd/scenario';
import { same } from '../../harness/check';
import { decisionOf, generatedFor, pvcRef } from '../../harness/pvc';
import { eventually } from '../../harness/waiting';
import { deleteSet, firstClaim, podOf, statefulSet } from '../stateful-set';
import { bound, claim } from './claims';

/** Argo CD's last sync of an Application failed with these words, and another try follows. */
async function failsWith(cluster: ArgoCluster, name: string, words: RegExp): Promise<void> {
  await eventually(`the sync of ${name} fails with ${words}`, 240, async () => {
    const app = await cluster.argocd.application(name);
    const { operationState } = (app?.['status'] ?? {}) as Standing;
    if (words.test(JSON.stringify(operationState))) return true;
    throw new Error(standing(app));
  });
}

export const workloadScenarios: readonly ArgoScenario[] = [
  {
    name: 'the label on a StatefulSet that exists: the sync fails until it is deleted without its Pods, and then goes on by itself',
    play: async (cluster) => {
      const namespace = 'existing-set';
      const app = `my-apps-${namespace}`;
      const write = (labelled: boolean): void => cluster.git.write(`my-apps/${namespace}/set.yaml`, dump(statefulSet(namespace, labelled)));
      write(false);
      cluster.git.push('a StatefulSet without the label');
      await cluster.argocd.refreshApps();
      const before = await bound(cluster, namespace, firstClaim);
      const running = await podOf(cluster, namespace, 120);

      const labelled = await cluster.api.patch(pvcRef(namespace, firstClaim), { metadata: { labels: { [backupLabel]: 'hourly' } } });
      same([labelled.status, decisionOf(labelled.body)], [200, 'fresh'], `the label: ${labelled.message}`);
      await generatedFor(cluster, labelled.body);
      write(true);
      cluster.git.push('the label in its template');
      await cluster.argocd.refresh(app);
      await failsWith(cluster, app, /updates to statefulset spec .* are forbidden/);
      await deleteSet(cluster, namespace, 'Orphan');
      same(await podOf(cluster, namespace, 300), running, 'the Pod of the StatefulSet that Argo CD makes anew');
      const after = await cluster.api.find(pvcRef(namespace, firstClaim));
      same([after?.metadata.uid, after?.metadata.labels?.[backupLabel]], [before.metadata.uid, 'hourly'], 'its claim');
      await cluster.settled(app, 240);
    },
  },
  {
    name: 'a claim grows in Git while its restore is pending: the sync fails until it is bound, and then grows it by itself',
    play: async (cluster) => {
      const namespace = 'growing';
      const app = `my-apps-${namespace}`;
      cluster.plumberEndpoint.putBackup(namespace, 'data');
      const path = `my-apps/${namespace}/pvc.yaml`;
      cluster.git.write(path, claim(namespace, 'data'));
      cluster.git.push('a claim with a backup');
      await cluster.argocd.refreshApps();
      const live = await eventually('the claim', 300, () => cluster.api.find(pvcRef(namespace, 'data')));
      same(decisionOf(live), 'restore', 'the decision');
      cluster.git.write(path, claim(namespace, 'data', undefined, '2Gi'));
      cluster.git.push('more room');
      await cluster.argocd.refresh(app);
      await failsWith(cluster, app, /spec is immutable after creation except resources\.requests/);
      await bound(cluster, namespace, 'data');
      const ended = Date.now();
      const grown = await eventually('the claim asks for more', 400, async () => {
        const found = await cluster.api.find(pvcRef(namespace, 'data'));
        return found?.['spec'].resources.requests.storage === '2Gi' && found;
      });
      same([grown.metadata.uid, decisionOf(grown)], [live.metadata.uid, 'restore'], 'the claim');
      return `${((Date.now() - ended) / 1000).toFixed(0)} s after it was bound`;
    },
  },
];
