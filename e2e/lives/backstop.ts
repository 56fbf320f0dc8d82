import { annotation } from '../../lib/model/naming';
import { forged, now } from '../harness/forgery';
import { life, type Life } from '../harness/life';
import { admitted, childrenOf, pvc, refused } from '../harness/pvc';
import { eventually, sleep } from '../harness/waiting';
import type { World } from '../harness/world';

const webhooks = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const;
const registration = 'admissionregistration.k8s.io/v1';

export const backstopLives: readonly Life[] = [
  life('webhooks deleted or Kyverno uninstalled: the backstop refuses what the gate did not decide, in time, by itself', async (world) => {
    const ns = await world.namespace('uninstalled');
    await world.kyverno.stop();
    try {
      await deleteWebhooks(world);
      const create = (name: string, annotations: Record<string, string>, more = {}): ReturnType<typeof world.api.create> =>
        world.api.create(pvc(ns, name, { annotations, ...more }));
      admitted(await world.api.create(pvc(ns, 'unlabelled', { backup: null })));
      admitted(await world.api.create(pvc(ns, 'other-label', { backup: 'weekly' })));
      for (const each of ['kube-system', 'volsync-system']) admitted(await world.api.create(pvc(each, `excluded${world.round}`)));
      refused(await create('a', {}, { backup: 'daily' }), 'undecided');
      refused(await create('a', {}), 'undecided');
      refused(await create('a', forged('none', now())), 'undecided');
      refused(await create('a', forged('unknown', now())), 'unknown');
      refused(await create('a', forged('wait', now())), 'previousPvc');
      // A manifest that was exported from a cluster carries its old verdict.
      refused(await create('a', forged('fresh')), 'otherCreation');
      refused(await create('a', forged('fresh', now(-6))), 'otherCreation');
      refused(await create('a', forged('fresh', now(6))), 'otherCreation');
      refused(await create('a', forged('fresh', 'yesterday')), /timestamp|earlier creation/);
      refused(await create('a', forged('fresh', now(-60)), { metadata: { creationTimestamp: now(-60) } }), 'otherCreation');
      refused(await create('a', forged('restore', now())), 'foreignSource');
      refused(await create('a', forged('skipped', now())), 'noSkipReason');
      refused(await create('a', { ...forged('fresh', now()), [annotation.skipRestore]: 'true' }), 'noSkipReason');
      refused(
        await create('a', forged('skipped', now()), { annotations: { ...forged('skipped', now()), [annotation.skipRestoreReason]: 'x' } }),
        'noSkipReason',
      );
      const own = { dataSourceRef: { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: 'a-restore-12345678' } };
      refused(await create('a', forged('fresh', now()), { spec: own }), 'staleSource');
      for (const wrong of [{ kind: 'ReplicationSource' }, { apiGroup: 'example.org' }, { name: 'b-restore-12345678' }]) {
        refused(
          await create('a', forged('restore', now()), { spec: { dataSourceRef: { ...own.dataSourceRef, ...wrong } } }),
          'foreignSource',
        );
      }
      refused(await create('n'.repeat(64), forged('fresh', now())), 'unsupported');
      refused(await create('a', forged('fresh', now()), { spec: { volumeMode: 'Block' } }), 'unsupported');
      refused(await create('a', { ...forged('fresh', now()), [annotation.runAsUser]: 'root' }), 'unsupported');
      refused(await create('a', { ...forged('fresh', now()), [annotation.runAsGroup]: '-1' }), 'unsupported');
      refused(await create('a', { ...forged('fresh', now()), [annotation.fsGroup]: '' }), 'unsupported');
      refused(await create('a', { ...forged('fresh', now()), [annotation.fsGroup]: '2147483648' }), 'unsupported');
      const unnamed = { namespace: ns, generateName: 'data-', labels: { backup: 'hourly' }, annotations: forged('fresh', now()) };
      refused(await world.api.create({ ...pvc(ns, ''), metadata: unnamed }), 'unsupported');
      // Its limits, so that nobody takes it for more: whoever writes all of the gate's annotations within five minutes gets through.
      admitted(await create('b', forged('fresh', now())));
      admitted(await create('c', forged('restore', now()), { spec: { dataSourceRef: { ...own.dataSourceRef, name: 'c-restore-12345678' } } }));
      const other = { ...own.dataSourceRef, apiGroup: 'example.org', name: 'd-restore-12345678' };
      admitted(await create('d', forged('fresh', now()), { spec: { dataSourceRef: other } }));
      admitted(await world.api.create(pvc('kyverno', `excluded${world.round}`)));
    } finally {
      await world.kyverno.start();
      await world.policiesReady();
    }
    const live = await eventually('Kyverno decides again', 60, async () => {
      const reply = await world.api.create(pvc(ns, 'after'));
      return reply.status === 201 && reply.body;
    });
    await childrenOf(world, live);
  }),
  life('a namespace that only the webhook selector skips: labelled refused, unlabelled admitted', async (world) => {
    const ns = await world.namespace('skipped-by-webhook');
    const config = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kyverno', name: 'kyverno' };
    const before = String((await world.api.find(config))?.['data'].webhooks);
    const selector = JSON.parse(before) as { namespaceSelector: { matchExpressions: object[] } };
    selector.namespaceSelector.matchExpressions.push({ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [ns] });
    await world.api.patch(config, { data: { webhooks: JSON.stringify(selector) } });
    try {
      await eventually('the webhook skips the namespace', 60, async () => (await selectorsOf(world)).every((text) => text.includes(ns)));
      await sleep(1000);
      refused(await world.api.create(pvc(ns, 'data')), 'undecided');
      admitted(await world.api.create(pvc(ns, 'unlabelled', { backup: null })));
    } finally {
      await world.api.patch(config, { data: { webhooks: before } });
      await eventually('the webhook skips it no longer', 60, async () => (await selectorsOf(world)).every((text) => !text.includes(ns)));
    }
    await eventually('labelled PVCs are admitted again', 30, async () => (await world.api.create(pvc(ns, 'data'))).status === 201);
  }),
];

async function deleteWebhooks(world: World): Promise<void> {
  for (const kind of webhooks) {
    for (const { metadata } of await world.api.list(registration, kind)) {
      if (metadata.name.startsWith('kyverno-')) await world.api.delete({ apiVersion: registration, kind, name: metadata.name });
    }
  }
  await sleep(2000);
}

async function selectorsOf(world: World): Promise<string[]> {
  const all = await Promise.all(webhooks.map((kind) => world.api.list(registration, kind)));
  const resource = all.flat().filter(({ metadata }) => metadata.name.startsWith('kyverno-resource-'));
  return resource.flatMap((each) =>
    ((each['webhooks'] ?? []) as { namespaceSelector?: object }[]).map((webhook) => JSON.stringify(webhook.namespaceSelector)),
  );
}
