import { pvc } from '../harness/pvc';
import { check } from '../harness/check';
import { eventually } from '../harness/waiting';
import type { Cluster } from '../harness/cluster';
import { kyvernoConfig } from '../harness/kyverno';
import { makeNamespaces, play, type Shape } from './load';
import { type Planned, unlabelled } from './plan';
import { type Times, timesOf } from './times';

/** What the same machine does with as many PVCs when there is less to do. */
export interface Baselines {
  /** Nobody looks at them but the API server's own policies. */
  readonly unlabelled: Times;
  /** One rule of Kyverno sets an annotation. */
  readonly noop: Times;
}

/** More than this many tell nothing new. */
const most = 200;
const label = 'e2e.zero-touch-pvc/noop';
const annotation = 'e2e.zero-touch-pvc/seen';

const noopPolicy = {
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name: 'e2e-noop' },
  spec: {
    background: false,
    rules: [
      {
        name: 'annotate',
        match: {
          any: [{ resources: { kinds: ['PersistentVolumeClaim'], operations: ['CREATE'], selector: { matchLabels: { [label]: 'true' } } } }],
        },
        mutate: { patchStrategicMerge: { metadata: { annotations: { [annotation]: 'true' } } } },
      },
    ],
  },
};

/** Plays a storm's load with PVCs that are not backed up. */
export async function baselines(cluster: Cluster, prefix: string, shape: Shape, count: number, sizes: readonly number[]): Promise<Baselines> {
  const plain = await timed(cluster, shape, unlabelled(`${prefix}-plain`, Math.min(count, most), sizes));
  await cluster.applyAll([noopPolicy]);
  const before = (await cluster.api.find(kyvernoConfig))?.['data'].matchConditions as string | undefined;
  // They would keep every PVC without the label from Kyverno.
  await cluster.api.patch(kyvernoConfig, { data: { matchConditions: null } });
  try {
    await sees(cluster, prefix, true);
    const noop = await timed(cluster, shape, unlabelled(`${prefix}-noop`, Math.min(count, most), sizes, { [label]: 'true' }));
    return { unlabelled: plain, noop };
  } finally {
    await cluster.api.delete({ ...noopPolicy, name: noopPolicy.metadata.name });
    await sees(cluster, prefix, false);
    if (before !== undefined) {
      await cluster.api.patch(kyvernoConfig, { data: { matchConditions: before } });
      await filtered(cluster);
    }
  }
}

async function timed(cluster: Cluster, shape: Shape, plan: readonly Planned[]): Promise<Times> {
  await makeNamespaces(cluster, plan);
  const creations = await play(cluster, shape, plan);
  const refusals = creations.flatMap((each) => each.refusals);
  check(refusals.length === 0, `${refusals.length} PVCs without the label "backup" are refused, the first: ${refusals[0]}`);
  return timesOf(creations.map(({ ms }) => ms));
}

/** Every webhook about PVCs has its conditions back. */
async function filtered(cluster: Cluster): Promise<void> {
  await eventually('the conditions of the webhooks are back', 60, async () => {
    const found = await cluster.api.find({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      name: 'kyverno-resource-mutating-webhook-cfg',
    });
    const webhooks = (found?.['webhooks'] ?? []) as { readonly rules?: readonly object[]; readonly matchConditions?: readonly object[] }[];
    const aboutPvcs = webhooks.filter(({ rules = [] }) => JSON.stringify(rules).includes('persistentvolumeclaims'));
    return (
      aboutPvcs.length > 0 && aboutPvcs.every(({ matchConditions = [] }) => JSON.stringify(matchConditions).includes('volsync-pvc-backup-creation'))
    );
  });
}

/** Kyverno plays the policy, or does no more. */
async function sees(cluster: Cluster, prefix: string, wanted: boolean): Promise<void> {
  const sample = pvc(`${prefix}-plain-0`, 'sample', { backup: null, metadata: { labels: { [label]: 'true' } } });
  await eventually(`the policy that does nothing is ${wanted ? 'played' : 'gone'}`, 60, async () => {
    const { body } = await cluster.api.create(sample, '&dryRun=All');
    return (body.metadata.annotations?.[annotation] === 'true') === wanted;
  });
}
