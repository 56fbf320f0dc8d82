import { dump, loadAll } from 'js-yaml';
import { homelab } from '../../../examples/homelab/site';
import { same } from '../../harness/check';
import type { Standing } from '../../harness/argocd/argocd';
import type { ArgoCluster } from '../../harness/argocd/cluster';
import type { KubeObject } from '../../harness/api';
import { eventually } from '../../harness/waiting';
import type { ArgoScenario } from '../../harness/argocd/scenario';

const policies = (cluster: ArgoCluster): Promise<KubeObject[]> => cluster.api.list('kyverno.io/v1', 'ClusterPolicy');

/** Which policies there are, by name and UID. */
const identities = async (cluster: ArgoCluster): Promise<string[]> =>
  (await policies(cluster)).map(({ metadata }) => `${metadata.name} ${metadata.uid}`).toSorted();

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
    name: 'a tier is removed and put back: the policies change in place, and everything else stays',
    play: async (cluster) => {
      const before = await identities(cluster);
      const [hourly, daily] = homelab.tiers;
      /** How many policies hold the schedule of the other tier. */
      const holding = async (): Promise<number> =>
        (await policies(cluster)).filter(({ spec }) => JSON.stringify(spec).includes(daily.schedule)).length;
      const held = await holding();
      await cluster.arrived(cluster.commitSite({ tiers: [hourly] }, 'one tier'));
      await cluster.argocd.refresh('kyverno');
      await eventually('no policy holds the schedule of the other tier', 240, async () => (await holding()) === 0);
      same(await identities(cluster), before, 'the policies with one tier');
      await cluster.arrived(cluster.commitSite({}, 'both tiers'));
      await cluster.argocd.refresh('kyverno');
      await eventually('the policies hold both schedules again', 240, async () => (await holding()) === held);
      same(await identities(cluster), before, 'the policies with two tiers');
      await cluster.settled('kyverno', 240);
      return `${held} policies`;
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
