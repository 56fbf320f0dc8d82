import { check, same } from '../../harness/check';
import type { ArgoCluster } from '../../harness/argocd/cluster';
import { applicationRef } from '../../harness/argocd/argocd';
import { admitted, pvc, pvcRef, decisionOf } from '../../harness/pvc';
import { eventually, sleep } from '../../harness/waiting';
import type { ArgoScenario } from '../../harness/argocd/scenario';

/** Deletes the objects of a kind that a person's `grep`, or selector, finds. @returns how many there were */
async function deleted(
  cluster: ArgoCluster,
  apiVersion: string,
  kind: string,
  found: (name: string, labels: Readonly<Record<string, string>>) => boolean,
): Promise<number> {
  const all = (await cluster.api.list(apiVersion, kind)).filter(({ metadata }) => found(metadata.name, metadata.labels ?? {}));
  for (const { metadata } of all) {
    const { status, message } = await cluster.api.delete({
      apiVersion,
      kind,
      name: metadata.name,
      namespace: metadata.namespace,
    });
    check(status < 300, `${kind} ${metadata.name} is not deleted: ${message}`);
  }
  return all.length;
}

const admission = 'admissionregistration.k8s.io/v1';
const ours = (name: string): boolean => name.includes('volsync');

/** The steps of docs/removing.md. It is the last scenario: nothing is left for others. */
export const removalScenarios: readonly ArgoScenario[] = [
  {
    name: 'the system goes in the order of docs/removing.md: after each step a labelled PVC is either decided on or simply created',
    play: async (cluster) => {
      const namespace = 'removal';
      await cluster.applied({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      const create = async (name: string): Promise<string> => decisionOf(admitted(await cluster.api.create(pvc(namespace, name))));
      same(await create('before'), 'fresh', 'decision before');

      await cluster.api.delete(applicationRef('root'));
      await cluster.api.request('DELETE', '/apis/argoproj.io/v1alpha1/namespaces/argocd/applicationsets/my-apps?propagationPolicy=Orphan');
      same(await create('without-root'), 'fresh', 'decision without the root');

      for (const name of ['backup-backstop', 'kyverno']) await cluster.api.delete(applicationRef(name));
      await eventually('the Applications are gone', 60, async () => (await cluster.argocd.application('kyverno')) === undefined);
      check((await deleted(cluster, admission, 'ValidatingAdmissionPolicyBinding', ours)) > 0, 'there were bindings');
      check((await deleted(cluster, admission, 'ValidatingAdmissionPolicy', ours)) > 0, 'there were policies');
      same(await create('without-fallback'), 'fresh', 'decision without the fallback policies');

      check((await deleted(cluster, 'kyverno.io/v1', 'ClusterPolicy', ours)) > 0, 'there were ClusterPolicies');
      await deleted(cluster, 'policies.kyverno.io/v1', 'DeletingPolicy', ours);
      await cluster.kyverno.stop();
      const managed = (_: string, labels: Readonly<Record<string, string>>): boolean => labels['webhook.kyverno.io/managed-by'] === 'kyverno';
      const left =
        (await deleted(cluster, admission, 'MutatingWebhookConfiguration', managed)) +
        (await deleted(cluster, admission, 'ValidatingWebhookConfiguration', managed));
      // Nobody makes anything again, and what is there stays.
      await sleep(30_000);
      same(await create('without-kyverno'), 'none', 'decision without Kyverno');
      for (const name of ['before', 'without-root', 'without-fallback'])
        check((await cluster.api.find(pvcRef(namespace, name))) !== undefined, `${name} is still there`);
      same(
        (await cluster.api.list('kyverno.io/v1', 'ClusterPolicy')).filter(({ metadata }) => ours(metadata.name)).length,
        0,
        'policies that came back',
      );
      return `${left} webhook configurations of Kyverno were left`;
    },
  },
];
