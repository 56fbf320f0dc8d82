import { dump, loadAll } from 'js-yaml';
import { check, same } from '../../harness/check';
import type { KubeObject } from '../../harness/api';
import { type Standing, standing } from '../../harness/argocd/argocd';
import type { ArgoCluster } from '../../harness/argocd/cluster';
import type { Git } from '../../harness/argocd/git';
import { pvcRef } from '../../harness/pvc';
import { eventually, sleep } from '../../harness/waiting';
import type { ArgoScenario } from '../../harness/argocd/scenario';

const apps = 'dist/infrastructure/controllers/argocd/apps';
const config = 'dist/infrastructure/controllers/argocd/argocd-cm.yaml';

/** Hours of retries in minutes: the tree's own settings, but for how far apart they are. */
function hurry(git: Git): void {
  git.write(
    `${apps}/my-apps-app.yaml`,
    git.read(`${apps}/my-apps-app.yaml`).replace('duration: 5s', 'duration: 1s').replace('maxDuration: 3m', 'maxDuration: 2s'),
  );
}

/** The root waits for a child for 20 seconds in place of 30 minutes. */
function impatient(git: Git): void {
  const text = git.read(config);
  check(text.includes('30 * 60)'), 'the health check has its patience in it');
  git.write(config, text.replace('30 * 60)', '20)'));
}

/** Changes the values of 1Password Connect's chart; the stand-in knows only this one. */
function connectWith(trial: string): (git: Git) => void {
  return (git) => {
    const [application] = loadAll(git.read(`${apps}/1passwordconnect-app.yaml`)) as KubeObject[];
    application!['spec'].sources[0].helm.valuesObject.trial = trial;
    git.write(`${apps}/1passwordconnect-app.yaml`, dump(application));
  };
}

const app = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: patient, labels: { backup: hourly } }
spec: { accessModes: [ReadWriteOnce], storageClassName: longhorn, resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: patient }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: patient }
spec: { ports: [{ port: 80 }] }
`;

const stateOf = async (cluster: ArgoCluster, name: string): Promise<Standing> =>
  ((await cluster.argocd.application(name))?.['status'] ?? {}) as Standing;

export const outageScenarios: readonly ArgoScenario[] = [
  {
    name: 'a PVC is refused for longer than ten retries, and created when the store is back, without a commit and without a person',
    play: async (cluster) => {
      cluster.commitTree('retries that are closer together', undefined, hurry);
      await cluster.argocd.refresh('root');
      await cluster.settled('root', 240);
      await cluster.plumberEndpoint.close();
      try {
        cluster.git.write('my-apps/patient/app.yaml', app);
        cluster.git.push('an app while the store is away');
        await cluster.argocd.refreshApps();
        await eventually('fourteen tries', 500, async () => ((await stateOf(cluster, 'my-apps-patient')).operationState?.retryCount ?? 0) >= 14, 500);
        same((await stateOf(cluster, 'my-apps-patient')).operationState?.phase, 'Running', 'the operation after fourteen tries');
        check((await cluster.api.find(pvcRef('patient', 'data'))) === undefined, 'the PVC is not there');
        // What has no part in the refusal is there.
        for (const [kind, name] of [
          ['ConfigMap', 'settings'],
          ['Service', 'web'],
        ] as const)
          check(
            (await cluster.api.find({ apiVersion: 'v1', kind, namespace: 'patient', name })) !== undefined,
            `${kind} ${name} of the same app is there`,
          );
        same((await stateOf(cluster, 'root')).health?.status, 'Healthy', 'health of the root meanwhile');
      } finally {
        await cluster.plumberEndpoint.listen();
      }
      await eventually('the PVC is created', 120, () => cluster.api.find(pvcRef('patient', 'data')));
      await eventually('the app is synced', 120, async () => {
        const { sync, operationState } = await stateOf(cluster, 'my-apps-patient');
        return sync?.status === 'Synced' && operationState?.phase === 'Succeeded';
      });
    },
  },
  {
    name: 'a commit that mends the tree reaches a root that waits for a child without an end',
    play: async (cluster) => {
      const started = cluster.pods.ready;
      cluster.pods.ready = async (pod) => pod.metadata.annotations?.['trial'] !== 'broken' && (await started(pod));
      const broken = cluster.commitTree('a child that never gets ready', undefined, (git) => (impatient(git), connectWith('broken')(git)));
      await cluster.argocd.refresh('root');
      await eventually('the child is on its way', 180, async () => (await stateOf(cluster, '1passwordconnect')).health?.status === 'Progressing');
      await eventually('the root waits with that commit', 180, async () => {
        const { operationState } = await stateOf(cluster, 'root');
        return operationState?.phase === 'Running' && JSON.stringify(operationState).includes(broken);
      });
      cluster.commitTree('mended', undefined, impatient);
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
      cluster.commitTree('a value that the API server refuses', undefined, (git) => (impatient(git), connectWith('refused')(git)));
      await cluster.argocd.refresh('root');
      await eventually(
        'the child is tried again',
        90,
        async () => ((await stateOf(cluster, '1passwordconnect')).operationState?.retryCount ?? 0) >= 1,
      );
      cluster.commitTree('the right value', undefined, impatient);
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
