import { dump, loadAll } from 'js-yaml';
import { check } from '../../harness/check';
import type { KubeObject } from '../../harness/api';
import { type Standing, standing } from '../../harness/argocd/argocd';
import type { ArgoCluster } from '../../harness/argocd/cluster';
import type { Git } from '../../harness/argocd/git';
import { eventually, sleep } from '../../harness/waiting';
import type { ArgoScenario } from '../../harness/argocd/scenario';
import { patience } from './clock';

const apps = 'dist/infrastructure/controllers/argocd/apps';

/** Changes the values of 1Password Connect's chart; the stand-in knows only this one. */
function connectWith(trial: string): (git: Git) => void {
  return (git) => {
    const [application] = loadAll(git.read(`${apps}/1passwordconnect-app.yaml`)) as KubeObject[];
    application!['spec'].sources[0].helm.valuesObject.trial = trial;
    git.write(`${apps}/1passwordconnect-app.yaml`, dump(application));
  };
}

const stateOf = async (cluster: ArgoCluster, name: string): Promise<Standing> =>
  ((await cluster.argocd.application(name))?.['status'] ?? {}) as Standing;

export const outageScenarios: readonly ArgoScenario[] = [
  {
    name: 'a commit that mends the tree reaches a root that waits for a child without an end',
    play: async (cluster) => {
      const started = cluster.pods.ready;
      cluster.pods.ready = async (pod) => pod.metadata.annotations?.['trial'] !== 'broken' && (await started(pod));
      const broken = cluster.commitTree('a child that never gets ready', undefined, (git) => (patience(git, 20), connectWith('broken')(git)));
      await cluster.argocd.refresh('root');
      await eventually('the child is on its way', 180, async () => (await stateOf(cluster, '1passwordconnect')).health?.status === 'Progressing');
      await eventually('the root waits with that commit', 180, async () => {
        const { operationState } = await stateOf(cluster, 'root');
        return operationState?.phase === 'Running' && JSON.stringify(operationState).includes(broken);
      });
      cluster.commitTree('mended', undefined, (git) => patience(git, 20));
      const begun = Date.now();
      await cluster.argocd.refresh('root');
      await cluster.settled('1passwordconnect', 400);
      await cluster.settled('root', 400);
      cluster.pods.ready = started;
      return `${((Date.now() - begun) / 1000).toFixed(0)} s after the commit, with a patience of 20 s`;
    },
  },
  {
    name: 'a child whose sync is refused keeps its old values through its retries; the root says so, and the command that it names ends it',
    play: async (cluster) => {
      cluster.commitTree('a value that the API server refuses', undefined, (git) => (patience(git, 20), connectWith('refused')(git)));
      await cluster.argocd.refresh('root');
      await eventually(
        'the child is tried again',
        90,
        async () => ((await stateOf(cluster, '1passwordconnect')).operationState?.retryCount ?? 0) >= 1,
      );
      cluster.commitTree('the right value', undefined, (git) => patience(git, 20));
      await cluster.argocd.refresh('root');
      const words = await eventually('the root says why', 400, async () => {
        const { operationState } = await stateOf(cluster, 'root');
        return /its sync began with an older source[^"]*/.exec(JSON.stringify(operationState))?.[0];
      });
      check(words.includes('kubectl patch application 1passwordconnect -n argocd --type merge -p'), `the command is named: ${words}`);
      await sleep(2000);
      const patch = { status: { operationState: { phase: 'Terminating' } } };
      await cluster.api.patch({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: '1passwordconnect' }, patch);
      await cluster.settled('1passwordconnect', 240);
      await cluster.settled('root', 400);
    },
  },
  {
    name: 'with Kyverno down nothing of the tree turns Unknown',
    play: async (cluster) => {
      await cluster.kyverno.stop('SIGKILL');
      try {
        for (const { metadata } of await cluster.argocd.applications()) await cluster.argocd.refresh(metadata.name, 'hard');
        for (const each of await cluster.argocd.applications()) check(!/Unknown/.test(standing(each)), `${each.metadata.name}: ${standing(each)}`);
      } finally {
        await cluster.kyverno.start();
      }
    },
  },
];
