/** What lives with faults have in common. */
import type { KubeObject } from '../../harness/api';
import { same } from '../../harness/check';
import type { Moment } from '../../harness/mover';
import { kinds, pvc, pvcRef, refused, verdictOf } from '../../harness/pvc';
import type { Stage } from '../../harness/stage';
import { eventually, never, within } from '../../harness/waiting';

/** A PVC `data` that was backed up is refused as long as the fault lasts. */
export async function refusedMeanwhile(stage: Stage, namespace: string): Promise<void> {
  // A backup that was seen a moment ago is still remembered, and rightly so.
  await eventually('pvc-plumber knows no more', 60, async () => (await stage.world.door.ask(namespace, 'data')) === 503);
  refused(await stage.world.api.create(pvc(namespace, 'data')), 'unknown');
  await never('a PVC is admitted during the fault', 3, async () => (await stage.world.api.create(pvc(namespace, 'data'))).status === 201);
}

/** It is created when the fault is over, and complete without a person's help. */
export async function comesBack(stage: Stage, namespace: string): Promise<void> {
  await stage.admitted(namespace, 'data');
  await stage.restored(namespace, 'data');
}

/** Whether a Pod or a Job is a restore's. */
const restoring = ({ metadata }: KubeObject): boolean => metadata.name.startsWith('volsync-dst-');

/** Does something once, at a moment of the first restore in a namespace that comes there. @returns resolves when it was done */
function once(stage: Stage, namespace: string, moment: Moment, act: () => Promise<void> | void): Promise<void> {
  const { kubelet } = stage.world.node;
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
export async function restoreWith(stage: Stage, namespace: string, moment: Moment, act: () => Promise<void> | void): Promise<KubeObject> {
  const happened = once(stage, namespace, moment, act);
  const live = await stage.admitted(namespace, 'data');
  same(verdictOf(live), 'restore', 'the verdict');
  await within(`a restore in ${namespace} that is ${moment}`, 120, happened);
  return live;
}

export async function staysUnbound(stage: Stage, namespace: string, seconds: number): Promise<void> {
  await never(
    `${namespace}/data is bound`,
    seconds,
    async () => (await stage.world.api.find(pvcRef(namespace, 'data')))?.['status']?.phase === 'Bound',
  );
}

/** Waits until the mover of a restore in a namespace has ended. */
export async function restoreJob(stage: Stage, namespace: string, how: 'succeeded' | 'failed'): Promise<KubeObject> {
  return eventually(`the mover of the restore ${how}`, 120, async () => {
    const jobs = await stage.world.api.list('batch/v1', 'Job', namespace);
    return jobs.find((each) => restoring(each) && (each['status']?.[how] ?? 0) > 0);
  });
}

/** The mover of a restore in a namespace. */
async function restorePods(stage: Stage, namespace: string): Promise<KubeObject[]> {
  return (await stage.world.api.list('v1', 'Pod', namespace)).filter(restoring);
}

/** What the mover of a restore says, as `kubectl logs` shows it. */
export async function restoreLog(stage: Stage, namespace: string): Promise<string> {
  const pods = await restorePods(stage, namespace);
  return pods.map((pod) => stage.world.node.kubelet.logOf(pod)).join('\n');
}

/** The restore fails and says why; nothing is cut of the volume, and nothing is bound. */
export async function failsToRestore(stage: Stage, live: KubeObject, words: RegExp): Promise<void> {
  const { namespace = '' } = live.metadata;
  await eventually(`the mover says ${words}`, 150, async () => words.test(await restoreLog(stage, namespace)));
  await staysUnbound(stage, namespace, 5);
  const destination = await stage.world.api.find({ ...kinds.destination, namespace, name: String(live['spec'].dataSourceRef.name) });
  const snapshots = await stage.world.api.list('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', namespace);
  same(
    snapshots.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === destination?.metadata.uid)).length,
    0,
    'the number of snapshots of the empty volume',
  );
}
