import { backupLabel } from '../../lib/model/naming';
import { optInPolicy } from '../../lib/model/policy-names';
import { madeByVolsync } from '../../lib/model/volsync-labels';
import { denialPattern } from '../../test/support/denial-pattern';
import type { SiteValues } from '../../lib';
import type { KubeObject, Reply } from '../harness/api';
import { check, same } from '../harness/check';
import type { Cluster } from '../harness/cluster';
import { kyvernoConfig } from '../harness/kyverno';
import { OtherWebhook } from '../harness/other-webhook';
import { scenario, type Scenario } from '../harness/scenario';
import { admitted, alwaysGeneratedRefs, decisionOf, deletePvc, generatedFor, pvc, type PvcOptions, pvcRef, refused } from '../harness/pvc';
import { exampleTree, folderObjects, objectsOf } from '../harness/tree';
import { eventually, never } from '../harness/waiting';
import { deleteWebhooks } from './denials';
import { current, sync } from './upgrade';

const registration = 'admissionregistration.k8s.io/v1';

/** What an operator or a chart makes: a PVC without the label. */
function create(cluster: Cluster, namespace: string, name: string, options: PvcOptions = {}, query = ''): Promise<Reply> {
  return cluster.api.create(pvc(namespace, name, { backup: null, ...options }), query);
}

const labelOf = ({ metadata }: KubeObject): string => metadata.labels?.[backupLabel] ?? 'none';

const named = (namespace: string): Partial<SiteValues> => ({
  optIn: [
    { namespace, names: ['data-*'], tier: 'daily' },
    { namespace, names: ['index'], tier: 'hourly' },
  ],
});

/** Plays something on a cluster whose site names PVCs of a namespace, and makes it the example's again. */
async function withSite(cluster: Cluster, values: Partial<SiteValues>, namespace: string, play: () => Promise<void>): Promise<void> {
  const before = (await cluster.api.find(kyvernoConfig))?.['data'].matchConditions as string | undefined;
  check(before !== undefined, 'the tree’s Kyverno has conditions in its ConfigMap');
  try {
    await syncSite(cluster, values, namespace);
    await play();
  } finally {
    await cluster.api.patch(kyvernoConfig, { data: { matchConditions: before } });
    for (const kind of ['ValidatingAdmissionPolicyBinding', 'ValidatingAdmissionPolicy'])
      await cluster.api.delete({ apiVersion: registration, kind, name: optInPolicy });
    await cluster.applyAll(folderObjects('infrastructure/controllers/backstop'));
    await sync(cluster, current());
    await eventually('the webhooks know the names no longer', 60, async () => !(await webhooks(cluster)).includes(`'${namespace}'`));
    await eventually('a PVC of the names is left alone again', 30, async () => {
      const reply = await create(cluster, namespace, 'data-probe', {}, '&dryRun=All');
      return reply.status === 201 && labelOf(reply.body) === 'none';
    });
  }
}

/** What a site has at the gate: what the API server evaluates itself, Kyverno's policies, and the conditions in its ConfigMap. */
async function syncSite(cluster: Cluster, values: Partial<SiteValues>, namespace: string): Promise<void> {
  const objects = [...exampleTree(values).values()].flatMap(objectsOf);
  const kyverno = objects.find(({ kind, metadata }) => kind === 'Application' && metadata.name === 'kyverno');
  const conditions = kyverno?.['spec'].sources[0].helm.valuesObject.config.matchConditions as readonly object[] | undefined;
  await cluster.applyAll(objects.filter(({ kind }) => kind.startsWith('ValidatingAdmissionPolicy')));
  await sync(
    cluster,
    objects.filter(({ kind }) => kind === 'ClusterPolicy'),
  );
  await cluster.api.patch(kyvernoConfig, { data: { matchConditions: conditions === undefined ? null : JSON.stringify(conditions) } });
  await eventually('the webhooks know the names', 60, async () => (await webhooks(cluster)).includes(`'${namespace}'`));
  await eventually('the gate gives the label, and another one is refused', 60, async () => {
    const given = await create(cluster, namespace, 'data-probe', {}, '&dryRun=All');
    const other = await create(cluster, namespace, 'data-probe', { backup: 'velero' }, '&dryRun=All');
    return given.status === 201 && labelOf(given.body) === 'daily' && denialPattern('optInOtherLabel').test(other.message);
  });
}

/** Kyverno's webhooks that change objects, as the API server has them. */
async function webhooks(cluster: Cluster): Promise<string> {
  const name = 'kyverno-resource-mutating-webhook-cfg';
  return JSON.stringify(await cluster.api.find({ apiVersion: registration, kind: 'MutatingWebhookConfiguration', name }));
}

/** A PVC of another name, and one of VolSync's own, get nothing. */
async function leavesAlone(cluster: Cluster, namespace: string): Promise<void> {
  const labels = { [madeByVolsync.key]: madeByVolsync.value };
  for (const [name, options] of [
    ['scratch', {}],
    ['data-copy', { metadata: { labels } }],
  ] as const) {
    const live = admitted(await create(cluster, namespace, name, options));
    same([labelOf(live), decisionOf(live)], ['none', 'none'], `label and decision of ${name}`);
    await never(`something is made for ${name}`, 2, async () =>
      (await Promise.all(alwaysGeneratedRefs({ namespace, name }).map((ref) => cluster.api.find(ref)))).some((child) => child !== undefined),
    );
    same(cluster.plumberEndpoint.questions(namespace, name), 0, 'the number of questions');
    await deletePvc(cluster, namespace, name);
  }
}

/** Decided, given its resources, and after its loss restored. */
async function protects(cluster: Cluster, namespace: string, name: string, tier: string): Promise<void> {
  const live = admitted(await create(cluster, namespace, name));
  same([labelOf(live), decisionOf(live)], [tier, 'fresh'], `label and decision of ${name}`);
  await generatedFor(cluster, live);
  cluster.plumberEndpoint.putBackup(namespace, name);
  await deletePvc(cluster, namespace, name);
  const back = await eventually(`${name} is created again`, 60, async () => {
    const reply = await create(cluster, namespace, name);
    return reply.status === 201 && reply.body;
  });
  same([labelOf(back), decisionOf(back)], [tier, 'restore'], `label and decision of ${name}, created again`);
  await generatedFor(cluster, back);
}

/** Another team's webhook takes the label off behind the gate: the API server calls the gate again, which gives it again. */
async function keepsLabel(cluster: Cluster, namespace: string): Promise<void> {
  const patch = [{ op: 'remove', path: `/metadata/labels/${backupLabel}` }];
  const other = await OtherWebhook.start(cluster, namespace, { kind: 'MutatingWebhookConfiguration', answer: () => Promise.resolve(patch) });
  try {
    const live = admitted(await create(cluster, namespace, 'data-stripped'));
    same([labelOf(live), decisionOf(live)], ['daily', 'fresh'], 'label and decision');
    same(cluster.plumberEndpoint.questions(namespace, 'data-stripped'), 2, 'the number of questions');
    await generatedFor(cluster, live);
  } finally {
    await other.stop();
  }
}

export const optInScenarios: readonly Scenario[] = [
  scenario('PVCs that the site names, whose label nobody can set: fresh, restored, and refused while the gate is away', async (cluster) => {
    const ns = await cluster.namespace('opt-in');
    const setLabel = (value: string | null): Promise<Reply> =>
      cluster.api.patch(pvcRef(ns, 'data-earlier'), { metadata: { labels: { [backupLabel]: value } } });
    const earlier = admitted(await create(cluster, ns, 'data-earlier'));
    await withSite(cluster, named(ns), ns, async () => {
      await protects(cluster, ns, 'data-db', 'daily');
      await protects(cluster, ns, 'index', 'hourly');
      await leavesAlone(cluster, ns);
      // Its own label, and none that a person can mean.
      same(labelOf(admitted(await create(cluster, ns, 'data-own', { backup: 'hourly' }))), 'hourly', 'its own label');
      refused(await create(cluster, ns, 'data-other', { backup: 'velero' }), 'optInOtherLabel');
      refused(await create(cluster, ns, 'data-', { metadata: { name: undefined, generateName: 'data-' } }), 'optInGeneratedName');
      // Argo CD applies the manifest, which has no label, again and again.
      for (let turn = 0; turn < 3; turn += 1) await cluster.applyAll([pvc(ns, 'data-applied', { backup: null }) as unknown as KubeObject]);
      const applied = (await cluster.api.find(pvcRef(ns, 'data-applied')))!;
      same([labelOf(applied), decisionOf(applied)], ['daily', 'fresh'], 'label and decision of what is applied again');
      // One that was there before is what it was, until a person labels it; what makes it may take the label off again.
      same((await cluster.api.patch(pvcRef(ns, 'data-earlier'), { metadata: { annotations: { note: 'x' } } })).status, 200, 'an update');
      for (const value of ['daily', null, 'daily']) same((await setLabel(value)).status, 200, `the label ${value}`);
      await generatedFor(cluster, earlier);
      await cluster.plumberEndpoint.s3.stop();
      try {
        refused(await create(cluster, ns, 'data-doubt'), 'unknown');
      } finally {
        await cluster.plumberEndpoint.s3.start();
      }
      await cluster.kyverno.stop('SIGKILL');
      try {
        refused(await create(cluster, ns, 'data-away'), /failed calling webhook/);
        admitted(await create(cluster, ns, 'scratch-away'));
        same((await setLabel(null)).status, 200, 'the label that is taken off');
        await deleteWebhooks(cluster);
        for (const name of ['data-away', 'index']) refused(await create(cluster, ns, name), 'optInWithoutLabel');
        admitted(await create(cluster, ns, 'scratch-gone'));
      } finally {
        await cluster.kyverno.start();
        await cluster.policiesReady();
      }
      const late = await eventually('the PVC is created when Kyverno is back', 60, async () => {
        const reply = await create(cluster, ns, 'data-away');
        return reply.status === 201 && reply.body;
      });
      await generatedFor(cluster, late);
    });
  }),
  scenario('PVCs that the site names, where Kyverno has other policies about PVCs', async (cluster) => {
    const ns = await cluster.namespace('opt-in-other');
    await withSite(cluster, { ...named(ns), otherPvcPolicies: true }, ns, async () => {
      await protects(cluster, ns, 'data-db', 'daily');
      await leavesAlone(cluster, ns);
      refused(await create(cluster, ns, 'data-other', { backup: 'velero' }), 'optInOtherLabel');
      await keepsLabel(cluster, ns);
    });
  }),
];
