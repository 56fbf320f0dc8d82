import type { DenialId } from '../../lib/admission/denials';
import { annotation, populatorLabel, podLabel } from '../../lib/model/naming';
import { check, same } from '../harness/check';
import { calmLife, life, type Life } from '../harness/life';
import type { KubeObject } from '../harness/api';
import { admitted, childrenOf, kinds, pvc, refused } from '../harness/pvc';
import { eventually } from '../harness/waiting';
import type { World } from '../harness/world';

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

async function enforce(world: World, namespace: string, level: string): Promise<void> {
  await world.api.patch(
    { apiVersion: 'v1', kind: 'Namespace', name: namespace },
    { metadata: { labels: { 'pod-security.kubernetes.io/enforce': level } } },
  );
}

/** What a creation says about a choice of an older backup. */
async function choosing(world: World, namespace: string, name: string, annotations: Record<string, string>): ReturnType<World['api']['create']> {
  world.door.putBackup(namespace, name);
  return world.api.create(pvc(namespace, name, { annotations }));
}

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

export const moverLives: readonly Life[] = [
  calmLife('a mover Pod gets the script, and root with the least capabilities where Pod Security permits it', async (world) => {
    const ns = await world.namespace('movers');
    await enforce(world, ns, 'baseline');
    const restore = admitted(await world.api.create(moverPod(ns, 'restore', labelsOf('restore', 'keep'))))['spec'];
    same(restore.containers[0].command.length, 4, 'the parts of the command');
    same(restore.containers[0].args, ['restore'], 'the arguments');
    same(
      restore.containers[0].securityContext.capabilities,
      { add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID'], drop: ['ALL'] },
      'capabilities of a restore',
    );
    same(restore.securityContext, { runAsUser: 0, runAsGroup: 0, runAsNonRoot: false, seccompProfile: { type: 'RuntimeDefault' } }, 'its user');
    const backup = admitted(await world.api.create(moverPod(ns, 'backup', labelsOf('backup', 'keep'))))['spec'];
    same(backup.containers[0].securityContext.capabilities, { add: ['DAC_OVERRIDE'], drop: ['ALL'] }, 'capabilities of a backup');
    const fixed = admitted(await world.api.create(moverPod(ns, 'fixed', labelsOf('restore', 'fixed'))))['spec'];
    same(fixed.securityContext.runAsUser, 568, 'the user of a PVC with a fixed one');
    same(fixed.containers[0].command.length, 4, 'its script');
    const other = admitted(await world.api.create(moverPod(ns, 'other', {})))['spec'];
    same(other.containers[0].command, ['/mover-kopia/entry.sh'], 'the mover of somebody else');
  }),
  calmLife('Pod Security "restricted": the mover keeps the fixed user, and the PVC is told what that does to owners', async (world) => {
    const ns = await world.namespace('restricted');
    await enforce(world, ns, 'restricted');
    const mover = admitted(await world.api.create(moverPod(ns, 'restore', labelsOf('restore', 'keep'))))['spec'];
    same([mover.securityContext.runAsUser, mover.containers[0].command.length], [568, 4], 'user and script');
    const reply = await world.api.create(pvc(ns, 'data'));
    admitted(reply);
    check(
      reply.warnings.some((warning) => /gives every file to user 568/.test(warning)),
      `a warning must say it: ${reply.warnings.join()}`,
    );
    const own = await world.api.create(pvc(ns, 'own', { annotations: { [annotation.runAsUser]: '999' } }));
    same(own.warnings, [], 'warnings for a PVC with a user of its own');
  }),
  life('without Kyverno a mover Pod of ours is refused, and nobody else’s is', async (world) => {
    const ns = await world.namespace('unwrapped');
    const webhooks = (await world.api.list('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration')).filter(({ metadata }) =>
      metadata.name.startsWith('kyverno'),
    );
    await world.kyverno.stop('SIGKILL');
    try {
      for (const { metadata, apiVersion, kind } of webhooks) await world.api.delete({ apiVersion, kind, name: metadata.name });
      refused(await world.api.create(moverPod(ns, 'ours', labelsOf('restore', 'keep'))), /lacks the script of the policy volsync-pvc-backup-mover/);
      admitted(await world.api.create(moverPod(ns, 'other', {})));
    } finally {
      await world.kyverno.start();
    }
    await eventually(
      'the script is put in again',
      60,
      async () => (await world.api.create(moverPod(ns, 'ours', labelsOf('restore', 'keep')))).status === 201,
    );
  }),
  calmLife('the volume of a restore is asked for as large as its snapshot, and no other claim is changed', async (world) => {
    const ns = await world.namespace('sizes');
    const snapshot = async (name: string, restoreSize: string): Promise<void> => {
      await world.api.create({ ...snapshots, metadata: { name, namespace: ns }, spec: { source: { persistentVolumeClaimName: 'none' } } });
      await world.api.patchStatus({ ...snapshots, namespace: ns, name }, { restoreSize, readyToUse: true });
    };
    const asked = async (name: string, of: string, storage: string, labels: object = { [populatorLabel]: 'data' }): Promise<string> => {
      const source = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: of };
      const claim = pvc(ns, name, { backup: null, metadata: { labels }, spec: { dataSourceRef: source, resources: { requests: { storage } } } });
      return admitted(await world.api.create(claim))['spec'].resources.requests.storage as string;
    };
    await snapshot('volsync-data-restore-a1b2c3d4-dest-20261127101112', '1000341504');
    const restore = 'volsync-data-restore-a1b2c3d4-dest-20261127101112';
    same(await asked('vs-prime-1', restore, '1G'), '1000341504', 'a request that storage rounds up');
    same(await asked('vs-prime-2', restore, '2Gi'), '2Gi', 'a larger request');
    same(await asked('vs-prime-3', restore, '1G', {}), '1G', 'a claim of somebody else');
    await world.api.create({
      ...snapshots,
      metadata: { name: 'volsync-data-restore-e5f6g7h8-dest-20261127101112', namespace: ns },
      spec: { source: { persistentVolumeClaimName: 'none' } },
    });
    const early = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'volsync-data-restore-e5f6g7h8-dest-20261127101112' };
    refused(
      await world.api.create(
        pvc(ns, 'vs-prime-5', { backup: null, metadata: { labels: { [populatorLabel]: 'data' } }, spec: { dataSourceRef: early } }),
      ),
      /is still being cut/,
    );
    await snapshot('hand-made', '1000341504');
    same(await asked('vs-prime-4', 'hand-made', '1G'), '1G', 'a claim of somebody else’s restore');
  }),
  calmLife('an older backup is chosen by time or number, for a while, and every other way to ask is refused', async (world) => {
    const ns = await world.namespace('older');
    const soon = inDays(1);
    const destination = async (live: KubeObject): Promise<KubeObject['spec']> => {
      await childrenOf(world, live);
      return (await world.api.find({ ...kinds.destination, namespace: ns, name: String(live['spec'].dataSourceRef.name) }))?.['spec'].kopia;
    };
    const byTime = await destination(
      admitted(await choosing(world, ns, 'by-time', { [annotation.restoreAsOf]: '2026-01-31T18:00:00+02:00', [annotation.restoreExpires]: soon })),
    );
    same([byTime.restoreAsOf, byTime.previous], ['2026-01-31T16:00:00Z', 0], 'the time, in UTC');
    const byNumber = await destination(
      admitted(await choosing(world, ns, 'by-number', { [annotation.restorePrevious]: '2', [annotation.restoreExpires]: soon })),
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
    for (const [index, [annotations, words]] of cases.entries()) refused(await choosing(world, ns, `refused-${index}`, annotations), words);
    refused(
      await world.api.create(pvc(ns, 'nothing', { annotations: { [annotation.restorePrevious]: '1', [annotation.restoreExpires]: soon } })),
      'nothingToChoose',
    );
    return `${cases.length + 1} refusals`;
  }),
  calmLife('a claim whose first access mode is read-only is restored through a writable one', async (world) => {
    const ns = await world.namespace('modes');
    world.door.putBackup(ns, 'data');
    const live = admitted(await world.api.create(pvc(ns, 'data', { spec: { accessModes: ['ReadOnlyMany', 'ReadWriteMany'] } })));
    await childrenOf(world, live);
    const destination = await world.api.find({ ...kinds.destination, namespace: ns, name: String(live['spec'].dataSourceRef.name) });
    same(destination?.['spec'].kopia.accessModes, ['ReadWriteMany'], 'access modes of the restore');
  }),
];
