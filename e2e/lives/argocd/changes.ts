import { homelab } from '../../../examples/homelab/site';
import { check, same } from '../../harness/check';
import { type Standing, standing } from '../../harness/argocd/argocd';
import type { ArgoCluster } from '../../harness/argocd/cluster';
import { eventually } from '../../harness/waiting';
import type { ArgoLife } from './index';

const policies = async (cluster: ArgoCluster): Promise<string[]> =>
  (await cluster.api.list('kyverno.io/v1', 'ClusterPolicy')).map(({ metadata }) => metadata.name).toSorted();

/** The platform is settled with a commit. The apps of earlier scenarios may wait for volumes. */
async function arrived(cluster: ArgoCluster, commit: string): Promise<void> {
  await cluster.argocd.refresh('root');
  await eventually('the root has synced the commit', 300, async () => {
    const root = await cluster.argocd.application('root');
    const { sync, operationState } = (root?.['status'] ?? {}) as Standing;
    if (sync?.status === 'Synced' && sync.revision === commit && operationState?.phase === 'Succeeded') return true;
    throw new Error(`${standing(root)}: ${operationState?.message?.slice(0, 400)}`);
  });
  for (const { metadata } of await cluster.argocd.applications())
    if (!metadata.name.startsWith('my-apps-')) await cluster.settled(metadata.name, 180);
}

export const changeLives: readonly ArgoLife[] = [
  {
    name: 'a tier is removed and put back: its policies go and come, and everything else stays',
    play: async (cluster) => {
      const before = await policies(cluster);
      const [hourly] = homelab.tiers;
      await arrived(cluster, cluster.commitSite({ tiers: [hourly] }, 'one tier'));
      const without = await policies(cluster);
      same(without.length, before.length, 'the number of policies');
      check(
        without.some((name) => !before.includes(name)),
        'the policies that carry the tiers in their names are other ones',
      );
      await arrived(cluster, cluster.commitSite({}, 'both tiers'));
      same(await policies(cluster), before, 'the policies with both tiers');
    },
  },
  {
    name: 'the Prometheus stack is left out later: no repository is refused, and its CRDs stay with the rules in them',
    play: async (cluster) => {
      const crds = async (): Promise<string[]> =>
        (await cluster.api.list('apiextensions.k8s.io/v1', 'CustomResourceDefinition'))
          .map(({ metadata }) => metadata.name)
          .filter((name) => name.endsWith('monitoring.coreos.com'))
          .toSorted();
      const before = await crds();
      const rules = await cluster.api.list('monitoring.coreos.com/v1', 'PrometheusRule');
      await arrived(cluster, cluster.commitSite({ monitoring: { prometheusStack: false } }, 'a Prometheus of its own'));
      same(await crds(), before, 'the CRDs');
      same(
        (await cluster.api.list('monitoring.coreos.com/v1', 'PrometheusRule')).map(({ metadata }) => metadata.uid),
        rules.map(({ metadata }) => metadata.uid),
        'the rules',
      );
      await arrived(cluster, cluster.commitSite({}, 'the stack again'));
    },
  },
];
