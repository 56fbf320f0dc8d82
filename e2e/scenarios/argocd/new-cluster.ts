import { dump, loadAll } from 'js-yaml';
import { annotation } from '../../../lib/model/naming';
import type { KubeObject } from '../../harness/api';
import { type Standing, standing } from '../../harness/argocd/argocd';
import { type ArgoCluster, secretItem, wholeItem } from '../../harness/argocd/cluster';
import type { Git } from '../../harness/argocd/git';
import { check, same } from '../../harness/check';
import { stateOf } from '../../harness/kube-state-metrics';
import { pvcRef } from '../../harness/pvc';
import { sandboxFile } from '../../harness/sandbox';
import { eventually } from '../../harness/waiting';
import { bound, claim } from './claims';
import { compress, faster, outage } from './clock';
import type { ArgoScenario } from '../../harness/argocd/scenario';
import { applications, inOrder, quiet, table, watched } from './install';

/** Five applications with two volumes each. All of them have a backup. */
const namespaces = ['photos', 'mail', 'music', 'wiki', 'shop'];
const volumes = namespaces.flatMap((namespace) => ['data', 'more'].map((name) => ({ namespace, name })));
/** What an application has beside its volumes. */
const beside = (namespace: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: ${namespace} }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: ${namespace} }\nspec: { ports: [{ port: 80 }] }\n`;

const stateOfApp = async (cluster: ArgoCluster, name: string): Promise<Standing> =>
  ((await cluster.argocd.application(name))?.['status'] ?? {}) as Standing;

/** Waits until an Application was refused for 45 minutes: on the faster clock, and by tries. @returns its retries */
async function refusedFor45Minutes(cluster: ArgoCluster, name: string, since: number): Promise<number> {
  return eventually(
    `${name} is refused for 45 minutes`,
    600,
    async () => {
      const { operationState, sync } = await stateOfApp(cluster, name);
      const retries = operationState?.retryCount ?? 0;
      if (retries >= outage.retries && Date.now() - since >= outage.seconds * 1000) return retries;
      throw new Error(`${sync?.status}, ${operationState?.phase}, retry ${retries}, ${((Date.now() - since) / 1000).toFixed(0)} s`);
    },
    500,
  );
}

/** A person adds the field in 1Password: the store gives it without a commit, and Argo CD does not take it back. */
function keepItem(git: Git): void {
  const file = 'dist/infrastructure/controllers/argocd/apps/external-secrets-app.yaml';
  const [application] = loadAll(git.read(file)) as KubeObject[];
  application!['spec'].ignoreDifferences = [{ group: 'external-secrets.io', kind: 'ClusterSecretStore', jsonPointers: ['/spec/provider'] }];
  git.write(file, dump(application));
}

/** An Application of a person's own that gives up: nobody makes its namespace. */
const givesUp: KubeObject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'theirs', namespace: 'argocd' },
  spec: {
    project: 'default',
    source: { repoURL: 'https://github.com/example/cluster.git', targetRevision: 'main', path: 'theirs' },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'theirs' },
    syncPolicy: { automated: { selfHeal: true }, retry: { limit: 1, backoff: { duration: '1s', factor: 1, maxDuration: '1s' } } },
  },
};

const { bucket: _, ...withoutBucket } = wholeItem;

export const newClusterScenarios: readonly ArgoScenario[] = [
  {
    name: 'a whole new cluster, while 1Password lacks a field for 45 minutes: every wave goes on by itself when it is there',
    play: async (cluster) => {
      for (const { namespace, name } of volumes) {
        cluster.plumberEndpoint.putBackup(namespace, name);
        cluster.git.write(`my-apps/${namespace}/${name}.yaml`, claim(namespace, name));
      }
      for (const namespace of namespaces) cluster.git.write(`my-apps/${namespace}/beside.yaml`, beside(namespace));
      cluster.git.write('theirs/pvc.yaml', claim('theirs', 'data'));
      cluster.commitTree('the rendered tree, on a faster clock', withoutBucket, (git) => (compress(git), keepItem(git)));
      await cluster.bootstrap(faster);
      cluster.observe();
      const retried = async (): Promise<boolean> => ((await stateOfApp(cluster, 'pvc-plumber')).operationState?.retryCount ?? 0) >= 1;
      await eventually('pvc-plumber lacks the field', 400, retried);
      const retries = await refusedFor45Minutes(cluster, 'pvc-plumber', Date.now());
      const root = (await stateOfApp(cluster, 'root')).operationState;
      same(root?.phase, 'Running', 'the operation of the root');
      for (const later of ['kyverno', 'prometheus-stack']) check((await cluster.argocd.application(later)) === undefined, `${later} waits`);
      await kept(cluster, 'during-the-first-outage');
      // The next outage is there before the apps are.
      await cluster.plumberEndpoint.close();
      await cluster.api.patch(
        { apiVersion: 'external-secrets.io/v1', kind: 'ClusterSecretStore', name: '1password' },
        { spec: { provider: { fake: { data: [secretItem(wholeItem)] } } } },
      );
      const ended = Date.now();
      await eventually(
        'pvc-plumber has its Secret',
        300,
        async () => (await stateOfApp(cluster, 'pvc-plumber')).operationState?.phase === 'Succeeded',
      );
      const noticed = ((Date.now() - ended) / 1000).toFixed(0);
      const rows = await watched(cluster, 1200, applications);
      console.log(table(rows));
      inOrder(rows);
      return `${retries} retries of pvc-plumber, ${root?.retryCount} of the root; the field was noticed after ${noticed} s, all was healthy ${((Date.now() - ended) / 1000).toFixed(0)} s after it was there`;
    },
  },
  {
    name: 'the store is away for 45 minutes: ten PVCs are refused and then created with their backups, without a commit and without a person',
    play: async (cluster) => {
      await cluster.applied(givesUp);
      const apps = namespaces.map((namespace) => `my-apps-${namespace}`);
      await cluster.argocd.refreshApps();
      for (const app of apps) await eventually(`${app} is tried`, 120, async () => (await stateOfApp(cluster, app)).operationState?.retryCount);
      const since = Date.now();
      const retries = await Promise.all(apps.map((app) => refusedFor45Minutes(cluster, app, since)));
      for (const { namespace, name } of volumes)
        check((await cluster.api.find(pvcRef(namespace, name))) === undefined, `${namespace}/${name} is refused`);
      // What has no part in the refusal is there.
      for (const namespace of namespaces)
        for (const [kind, name] of [
          ['ConfigMap', 'settings'],
          ['Service', 'web'],
        ] as const)
          check((await cluster.api.find({ apiVersion: 'v1', kind, namespace, name })) !== undefined, `${kind} ${namespace}/${name} is there`);
      for (const each of await cluster.platform())
        if (each.metadata.name !== 'theirs')
          same((each['status'] as Standing).health?.status, 'Healthy', `health of ${each.metadata.name} meanwhile`);
      await kept(cluster, 'during-the-second-outage');
      await cluster.plumberEndpoint.listen();
      const ended = Date.now();
      for (const { namespace, name } of volumes) {
        const live = await eventually(`PVC ${namespace}/${name} is created`, 120, () => cluster.api.find(pvcRef(namespace, name)));
        same(live.metadata.annotations?.[annotation.decision], 'restore', `decision about ${namespace}/${name}`);
      }
      const created = ((Date.now() - ended) / 1000).toFixed(0);
      await cluster.deleteApplication('theirs');
      for (const { namespace, name } of volumes) await bound(cluster, namespace, name);
      for (const app of apps) await cluster.settled(app, 240);
      return `${Math.min(...retries)} to ${Math.max(...retries)} retries; all were created ${created} s after the store was back`;
    },
  },
  {
    name: '30 quiet minutes with ten restored PVCs: no operation and nothing OutOfSync over fifteen reconciles and a hard refresh of each',
    play: async (cluster) => {
      let restored = 0;
      for (const { namespace, name } of volumes) {
        const live = await cluster.api.find(pvcRef(namespace, name));
        if (
          live?.metadata.annotations?.[annotation.decision] === 'restore' &&
          live['status'].phase === 'Bound' &&
          live['spec'].dataSourceRef !== undefined
        )
          restored += 1;
      }
      same(restored, 10, 'restored PVCs that are bound');
      for (const { metadata } of await cluster.argocd.applications()) await cluster.settled(metadata.name, 240);
      await quiet(cluster, 15);
      for (const each of await cluster.argocd.applications())
        check(standing(each).startsWith('Synced, Healthy'), `${each.metadata.name}: ${standing(each)}`);
      await kept(cluster, 'quiet');
      return `${(await cluster.argocd.applications()).length} Applications`;
    },
  },
];

/** What kube-state-metrics says of the Applications, kept with the logs: the alerts are tested against such lines. */
async function kept(cluster: ArgoCluster, moment: string): Promise<void> {
  const lines = await stateOf('kube_application_');
  const known = (await cluster.argocd.applications()).map(({ metadata }) => metadata.name);
  same(
    known.filter((name) => !lines.some((line) => line.includes(`name="${name}"`))),
    [],
    'Applications without a series',
  );
  sandboxFile(`logs/kube-state-metrics-${moment}.prom`, lines.map((line) => `${line}\n`).join(''));
}
