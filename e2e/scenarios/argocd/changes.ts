import { dump, loadAll } from 'js-yaml';
import { homelab } from '../../../examples/homelab/site';
import { same } from '../../harness/check';
import type { Standing } from '../../harness/argocd/argocd';
import type { ArgoCluster } from '../../harness/argocd/cluster';
import type { KubeObject } from '../../harness/api';
import { eventually } from '../../harness/waiting';
import type { ArgoScenario } from '../../harness/argocd/scenario';

const policies = async (cluster: ArgoCluster): Promise<string[]> =>
  (await cluster.api.list('kyverno.io/v1', 'ClusterPolicy')).map(({ metadata }) => metadata.name).toSorted();

const kyvernoApp = 'dist/infrastructure/controllers/argocd/apps/kyverno-app.yaml';

export const changeScenarios: readonly ArgoScenario[] = [
  {
    name: 'without labels for the CRDs of kyverno-api the Application kyverno is never Synced (the test of the test)',
    play: async (cluster) => {
      cluster.commitTree('without them', undefined, (git) => {
        const [application] = loadAll(git.read(kyvernoApp)) as KubeObject[];
        delete application!['spec'].sources[0].helm.valuesObject['kyverno-api'];
        git.write(kyvernoApp, dump(application));
      });
      await cluster.argocd.refresh('root');
      const outOfSync = async (): Promise<number> =>
        (((await cluster.argocd.application('kyverno'))?.['status'] as Standing | undefined)?.resources ?? []).filter(
          ({ kind, status }) => kind === 'CustomResourceDefinition' && status === 'OutOfSync',
        ).length;
      await eventually('a sync, and CRDs that are OutOfSync all the same', 240, async () => {
        const { operationState } = ((await cluster.argocd.application('kyverno'))?.['status'] ?? {}) as Standing;
        return operationState?.phase === 'Succeeded' && (await outOfSync()) > 0;
      });
      const count = await outOfSync();
      const commit = cluster.commitTree('with them');
      await cluster.arrived(commit);
      return `${count} CRDs`;
    },
  },
  {
    name: 'a tier is removed and put back: its policies go and come, and everything else stays',
    play: async (cluster) => {
      const before = await policies(cluster);
      const [hourly] = homelab.tiers;
      await cluster.arrived(cluster.commitSite({ tiers: [hourly] }, 'one tier'));
      await cluster.argocd.refresh('kyverno');
      // Two of them carry the tiers in their names.
      await eventually('the policies of one tier in place of those of two', 240, async () => {
        const now = await policies(cluster);
        return now.length === before.length && now.filter((name) => !before.includes(name)).length === 2;
      });
      await cluster.arrived(cluster.commitSite({}, 'both tiers'));
      await cluster.argocd.refresh('kyverno');
      await eventually('the policies of two tiers again', 240, async () => JSON.stringify(await policies(cluster)) === JSON.stringify(before));
      await cluster.settled('kyverno', 240);
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
      await cluster.arrived(cluster.commitSite({ monitoring: { prometheusStack: false } }, 'a Prometheus of its own'));
      same(await crds(), before, 'the CRDs');
      same(
        (await cluster.api.list('monitoring.coreos.com/v1', 'PrometheusRule')).map(({ metadata }) => metadata.uid),
        rules.map(({ metadata }) => metadata.uid),
        'the rules',
      );
      await cluster.arrived(cluster.commitSite({}, 'the stack again'));
    },
  },
];
