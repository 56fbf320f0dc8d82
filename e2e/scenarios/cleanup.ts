import { restoreProofText } from '../../lib/model/mover';
import { podLabel } from '../../lib/model/naming';
import type { KubeObject, Ref } from '../harness/api';
import { check } from '../harness/check';
import { parallelScenario, type Scenario } from '../harness/scenario';
import { admitted, generatedFor, kinds, pvc, pvcRef } from '../harness/pvc';
import { eventually, sleep } from '../harness/waiting';
import type { Cluster } from '../harness/cluster';

/** Kyverno's cleanup controller looks every minute; this is longer than two of its rounds. */
const twoRoundsMs = 125_000;

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+/, '');

/** A restored PVC, as VolSync and the storage leave it: bound, its destination with an image. */
async function restored(
  cluster: Cluster,
  namespace: string,
  name: string,
): Promise<{ readonly destination: Required<Ref>; readonly source: Required<Ref> }> {
  cluster.plumberEndpoint.putBackup(namespace, name);
  const live = admitted(await cluster.api.create(pvc(namespace, name)));
  await generatedFor(cluster, live);
  const destination = { ...kinds.destination, namespace, name: String(live['spec'].dataSourceRef.name) };
  await cluster.api.patchStatus(destination, {
    lastSyncTime: ago(60),
    latestMoverStatus: { result: 'Successful', logs: `[INFO] ${restoreProofText}: snapshot 1` },
    latestImage: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'image' },
  });
  return { destination, source: { ...kinds.source, namespace, name: `${name}-backup` } };
}

async function bind(cluster: Cluster, namespace: string, name: string): Promise<void> {
  await cluster.api.patchStatus(pvcRef(namespace, name), { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] });
}

const backup = (seconds: number, result = 'Successful'): object => ({ lastSyncTime: ago(seconds), latestMoverStatus: { result } });

const isThere = async (cluster: Cluster, ref: Required<Ref>): Promise<boolean> =>
  (await cluster.api.find(ref))?.metadata.deletionTimestamp === undefined && (await cluster.api.find(ref)) !== undefined;

/** The Job of a restore, as VolSync makes it. */
function restoreJob(destination: KubeObject, mover = 'restore'): KubeObject {
  const { name, namespace, uid } = destination.metadata;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `volsync-dst-${name}`,
      namespace,
      labels: { 'app.kubernetes.io/created-by': 'volsync' },
      ownerReferences: [{ apiVersion: kinds.destination.apiVersion, kind: 'ReplicationDestination', name, uid: String(uid) }],
    },
    spec: {
      // Keeps kube-controller-manager away: the scenario writes the status.
      managedBy: 'example.org/e2e',
      template: {
        metadata: { labels: { [podLabel.mover]: mover } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'kopia', image: 'mover' }] },
      },
    },
  };
}

const complete = {
  startTime: ago(200),
  completionTime: ago(120),
  succeeded: 1,
  ready: 0,
  uncountedTerminatedPods: {},
  conditions: ['SuccessCriteriaMet', 'Complete'].map((type) => ({ type, status: 'True', lastTransitionTime: ago(120), lastProbeTime: ago(120) })),
} as const;

export const cleanupScenarios: readonly Scenario[] = [
  parallelScenario('what a restore leaves goes when the PVC has been backed up since, and not before', async (cluster) => {
    const ns = await cluster.namespace('restored-and-done');
    const [done, unbound, before, failed] = await Promise.all(['done', 'unbound', 'before', 'failed'].map((name) => restored(cluster, ns, name)));
    check(done !== undefined && unbound !== undefined && before !== undefined && failed !== undefined, 'four restores');
    await Promise.all(['before', 'failed'].map((name) => bind(cluster, ns, name)));
    await cluster.api.patchStatus(unbound.source, backup(10));
    await cluster.api.patchStatus(before.source, backup(100));
    await cluster.api.patchStatus(failed.source, backup(10, 'Failed'));
    await bind(cluster, ns, 'done');
    await cluster.api.patchStatus(done.source, backup(10));
    await eventually('the destination of the finished restore is gone', 150, async () => !(await isThere(cluster, done.destination)));
    await sleep(5000);
    for (const { destination } of [unbound, before, failed]) check(await isThere(cluster, destination), `${destination.name} is still needed`);
  }),
  parallelScenario(
    'a restore whose log was lost, or that met an error, runs again; one with a proof, or one that has just ended, does not',
    async (cluster) => {
      const ns = await cluster.namespace('lost-log');
      const job = async (name: string, status: object, mover?: string): Promise<Required<Ref>> => {
        cluster.plumberEndpoint.putBackup(ns, name);
        const live = admitted(await cluster.api.create(pvc(ns, name)));
        await generatedFor(cluster, live);
        const destination = await cluster.api.find({ ...kinds.destination, namespace: ns, name: String(live['spec'].dataSourceRef.name) });
        check(destination !== undefined, 'the destination is there');
        const made = restoreJob(destination, mover);
        admitted(await cluster.api.create(made));
        await cluster.api.patchStatus({ ...kinds.destination, namespace: ns, name: destination.metadata.name }, status);
        const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace: ns, name: made.metadata.name };
        return ref;
      };
      const withoutLog = { latestMoverStatus: { result: 'Successful', logs: '' } };
      const withProof = { latestMoverStatus: { result: 'Successful', logs: restoreProofText } };
      // As after a start of the API server, which does not know VolSync's kinds for half a minute; VolSync would wait a quarter of an hour.
      const inError = {
        ...withProof,
        conditions: [{ type: 'Synchronizing', status: 'False', reason: 'Error', message: 'forbidden', lastTransitionTime: ago(100) }],
      };
      const image = { latestImage: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'image' } };
      const lost = await job('lost', withoutLog);
      const failed = await job('failed', inError);
      const running = await job('running', withoutLog);
      // It ends within a minute for the whole scenario.
      const ending = await job('ending', withoutLog);
      const kept = [await job('proven', withProof), await job('with-image', { ...inError, ...image }), await job('backup', withoutLog, 'backup')];
      const ended = [lost, failed, ...kept].map((each) => [each, complete] as const);
      for (const [each, status] of [...ended, [ending, { ...complete, completionTime: ago(-600) }] as const]) {
        const { status: code, message } = await cluster.api.patchStatus(each, status);
        check(code === 200, `the status of the Job is taken: ${message}`);
      }
      await eventually('the Job without a log is gone', twoRoundsMs / 1000, async () => !(await isThere(cluster, lost)));
      await eventually('the Job of the one in error is gone', 20, async () => !(await isThere(cluster, failed)));
      await sleep(3000);
      for (const each of [running, ending, ...kept]) check(await isThere(cluster, each), `${each.name} stays`);
    },
  ),
];
