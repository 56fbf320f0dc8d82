/** What scenarios with faults have in common. */
import type { KubeObject } from '../../harness/api';
import { same } from '../../harness/check';
import type { Moment } from '../../harness/mover';
import { kinds, pvc, pvcRef, refused, decisionOf } from '../../harness/pvc';
import type { TestContext } from '../../harness/test-context';
import { eventually, never, within } from '../../harness/waiting';

/** A PVC `data` that was backed up is refused as long as the fault lasts. */
export async function refusedMeanwhile(context: TestContext, namespace: string): Promise<void> {
  // A backup that was seen a moment ago is still remembered, and rightly so.
  await eventually('pvc-plumber knows no more', 60, async () => (await context.cluster.plumberEndpoint.ask(namespace, 'data')) === 503);
  refused(await context.cluster.api.create(pvc(namespace, 'data')), 'unknown');
  await never('a PVC is admitted during the fault', 3, async () => (await context.cluster.api.create(pvc(namespace, 'data'))).status === 201);
}

/** It is created when the fault is over, and complete without a person's help. */
export async function comesBack(context: TestContext, namespace: string): Promise<void> {
  await context.admitted(namespace, 'data');
  await context.restored(namespace, 'data');
}

/** Whether a Pod or a Job is a restore's. */
const restoring = ({ metadata }: KubeObject): boolean => metadata.name.startsWith('volsync-dst-');

/** Does something once, at a moment of the first restore in a namespace that comes there. @returns resolves when it was done */
function once(context: TestContext, namespace: string, moment: Moment, act: () => Promise<void> | void): Promise<void> {
  const { kubelet } = context.cluster.node;
  return new Promise((resolve) => {
    const end = kubelet.stepIn(async (pod, now) => {
      if (now !== moment || pod.metadata.namespace !== namespace || !restoring(pod)) return;
      end();
      await act();
      resolve();
    });
  });
}

/** The PVC that was backed up is created again, and something happens in the middle of its restore. */
export async function restoreWith(context: TestContext, namespace: string, moment: Moment, act: () => Promise<void> | void): Promise<KubeObject> {
  const happened = once(context, namespace, moment, act);
  const live = await context.admitted(namespace, 'data');
  same(decisionOf(live), 'restore', 'the decision');
  await within(`a restore in ${namespace} that is ${moment}`, 120, happened);
  return live;
}

export async function staysUnbound(context: TestContext, namespace: string, seconds: number): Promise<void> {
  await never(
    `${namespace}/data is bound`,
    seconds,
    async () => (await context.cluster.api.find(pvcRef(namespace, 'data')))?.['status']?.phase === 'Bound',
  );
}

/** Waits until the mover of a restore in a namespace has ended. */
export async function restoreJob(context: TestContext, namespace: string, how: 'succeeded' | 'failed'): Promise<KubeObject> {
  return eventually(`the mover of the restore ${how}`, 120, async () => {
    const jobs = await context.cluster.api.list('batch/v1', 'Job', namespace);
    return jobs.find((each) => restoring(each) && (each['status']?.[how] ?? 0) > 0);
  });
}

/** The mover of a restore in a namespace. */
async function restorePods(context: TestContext, namespace: string): Promise<KubeObject[]> {
  return (await context.cluster.api.list('v1', 'Pod', namespace)).filter(restoring);
}

/** What the mover of a restore says, as `kubectl logs` shows it. */
export async function restoreLog(context: TestContext, namespace: string): Promise<string> {
  const pods = await restorePods(context, namespace);
  return pods.map((pod) => context.cluster.node.kubelet.logOf(pod)).join('\n');
}

/** The restore fails and says why; nothing is cut of the volume, and nothing is bound. */
export async function failsToRestore(context: TestContext, live: KubeObject, words: RegExp): Promise<void> {
  const { namespace = '' } = live.metadata;
  same(decisionOf(live), 'restore', 'the decision');
  await eventually(`the mover says ${words}`, 150, async () => words.test(await restoreLog(context, namespace)));
  await staysUnbound(context, namespace, 5);
  const destination = await context.cluster.api.find({ ...kinds.destination, namespace, name: String(live['spec'].dataSourceRef.name) });
  const snapshots = await context.cluster.api.list('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', namespace);
  same(
    snapshots.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === destination?.metadata.uid)).length,
    0,
    'the number of snapshots of the empty volume',
  );
}
