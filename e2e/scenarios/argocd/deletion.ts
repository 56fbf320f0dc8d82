import { same } from '../../harness/check';
import type { KubeObject } from '../../harness/api';
import type { ArgoCluster } from '../../harness/argocd/cluster';
import { eventually } from '../../harness/waiting';
import type { ArgoScenario } from '../../harness/argocd/scenario';

const kinds: readonly (readonly [string, string])[] = [
  ['v1', 'Namespace'],
  ['v1', 'PersistentVolumeClaim'],
  ['v1', 'Secret'],
  ['apps/v1', 'Deployment'],
  ['storage.k8s.io/v1', 'StorageClass'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'],
  ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
  ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy'],
  ['kyverno.io/v1', 'ClusterPolicy'],
  ['external-secrets.io/v1', 'ClusterSecretStore'],
  ['external-secrets.io/v1', 'ExternalSecret'],
];

/** Everything that a deletion must leave: by kind, namespace and name, with the UID. */
export async function inventory(cluster: ArgoCluster): Promise<Map<string, string>> {
  const all = await Promise.all(kinds.map(([version, kind]) => cluster.api.list(version, kind)));
  return new Map(all.flat().map(({ kind, metadata }) => [`${kind} ${metadata.namespace ?? ''}/${metadata.name}`, metadata.uid ?? '']));
}

/** What is gone, or was made anew. */
export function lost(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...before].filter(([name, uid]) => after.get(name) !== uid).map(([name]) => name);
}

const standIn = 'dist/infrastructure/storage/longhorn/uninstall-job.yaml';

/** Jobs that a chart's removal would run. */
const uninstalling = ['longhorn-uninstall', 'kyverno-scale-to-zero', 'kyverno-rm-webhooks'];

async function jobs(cluster: ArgoCluster): Promise<string[]> {
  return (await cluster.api.list('batch/v1', 'Job')).map(({ metadata }) => metadata.name).filter((name) => uninstalling.includes(name));
}

async function finalizers(cluster: ArgoCluster, name: string): Promise<readonly string[]> {
  const metadata = (await cluster.argocd.application(name))?.metadata as { readonly finalizers?: readonly string[] } | undefined;
  return metadata?.finalizers ?? [];
}

/** An app whose claim must outlive everything. */
export function commitKeeper({ git }: ArgoCluster): void {
  git.write(
    'my-apps/keeper/pvc.yaml',
    `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data, namespace: keeper, labels: { backup: hourly } }\nspec: { accessModes: [ReadWriteOnce], storageClassName: longhorn, resources: { requests: { storage: 1Gi } } }\n`,
  );
  git.push('an app with a volume');
}

/** A claim is Pending as long as nobody makes its volume, and Progressing for Argo CD. */
async function claimed(cluster: ArgoCluster): Promise<KubeObject> {
  return eventually('the claim of the app', 240, () =>
    cluster.api.find({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'keeper', name: 'data' }),
  );
}

export const deletionScenarios: readonly ArgoScenario[] = [
  {
    name: 'each Application is deleted once: nothing goes with it, the root makes it again and both are settled without an operation',
    play: async (cluster) => {
      commitKeeper(cluster);
      await cluster.argocd.refreshApps();
      await claimed(cluster);
      const before = await inventory(cluster);
      const names = (await cluster.argocd.applications())
        .map(({ metadata }) => metadata.name)
        .filter((name) => !['root', 'my-apps-keeper'].includes(name));
      for (const name of names) {
        same(await finalizers(cluster, name), [], `finalizers of ${name}`);
        await cluster.deleteApplication(name);
        same(await jobs(cluster), [], `Jobs after ${name} was deleted`);
      }
      for (const name of names) await cluster.settled(name, 400);
      await cluster.settled('root', 400);
      same(lost(before, await inventory(cluster)), [], 'what is gone');
      const made = await Promise.all(names.map(async (name) => (await cluster.argocd.application(name))?.['status'].operationState));
      return `${names.length} Applications, ${made.filter((operation) => operation === undefined).length} of them without an operation since`;
    },
  },
  {
    name: 'the root, the ApplicationSet and the folder of an app are deleted: nothing else is gone',
    play: async (cluster) => {
      const before = await inventory(cluster);
      const keeper = (await cluster.argocd.application('my-apps-keeper'))?.metadata.uid;
      await cluster.api.delete({ apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', namespace: 'argocd', name: 'my-apps' });
      // Kubernetes collects the old Application some moments later.
      await eventually('the ApplicationSet and its Applications are made anew', 400, async () => {
        const found = await cluster.argocd.application('my-apps-keeper');
        return found !== undefined && found.metadata.uid !== keeper && found['status']?.sync?.status === 'Synced';
      });
      const count = (await cluster.argocd.applications()).length;
      await cluster.deleteApplication('root');
      same((await cluster.argocd.applications()).length, count - 1, 'the children that stay when the root is deleted');
      await cluster.bootstrap();
      await cluster.settled('root', 400);
      cluster.git.remove('my-apps/keeper');
      cluster.git.push('the folder is gone');
      await cluster.argocd.refreshApps();
      await eventually('the Application of the folder is gone', 240, async () => (await cluster.argocd.application('my-apps-keeper')) === undefined);
      same(lost(before, await inventory(cluster)), [], 'what is gone');
    },
  },
  {
    name: 'without what stands in for it, Longhorn’s hook would be run: Argo CD waits for it at the deletion (the test of the test)',
    play: async (cluster) => {
      cluster.commitTree('without the stand-in', undefined, (git) =>
        git.write(standIn, git.read(standIn).replaceAll('longhorn-uninstall', 'longhorn-other')),
      );
      await cluster.argocd.refresh('longhorn', 'hard');
      await eventually('the finalizer for the hook', 180, async () =>
        (await finalizers(cluster, 'longhorn')).some((name) => name.startsWith('pre-delete-finalizer')),
      );
      cluster.commitTree('with it');
      await cluster.argocd.refresh('longhorn', 'hard');
      await eventually('no finalizer', 180, async () => (await finalizers(cluster, 'longhorn')).length === 0);
    },
  },
];
