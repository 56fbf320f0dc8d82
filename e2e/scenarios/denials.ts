import { annotation } from '../../lib/model/naming';
import { spoofed, now } from '../harness/spoofing';
import { scenario, type Scenario } from '../harness/scenario';
import { admitted, generatedFor, pvc, refused } from '../harness/pvc';
import { eventually, sleep } from '../harness/waiting';
import type { Cluster } from '../harness/cluster';

const webhooks = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const;
const registration = 'admissionregistration.k8s.io/v1';

export const backstopScenarios: readonly Scenario[] = [
  scenario('webhooks deleted or Kyverno uninstalled: the backstop refuses what the gate did not decide, in time, by itself', async (cluster) => {
    const ns = await cluster.namespace('uninstalled');
    await cluster.kyverno.stop();
    try {
      await deleteWebhooks(cluster);
      const create = (name: string, annotations: Record<string, string>, more = {}): ReturnType<typeof cluster.api.create> =>
        cluster.api.create(pvc(ns, name, { annotations, ...more }));
      admitted(await cluster.api.create(pvc(ns, 'unlabelled', { backup: null })));
      admitted(await cluster.api.create(pvc(ns, 'other-label', { backup: 'velero' })));
      refused(await cluster.api.create(pvc(ns, 'removed-tier', { backup: 'weekly' })), 'nearTier');
      refused(await cluster.api.create(pvc(ns, 'removed-tier', { backup: 'weekly', annotations: spoofed('fresh') })), 'otherCreation');
      for (const each of ['kube-system', 'volsync-system']) admitted(await cluster.api.create(pvc(each, `excluded${cluster.round}`)));
      refused(await create('a', {}, { backup: 'daily' }), 'undecided');
      refused(await create('a', {}), 'undecided');
      refused(await create('a', spoofed('none', now())), 'undecided');
      refused(await create('a', spoofed('unknown', now())), 'unknown');
      refused(await create('a', spoofed('wait', now())), 'previousPvc');
      // A manifest that was exported from a cluster carries its old decision.
      refused(await create('a', spoofed('fresh')), 'otherCreation');
      refused(await create('a', spoofed('fresh', now(-6))), 'otherCreation');
      refused(await create('a', spoofed('fresh', now(6))), 'otherCreation');
      refused(await create('a', spoofed('fresh', 'yesterday')), /timestamp|earlier creation/);
      refused(await create('a', spoofed('fresh', now(-60)), { metadata: { creationTimestamp: now(-60) } }), 'otherCreation');
      refused(await create('a', spoofed('restore', now())), 'foreignSource');
      refused(await create('a', spoofed('skipped', now())), 'noSkipReason');
      refused(await create('a', { ...spoofed('fresh', now()), [annotation.skipRestore]: 'true' }), 'noSkipReason');
      refused(
        await create('a', spoofed('skipped', now()), { annotations: { ...spoofed('skipped', now()), [annotation.skipRestoreReason]: 'x' } }),
        'noSkipReason',
      );
      const own = { dataSourceRef: { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: 'a-restore-12345678' } };
      refused(await create('a', spoofed('fresh', now()), { spec: own }), 'staleSource');
      for (const wrong of [{ kind: 'ReplicationSource' }, { apiGroup: 'example.org' }, { name: 'b-restore-12345678' }]) {
        refused(await create('a', spoofed('restore', now()), { spec: { dataSourceRef: { ...own.dataSourceRef, ...wrong } } }), 'foreignSource');
      }
      refused(await create('n'.repeat(64), spoofed('fresh', now())), 'unsupported');
      refused(await create('a', spoofed('fresh', now()), { spec: { volumeMode: 'Block' } }), 'unsupported');
      refused(await create('a', { ...spoofed('fresh', now()), [annotation.runAsUser]: 'root' }), 'unsupported');
      refused(await create('a', { ...spoofed('fresh', now()), [annotation.runAsGroup]: '-1' }), 'unsupported');
      refused(await create('a', { ...spoofed('fresh', now()), [annotation.fsGroup]: '' }), 'unsupported');
      refused(await create('a', { ...spoofed('fresh', now()), [annotation.fsGroup]: '2147483648' }), 'unsupported');
      const unnamed = { namespace: ns, generateName: 'data-', labels: { backup: 'hourly' }, annotations: spoofed('fresh', now()) };
      refused(await cluster.api.create({ ...pvc(ns, ''), metadata: unnamed }), 'unsupported');
      // Its limits, so that nobody takes it for more: whoever writes all of the gate's annotations within five minutes gets through.
      admitted(await create('b', spoofed('fresh', now())));
      admitted(await create('c', spoofed('restore', now()), { spec: { dataSourceRef: { ...own.dataSourceRef, name: 'c-restore-12345678' } } }));
      const other = { ...own.dataSourceRef, apiGroup: 'example.org', name: 'd-restore-12345678' };
      admitted(await create('d', spoofed('fresh', now()), { spec: { dataSourceRef: other } }));
      admitted(await cluster.api.create(pvc('kyverno', `excluded${cluster.round}`)));
    } finally {
      await cluster.kyverno.start();
      await cluster.policiesReady();
    }
    const live = await eventually('Kyverno decides again', 60, async () => {
      const reply = await cluster.api.create(pvc(ns, 'after'));
      return reply.status === 201 && reply.body;
    });
    await generatedFor(cluster, live);
  }),
  scenario('a namespace that only the webhook selector skips: labelled refused, unlabelled admitted', async (cluster) => {
    const ns = await cluster.namespace('skipped-by-webhook');
    const config = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kyverno', name: 'kyverno' };
    const before = String((await cluster.api.find(config))?.['data'].webhooks);
    const selector = JSON.parse(before) as { namespaceSelector: { matchExpressions: object[] } };
    selector.namespaceSelector.matchExpressions.push({ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [ns] });
    await cluster.api.patch(config, { data: { webhooks: JSON.stringify(selector) } });
    try {
      await eventually('the webhook skips the namespace', 60, async () => (await selectorsOf(cluster)).every((text) => text.includes(ns)));
      await sleep(1000);
      refused(await cluster.api.create(pvc(ns, 'data')), 'undecided');
      admitted(await cluster.api.create(pvc(ns, 'unlabelled', { backup: null })));
    } finally {
      await cluster.api.patch(config, { data: { webhooks: before } });
      await eventually('the webhook skips it no longer', 60, async () => (await selectorsOf(cluster)).every((text) => !text.includes(ns)));
    }
    await eventually('labelled PVCs are admitted again', 30, async () => (await cluster.api.create(pvc(ns, 'data'))).status === 201);
  }),
];

/** Takes Kyverno's webhooks away; a Kyverno that starts registers them anew. */
export async function deleteWebhooks(cluster: Cluster): Promise<void> {
  for (const kind of webhooks) {
    for (const { metadata } of await cluster.api.list(registration, kind)) {
      if (metadata.name.startsWith('kyverno-')) await cluster.api.delete({ apiVersion: registration, kind, name: metadata.name });
    }
  }
  await sleep(2000);
}

async function selectorsOf(cluster: Cluster): Promise<string[]> {
  const all = await Promise.all(webhooks.map((kind) => cluster.api.list(registration, kind)));
  const resource = all.flat().filter(({ metadata }) => metadata.name.startsWith('kyverno-resource-'));
  return resource.flatMap((each) =>
    ((each['webhooks'] ?? []) as { namespaceSelector?: object }[]).map((webhook) => JSON.stringify(webhook.namespaceSelector)),
  );
}
