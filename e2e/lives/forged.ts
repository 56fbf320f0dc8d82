import { backstopPolicy, undecidedSourceName } from '../../lib/model/naming';
import type { KubeObject } from '../harness/api';
import { folderObjects } from '../harness/tree';
import { check, same } from '../harness/check';
import { forged, now } from '../harness/forgery';
import { life, type Life } from '../harness/life';
import { admitted, childrenOf, deletePvc, kinds, pvc, pvcRef, refused, verdictOf } from '../harness/pvc';
import { eventually, never, sleep } from '../harness/waiting';
import type { World } from '../harness/world';

const registration = 'admissionregistration.k8s.io/v1';
const binding = { apiVersion: registration, kind: 'ValidatingAdmissionPolicyBinding', name: backstopPolicy };

/** Plays something while the policy that refuses is not there. */
async function withoutRefusals(world: World, act: () => Promise<void>): Promise<void> {
  await world.api.delete(binding);
  await sleep(2000);
  try {
    await act();
  } finally {
    await world.applyAll(folderObjects('infrastructure/controllers/backstop'));
    await sleep(2000);
  }
}

export const forgedLives: readonly Life[] = [
  life(
    'the policy that refuses is taken away: a PVC without a decision waits, gets nothing and is not empty; a dead Kyverno refuses',
    async (world) => {
      const ns = await world.namespace('alone');
      const held: KubeObject[] = [];
      await withoutRefusals(world, async () => {
        await world.door.close();
        for (const annotations of [{}, forged('fresh', now()), forged('restore', now())])
          held.push(admitted(await world.api.create(pvc(ns, `unknown-${held.length}`, { annotations }))));
        const exported = { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: 'exported-restore-12345678' };
        held.push(admitted(await world.api.create(pvc(ns, 'exported', { spec: { dataSource: exported, dataSourceRef: exported } }))));
        await world.door.listen();
        const { source } = await childrenOf(world, admitted(await world.api.create(pvc(ns, 'data'))));
        const kept = { ...kinds.source, namespace: ns, name: source.metadata.name };
        await world.api.patch(kept, { metadata: { finalizers: ['example.org/held'] } });
        await deletePvc(world, ns, 'data');
        held.push(admitted(await world.api.create(pvc(ns, 'data'))));
        for (const { metadata, spec } of held)
          same(spec.dataSourceRef.name, undecidedSourceName({ namespace: ns, name: metadata.name }), metadata.name);
        await never('something is generated for a PVC without a decision', 10, async () =>
          (await world.api.list(kinds.secret.apiVersion, kinds.secret.kind, ns)).some(({ metadata }) =>
            held.some((each) => metadata.ownerReferences?.some(({ uid }) => uid === each.metadata.uid)),
          ),
        );
        await world.api.patch(kept, { metadata: { finalizers: null } });
        await world.kyverno.stop('SIGKILL');
        refused(await world.api.create(pvc(ns, 'dead', { annotations: forged('fresh', now()) })), /failed calling webhook/);
        admitted(await world.api.create(pvc(ns, 'unlabelled', { backup: null })));
        await world.kyverno.start();
      });
    },
  ),
  life('a forged verdict is overwritten by the gate', async (world) => {
    const ns = await world.namespace('forged');
    world.door.putBackup(ns, 'data');
    const live = admitted(await world.api.create(pvc(ns, 'data', { annotations: forged('fresh', now()) })));
    same(verdictOf(live), 'restore', 'the verdict');
    await childrenOf(world, live);
    refused(await world.api.create(pvc(ns, 'lost', { annotations: forged('restore', now()) })), /check that it is the right store/);
    same(verdictOf(admitted(await world.api.create(pvc(ns, 'skip', { annotations: forged('skipped', now()) })))), 'fresh', 'the verdict');
    world.door.pretend((_, response) => response.destroy());
    try {
      for (const verdict of ['fresh', 'restore', 'skipped']) {
        refused(await world.api.create(pvc(ns, 'more', { annotations: forged(verdict, now()) })), 'unknown');
      }
    } finally {
      world.door.real();
    }
  }),
  life(
    'Kyverno and pvc-plumber dead: unlabelled PVCs are admitted, labelled ones refused, and old ones can be changed and deleted',
    async (world) => {
      const ns = await world.namespace('dead');
      const old = admitted(await world.api.create(pvc(ns, 'old')));
      await childrenOf(world, old);
      await world.door.close();
      await world.kyverno.stop('SIGKILL');
      try {
        const reply = await world.api.create(pvc(ns, 'unlabelled', { backup: null }));
        admitted(reply);
        check(reply.ms < 1000, `an unlabelled PVC waited ${Math.round(reply.ms)} ms for a dead Kyverno`);
        for (const annotations of [{}, forged('fresh', now())])
          refused(await world.api.create(pvc(ns, 'new', { annotations })), /failed calling webhook|backup gate/);
        const changed = await world.api.patch(pvcRef(ns, 'old'), { metadata: { annotations: { note: 'x' } } });
        same(changed.status, 200, 'the status of a change');
        await deletePvc(world, ns, 'old');
        // ExternalSecrets in general go on too: generation has failurePolicy Ignore.
        const secret = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { name: 'any', namespace: ns } };
        const made = await world.api.create({
          ...secret,
          spec: { secretStoreRef: { kind: 'ClusterSecretStore', name: '1password' }, data: [{ secretKey: 'a', remoteRef: { key: 'b' } }] },
        });
        same(made.status, 201, `the status of an ExternalSecret (${made.message})`);
      } finally {
        await world.door.listen();
        await world.kyverno.start();
      }
      const back = await eventually('labelled PVCs are admitted again', 60, async () => {
        const reply = await world.api.create(pvc(ns, 'after'));
        return reply.status === 201 && reply.body;
      });
      await childrenOf(world, back);
    },
  ),
];
