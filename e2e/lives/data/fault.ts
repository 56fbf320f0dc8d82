/** What lives with faults have in common. */
import type { KubeObject } from '../../harness/api';
import { check, same } from '../../harness/check';
import type { Moment } from '../../harness/mover';
import { kinds, pvc, pvcRef, refused, verdictOf } from '../../harness/pvc';
import type { Stage } from '../../harness/stage';
import { eventually, never, within } from '../../harness/waiting';
import { volsyncCleanupLabel } from '../../../lib/model/naming';

/** A PVC `data` that was backed up is refused as long as the fault lasts. */
export async function refusedMeanwhile(stage: Stage, namespace: string): Promise<void> {
  // A backup that was seen a moment ago is still remembered, and rightly so.
  await eventually('pvc-plumber knows no more', 60, async () => (await stage.world.door.ask(namespace, 'data')) === 503);
  refused(await stage.world.api.create(pvc(namespace, 'data')), /nobody can tell whether a backup/);
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

/** The restore ended without restoring: no snapshot of the empty volume is cut, and the restore itself says why. */
export async function refusedImage(stage: Stage, live: KubeObject): Promise<KubeObject> {
  const { namespace = '' } = live.metadata;
  const ref = { ...kinds.destination, namespace, name: String(live['spec'].dataSourceRef.name) };
  const job = await restoreJob(stage, namespace, 'succeeded');
  const destination = await eventually('the restore says why it does not go on', 60, async () => {
    const found = await stage.world.api.find(ref);
    return JSON.stringify(found?.['status']?.conditions ?? '').includes('does not say that anything was restored') && found;
  });
  await staysUnbound(stage, namespace, 5);
  const snapshots = await stage.world.api.list('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', namespace);
  same(
    snapshots.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === destination.metadata.uid)).length,
    0,
    'the number of snapshots of the empty volume',
  );
  check(job.metadata.labels?.[volsyncCleanupLabel] === destination.metadata.uid, 'the command in the refusal finds the Job');
  return job;
}

export async function deleteJob(stage: Stage, { metadata }: KubeObject): Promise<void> {
  await stage.world.api.request('DELETE', `/apis/batch/v1/namespaces/${metadata.namespace}/jobs/${metadata.name}?propagationPolicy=Background`);
}
