import type { DenialId } from '../../lib/admission/denials';
import { annotation, podLabel } from '../../lib/model/naming';
import { populatorLabel } from '../../lib/model/volsync-labels';
import { check, same } from '../harness/check';
import { parallelScenario, scenario, type Scenario } from '../harness/scenario';
import type { KubeObject } from '../harness/api';
import { admitted, generatedFor, kinds, pvc, pvcRef, refused } from '../harness/pvc';
import { eventually } from '../harness/waiting';
import type { Cluster } from '../harness/cluster';

const snapshots = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshot' } as const;

/** A Pod as VolSync's Job makes it. */
function moverPod(namespace: string, name: string, labels: Readonly<Record<string, string>>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      restartPolicy: 'Never',
      securityContext: { runAsUser: 568, runAsGroup: 568, fsGroup: 568, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'kopia',
          image: 'mover',
          command: ['/mover-kopia/entry.sh'],
          args: ['restore'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: true },
        },
      ],
    },
  };
}

const labelsOf = (mover: string, owners: string): Record<string, string> => ({ [podLabel.mover]: mover, [podLabel.owners]: owners });

async function enforce(cluster: Cluster, namespace: string, level: string): Promise<void> {
  await cluster.api.patch(
    { apiVersion: 'v1', kind: 'Namespace', name: namespace },
    { metadata: { labels: { 'pod-security.kubernetes.io/enforce': level } } },
  );
}

/** What a creation says about a choice of an older backup. */
async function choosing(
  cluster: Cluster,
  namespace: string,
  name: string,
  annotations: Record<string, string>,
): ReturnType<Cluster['api']['create']> {
  cluster.plumberEndpoint.putBackup(namespace, name);
  return cluster.api.create(pvc(namespace, name, { annotations }));
}

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

export const moverScenarios: readonly Scenario[] = [
  parallelScenario('a mover Pod gets the script, and root with the least capabilities where Pod Security permits it', async (cluster) => {
    const ns = await cluster.namespace('movers');
    await enforce(cluster, ns, 'baseline');
    const restore = admitted(await cluster.api.create(moverPod(ns, 'restore', labelsOf('restore', 'keep'))))['spec'];
    same(restore.containers[0].command.length, 4, 'the parts of the command');
    same(restore.containers[0].args, ['restore'], 'the arguments');
    same(
      restore.containers[0].securityContext.capabilities,
      { add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID'], drop: ['ALL'] },
      'capabilities of a restore',
    );
    same(restore.securityContext, { runAsUser: 0, runAsGroup: 0, runAsNonRoot: false, seccompProfile: { type: 'RuntimeDefault' } }, 'its user');
    const backup = admitted(await cluster.api.create(moverPod(ns, 'backup', labelsOf('backup', 'keep'))))['spec'];
    same(backup.containers[0].securityContext.capabilities, { add: ['DAC_OVERRIDE'], drop: ['ALL'] }, 'capabilities of a backup');
    const fixed = admitted(await cluster.api.create(moverPod(ns, 'fixed', labelsOf('restore', 'fixed'))))['spec'];
    same(fixed.securityContext.runAsUser, 568, 'the user of a PVC with a fixed one');
    same(fixed.containers[0].command.length, 4, 'its script');
    const other = admitted(await cluster.api.create(moverPod(ns, 'other', {})))['spec'];
    same(other.containers[0].command, ['/mover-kopia/entry.sh'], 'the mover of somebody else');
  }),
  parallelScenario('Pod Security "restricted": the mover keeps the fixed user, and the PVC is told what that does to owners', async (cluster) => {
    const ns = await cluster.namespace('restricted');
    await enforce(cluster, ns, 'restricted');
    const mover = admitted(await cluster.api.create(moverPod(ns, 'restore', labelsOf('restore', 'keep'))))['spec'];
    same([mover.securityContext.runAsUser, mover.containers[0].command.length], [568, 4], 'user and script');
    const reply = await cluster.api.create(pvc(ns, 'data'));
    admitted(reply);
    check(
      reply.warnings.some((warning) => /gives every file to user 568/.test(warning)),
      `a warning must say it: ${reply.warnings.join()}`,
    );
    const own = await cluster.api.create(pvc(ns, 'own', { annotations: { [annotation.runAsUser]: '999' } }));
    same(own.warnings, [], 'warnings for a PVC with a user of its own');
    const root = await cluster.api.create(pvc(ns, 'as-root', { annotations: { [annotation.runAsUser]: '0' } }));
    admitted(root);
    check(
      root.warnings.some((warning) => /is NOT backed up: .*run as root/.test(warning)),
      `no warning about root, but ${root.warnings.join()}`,
    );
  }),
  scenario('without Kyverno a mover Pod of ours is refused, and nobody else’s is', async (cluster) => {
    const ns = await cluster.namespace('unwrapped');
    const webhooks = (await cluster.api.list('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration')).filter(({ metadata }) =>
      metadata.name.startsWith('kyverno'),
    );
    await cluster.kyverno.stop('SIGKILL');
    try {
      for (const { metadata, apiVersion, kind } of webhooks) await cluster.api.delete({ apiVersion, kind, name: metadata.name });
      refused(await cluster.api.create(moverPod(ns, 'ours', labelsOf('restore', 'keep'))), /lacks the script of the policy volsync-pvc-backup-mover/);
      admitted(await cluster.api.create(moverPod(ns, 'other', {})));
    } finally {
      await cluster.kyverno.start();
    }
    await eventually(
      'the script is put in again',
      60,
      async () => (await cluster.api.create(moverPod(ns, 'ours', labelsOf('restore', 'keep')))).status === 201,
    );
  }),
  parallelScenario('the volume of a restore is asked for as large as its snapshot, and no other claim is changed', async (cluster) => {
    const ns = await cluster.namespace('sizes');
    const snapshot = async (name: string, restoreSize: string, readyToUse = true): Promise<void> => {
      await cluster.api.create({ ...snapshots, metadata: { name, namespace: ns }, spec: { source: { persistentVolumeClaimName: 'none' } } });
      await cluster.api.patchStatus({ ...snapshots, namespace: ns, name }, { restoreSize, readyToUse });
    };
    const asked = async (name: string, of: string, storage: string, labels: object = { [populatorLabel]: 'data' }): Promise<string> => {
      const source = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: of };
      const claim = pvc(ns, name, { backup: null, metadata: { labels }, spec: { dataSourceRef: source, resources: { requests: { storage } } } });
      return admitted(await cluster.api.create(claim))['spec'].resources.requests.storage as string;
    };
    await snapshot('volsync-data-restore-a1b2c3d4-dest-20261127101112', '1000341504');
    const restore = 'volsync-data-restore-a1b2c3d4-dest-20261127101112';
    same(await asked('vs-prime-1', restore, '1G'), '1000341504', 'a request that storage rounds up');
    same(await asked('vs-prime-2', restore, '2Gi'), '2Gi', 'a larger request');
    same(await asked('vs-prime-3', restore, '1G', {}), '1G', 'a claim of somebody else');
    await cluster.api.create({
      ...snapshots,
      metadata: { name: 'volsync-data-restore-e5f6g7h8-dest-20261127101112', namespace: ns },
      spec: { source: { persistentVolumeClaimName: 'none' } },
    });
    const early = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'volsync-data-restore-e5f6g7h8-dest-20261127101112' };
    refused(
      await cluster.api.create(
        pvc(ns, 'vs-prime-5', { backup: null, metadata: { labels: { [populatorLabel]: 'data' } }, spec: { dataSourceRef: early } }),
      ),
      /is still being cut/,
    );
    const cutting = 'volsync-data-restore-i9j0k1l2-dest-20261127101112';
    await snapshot(cutting, '1000341504', false);
    const large = { dataSourceRef: { ...early, name: cutting }, resources: { requests: { storage: '2Gi' } } };
    refused(
      await cluster.api.create(pvc(ns, 'vs-prime-6', { backup: null, metadata: { labels: { [populatorLabel]: 'data' } }, spec: large })),
      /is still being cut/,
    );
    await snapshot('hand-made', '1000341504');
    same(await asked('vs-prime-4', 'hand-made', '1G'), '1G', 'a claim of somebody else’s restore');
    // VolSync takes its finalizer off the claim when the snapshot may be gone.
    await cluster.api.delete({ ...snapshots, namespace: ns, name: restore });
    same(
      (await cluster.api.patch(pvcRef(ns, 'vs-prime-2'), { metadata: { annotations: { note: 'x' } } })).status,
      200,
      'a later change of the claim',
    );
  }),
  parallelScenario('an older backup is chosen by time or number, for a while, and every other way to ask is refused', async (cluster) => {
    const ns = await cluster.namespace('older');
    const soon = inDays(1);
    const destination = async (live: KubeObject): Promise<KubeObject['spec']> => {
      await generatedFor(cluster, live);
      return (await cluster.api.find({ ...kinds.destination, namespace: ns, name: String(live['spec'].dataSourceRef.name) }))?.['spec'].kopia;
    };
    const byTime = await destination(
      admitted(await choosing(cluster, ns, 'by-time', { [annotation.restoreAsOf]: '2026-01-31T18:00:00+02:00', [annotation.restoreExpires]: soon })),
    );
    same([byTime.restoreAsOf, byTime.previous], ['2026-01-31T16:00:00Z', 0], 'the time, in UTC');
    const byNumber = await destination(
      admitted(await choosing(cluster, ns, 'by-number', { [annotation.restorePrevious]: '2', [annotation.restoreExpires]: soon })),
    );
    same([byNumber.restoreAsOf, byNumber.previous], ['9999-12-31T23:59:59Z', 2], 'the number');
    const cases: readonly (readonly [Record<string, string>, DenialId | RegExp])[] = [
      [{ [annotation.restoreAsOf]: 'yesterday', [annotation.restoreExpires]: soon }, 'unreadableChoice'],
      [{ [annotation.restoreAsOf]: '2026-01-31', [annotation.restoreExpires]: soon }, 'unreadableChoice'],
      [{ [annotation.restorePrevious]: '-1', [annotation.restoreExpires]: soon }, 'unreadableChoice'],
      [{ [annotation.restoreAsOf]: inDays(0.5), [annotation.restoreExpires]: soon }, 'futureChoice'],
      [{ [annotation.restoreAsOf]: '2026-02-31T18:00:00Z', [annotation.restoreExpires]: soon }, /./],
      [{ [annotation.restorePrevious]: '1' }, 'choiceWithoutEnd'],
      [{ [annotation.restorePrevious]: '1', [annotation.restoreExpires]: inDays(8) }, 'choiceWithoutEnd'],
      [{ [annotation.restorePrevious]: '1', [annotation.restoreExpires]: 'never' }, 'choiceWithoutEnd'],
      [{ [annotation.restorePrevious]: '1', [annotation.restoreExpires]: inDays(-1) }, 'expiredChoice'],
      [
        {
          [annotation.restorePrevious]: '1',
          [annotation.restoreExpires]: soon,
          [annotation.skipRestore]: 'true',
          [annotation.skipRestoreReason]: 'a test',
        },
        'nothingToChoose',
      ],
    ];
    for (const [index, [annotations, words]] of cases.entries()) refused(await choosing(cluster, ns, `refused-${index}`, annotations), words);
    refused(
      await cluster.api.create(pvc(ns, 'nothing', { annotations: { [annotation.restorePrevious]: '1', [annotation.restoreExpires]: soon } })),
      'nothingToChoose',
    );
    return `${cases.length + 1} refusals`;
  }),
  parallelScenario('a claim whose first access mode is read-only is restored through a writable one', async (cluster) => {
    const ns = await cluster.namespace('modes');
    cluster.plumberEndpoint.putBackup(ns, 'data');
    const live = admitted(await cluster.api.create(pvc(ns, 'data', { spec: { accessModes: ['ReadOnlyMany', 'ReadWriteMany'] } })));
    await generatedFor(cluster, live);
    const destination = await cluster.api.find({ ...kinds.destination, namespace: ns, name: String(live['spec'].dataSourceRef.name) });
    same(destination?.['spec'].kopia.accessModes, ['ReadWriteMany'], 'access modes of the restore');
  }),
];
