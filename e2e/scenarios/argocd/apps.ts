import { annotation } from '../../../lib/model/naming';
import { check, same } from '../../harness/check';
import type { KubeObject } from '../../harness/api';
import type { Standing } from '../../harness/argocd/argocd';
import type { ArgoCluster } from '../../harness/argocd/cluster';
import { pvcRef } from '../../harness/pvc';
import { eventually, sleep } from '../../harness/waiting';
import type { ArgoScenario } from '../../harness/argocd/scenario';
import { bound, claim } from './claims';

/** Applications of a person's own, each synced and compared in its own way. */
const ways: Readonly<Record<string, { readonly options: readonly string[]; readonly annotations?: Readonly<Record<string, string>> }>> = {
  'client-side': { options: ['CreateNamespace=true'] },
  'server-side': { options: ['CreateNamespace=true', 'ServerSideApply=true'] },
  'client-side-ssd': { options: ['CreateNamespace=true'], annotations: { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' } },
  'server-side-ssd': {
    options: ['CreateNamespace=true', 'ServerSideApply=true'],
    annotations: { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' },
  },
  'client-side-respect': { options: ['CreateNamespace=true', 'RespectIgnoreDifferences=true'] },
  'server-side-respect': { options: ['CreateNamespace=true', 'ServerSideApply=true', 'RespectIgnoreDifferences=true'] },
};

function application(way: string): KubeObject {
  const { options, annotations = {} } = ways[way]!;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: way, namespace: 'argocd', annotations },
    spec: {
      project: 'my-apps',
      source: { repoURL: 'https://github.com/example/cluster.git', targetRevision: 'main', path: `own/${way}` },
      destination: { server: 'https://kubernetes.default.svc', namespace: way },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: [...options], retry: { limit: -1, refresh: true } },
    },
  };
}

const statusOf = async (cluster: ArgoCluster, name: string): Promise<Standing> =>
  ((await cluster.argocd.application(name))?.['status'] ?? {}) as Standing;

export const appScenarios: readonly ArgoScenario[] = [
  {
    name: 'folders of apps: plain manifests with everything below, a kustomization with its backup label, a chart',
    play: async (cluster) => {
      const { git } = cluster;
      git.write('my-apps/plain/pvc.yaml', claim('plain', 'top'));
      git.write('my-apps/plain/below/it/pvc.yaml', claim('plain', 'nested'));
      git.write('my-apps/layered/kustomization.yaml', 'resources: [pvc.yaml]\nlabels: [{ pairs: { backup: daily } }]\n');
      git.write('my-apps/layered/pvc.yaml', claim('layered', 'data', '{ app: layered }'));
      git.write('my-apps/charted/Chart.yaml', 'apiVersion: v2\nname: charted\nversion: 0.1.0\n');
      git.write('my-apps/charted/values.yaml', 'tier: hourly\n');
      git.write('my-apps/charted/templates/pvc.yaml', claim('charted', 'data', '{ backup: "{{ .Values.tier }}" }'));
      git.push('three kinds of folders');
      await cluster.argocd.refreshApps();
      const labelled = async (namespace: string, name: string): Promise<string | undefined> =>
        (await eventually(`PVC ${namespace}/${name}`, 300, () => cluster.api.find(pvcRef(namespace, name)))).metadata.labels?.['backup'];
      same(await labelled('plain', 'top'), 'hourly', 'label at the top');
      same(await labelled('plain', 'nested'), 'hourly', 'label in a folder below');
      same(await labelled('layered', 'data'), 'daily', 'label of the kustomization');
      same(await labelled('charted', 'data'), 'hourly', 'label of the chart');
      for (const name of ['my-apps-plain', 'my-apps-layered', 'my-apps-charted'])
        await eventually(`${name} is Synced`, 180, async () => (await statusOf(cluster, name)).sync?.status === 'Synced');
    },
  },
  {
    name: 'a restored PVC stays Synced, whatever applies and compares it, over hard refreshes and changes in Git, without a sync of its own accord',
    play: async (cluster) => {
      const names = Object.keys(ways);
      const paths = new Map([...names.map((name) => [name, `own/${name}/pvc.yaml`] as const), ['restored', 'my-apps/restored/pvc.yaml'] as const]);
      const applications = [...names, 'my-apps-restored'];
      for (const [namespace, path] of paths) {
        cluster.plumberEndpoint.putBackup(namespace, 'data');
        cluster.git.write(path, claim(namespace, 'data'));
      }
      cluster.git.push('PVCs that have a backup');
      await cluster.argocd.refreshApps();
      for (const name of names) await cluster.applied(application(name));
      for (const namespace of paths.keys()) {
        const live = await bound(cluster, namespace, 'data');
        same(live.metadata.annotations?.[annotation.decision], 'restore', `decision about ${namespace}`);
      }
      const rows: string[] = [];
      const look = async (when: string): Promise<void> => {
        for (const name of applications) {
          const { sync, operationState, history } = await statusOf(cluster, name);
          rows.push(
            `  ${when.padEnd(26)}${name.padEnd(22)}${(sync?.status ?? '-').padEnd(11)}${(operationState?.phase ?? '-').padEnd(11)}${history?.at(-1)?.id ?? '-'}`,
          );
        }
      };
      const parallel = async (): Promise<void> => {
        for (const name of applications)
          await eventually(`${name} is Synced`, 240, async () => {
            const { sync, operationState } = await statusOf(cluster, name);
            return sync?.status === 'Synced' && operationState?.phase === 'Succeeded';
          });
      };
      await parallel();
      await look('after the restore');
      const operations = async (): Promise<(string | undefined)[]> =>
        Promise.all(applications.map(async (name) => (await statusOf(cluster, name)).operationState?.startedAt));
      const before = await operations();
      for (let round = 0; round < 3; round += 1) {
        for (const name of applications) await cluster.argocd.refresh(name, 'hard');
        await sleep(10_000);
        for (const name of applications) same((await statusOf(cluster, name)).sync?.status, 'Synced', `${name} after hard refresh ${round + 1}`);
      }
      same(await operations(), before, 'operations over hard refreshes');
      await look('after three hard refreshes');
      for (const [namespace, path] of paths) cluster.git.write(path, claim(namespace, 'data', '{ backup: daily }', '2Gi', 'changed'));
      cluster.git.push('another label, size and annotation');
      for (const name of applications) await cluster.argocd.refresh(name);
      for (const namespace of paths.keys())
        await eventually(
          `change of ${namespace} arrives`,
          90,
          async () => (await cluster.api.find(pvcRef(namespace, 'data')))?.metadata.labels?.['backup'] === 'daily',
        );
      await parallel();
      await look('after a change in Git');
      console.log(rows.join('\n'));
      for (const namespace of paths.keys()) {
        const live = await cluster.api.find(pvcRef(namespace, 'data'));
        check(
          live?.['spec'].dataSourceRef !== undefined && live.metadata.annotations?.[annotation.decision] === 'restore',
          `${namespace} keeps what the gate wrote`,
        );
      }
      for (const name of names) await cluster.deleteApplication(name);
    },
  },
];
