import { undecidedSourceName } from '../../lib/model/naming';
import { backstopPolicy } from '../../lib/model/policy-names';
import type { KubeObject } from '../harness/api';
import { folderObjects } from '../harness/tree';
import { check, same } from '../harness/check';
import { spoofed, now } from '../harness/spoofing';
import { scenario, type Scenario } from '../harness/scenario';
import { admitted, generatedFor, deletePvc, kinds, pvc, pvcRef, refused, decisionOf } from '../harness/pvc';
import { eventually, never, sleep } from '../harness/waiting';
import type { Cluster } from '../harness/cluster';

const registration = 'admissionregistration.k8s.io/v1';
const binding = { apiVersion: registration, kind: 'ValidatingAdmissionPolicyBinding', name: backstopPolicy };

/** Plays something while the policy that refuses is not there. */
async function withoutRefusals(cluster: Cluster, act: () => Promise<void>): Promise<void> {
  await cluster.api.delete(binding);
  await sleep(2000);
  try {
    await act();
  } finally {
    await cluster.applyAll(folderObjects('infrastructure/controllers/backstop'));
    await sleep(2000);
  }
}

export const forgedScenarios: readonly Scenario[] = [
  scenario(
    'the policy that refuses is taken away: a PVC without a decision waits, gets nothing and is not empty; a dead Kyverno refuses',
    async (cluster) => {
      const ns = await cluster.namespace('alone');
      const held: KubeObject[] = [];
      await withoutRefusals(cluster, async () => {
        await cluster.plumberEndpoint.close();
        for (const annotations of [{}, spoofed('fresh', now()), spoofed('restore', now())])
          held.push(admitted(await cluster.api.create(pvc(ns, `unknown-${held.length}`, { annotations }))));
        const exported = { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: 'exported-restore-12345678' };
        held.push(admitted(await cluster.api.create(pvc(ns, 'exported', { spec: { dataSource: exported, dataSourceRef: exported } }))));
        await cluster.plumberEndpoint.listen();
        const { source } = await generatedFor(cluster, admitted(await cluster.api.create(pvc(ns, 'data'))));
        const kept = { ...kinds.source, namespace: ns, name: source.metadata.name };
        await cluster.api.patch(kept, { metadata: { finalizers: ['example.org/held'] } });
        await deletePvc(cluster, ns, 'data');
        held.push(admitted(await cluster.api.create(pvc(ns, 'data'))));
        for (const { metadata, spec } of held)
          same(spec.dataSourceRef.name, undecidedSourceName({ namespace: ns, name: metadata.name }), metadata.name);
        await never('something is generated for a PVC without a decision', 10, async () =>
          (await cluster.api.list(kinds.secret.apiVersion, kinds.secret.kind, ns)).some(({ metadata }) =>
            held.some((each) => metadata.ownerReferences?.some(({ uid }) => uid === each.metadata.uid)),
          ),
        );
        await cluster.api.patch(kept, { metadata: { finalizers: null } });
        await cluster.kyverno.stop('SIGKILL');
        refused(await cluster.api.create(pvc(ns, 'dead', { annotations: spoofed('fresh', now()) })), /failed calling webhook/);
        admitted(await cluster.api.create(pvc(ns, 'unlabelled', { backup: null })));
        await cluster.kyverno.start();
      });
    },
  ),
  scenario('a spoofed decision is overwritten by the gate', async (cluster) => {
    const ns = await cluster.namespace('spoofed');
    cluster.plumberEndpoint.putBackup(ns, 'data');
    const live = admitted(await cluster.api.create(pvc(ns, 'data', { annotations: spoofed('fresh', now()) })));
    same(decisionOf(live), 'restore', 'the decision');
    await generatedFor(cluster, live);
    refused(await cluster.api.create(pvc(ns, 'lost', { annotations: spoofed('restore', now()) })), /check that it is the right store/);
    same(decisionOf(admitted(await cluster.api.create(pvc(ns, 'skip', { annotations: spoofed('skipped', now()) })))), 'fresh', 'the decision');
    cluster.plumberEndpoint.pretend((_, response) => response.destroy());
    try {
      for (const decision of ['fresh', 'restore', 'skipped']) {
        refused(await cluster.api.create(pvc(ns, 'more', { annotations: spoofed(decision, now()) })), 'unknown');
      }
    } finally {
      cluster.plumberEndpoint.real();
    }
  }),
  scenario(
    'Kyverno and pvc-plumber dead: unlabelled PVCs are admitted, labelled ones refused, and old ones can be changed and deleted',
    async (cluster) => {
      const ns = await cluster.namespace('dead');
      const old = admitted(await cluster.api.create(pvc(ns, 'old')));
      await generatedFor(cluster, old);
      await cluster.plumberEndpoint.close();
      await cluster.kyverno.stop('SIGKILL');
      try {
        const reply = await cluster.api.create(pvc(ns, 'unlabelled', { backup: null }));
        admitted(reply);
        check(reply.ms < 1000, `an unlabelled PVC waited ${Math.round(reply.ms)} ms for a dead Kyverno`);
        for (const annotations of [{}, spoofed('fresh', now())])
          refused(await cluster.api.create(pvc(ns, 'new', { annotations })), /failed calling webhook|backup gate/);
        const changed = await cluster.api.patch(pvcRef(ns, 'old'), { metadata: { annotations: { note: 'x' } } });
        same(changed.status, 200, 'the status of a change');
        await deletePvc(cluster, ns, 'old');
        // ExternalSecrets in general go on too: generation has failurePolicy Ignore.
        const secret = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { name: 'any', namespace: ns } };
        const made = await cluster.api.create({
          ...secret,
          spec: { secretStoreRef: { kind: 'ClusterSecretStore', name: '1password' }, data: [{ secretKey: 'a', remoteRef: { key: 'b' } }] },
        });
        same(made.status, 201, `the status of an ExternalSecret (${made.message})`);
      } finally {
        await cluster.plumberEndpoint.listen();
        await cluster.kyverno.start();
      }
      const back = await eventually('labelled PVCs are admitted again', 60, async () => {
        const reply = await cluster.api.create(pvc(ns, 'after'));
        return reply.status === 201 && reply.body;
      });
      await generatedFor(cluster, back);
    },
  ),
];
