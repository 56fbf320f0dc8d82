import { denialPattern } from '../../test/support/denial-pattern';
import { check, same } from '../harness/check';
import { parallelScenario, scenario, type Scenario } from '../harness/scenario';
import { admitted, generatedFor, deletePvc, kinds, pvc, refused, decisionOf } from '../harness/pvc';
import { eventually, sleep } from '../harness/waiting';
import type { KubeObject } from '../harness/api';
import type { Cluster } from '../harness/cluster';

const times = 20;

/** Creates until it is admitted, as Argo CD and a StatefulSet do. @returns the PVC and how often it was refused */
async function createAgain(cluster: Cluster, ns: string, name: string): Promise<{ live: KubeObject; refusals: number }> {
  let refusals = 0;
  const live = await eventually(`${ns}/${name} is admitted again`, 60, async () => {
    const reply = await cluster.api.create(pvc(ns, name));
    if (reply.status === 201) return reply.body;
    check(denialPattern('previousPvc').test(reply.message), `another refusal: ${reply.message}`);
    refusals += 1;
    return undefined;
  });
  return { live, refusals };
}

/** The PVC refers to a restore that is its own, or to none. */
async function restoresItself(cluster: Cluster, live: KubeObject, seen: Set<string>): Promise<void> {
  const { namespace = '', uid } = live.metadata;
  if (decisionOf(live) !== 'restore') return;
  const name = String(live['spec'].dataSourceRef.name);
  check(!seen.has(name), `the restore ${name} is that of a previous PVC`);
  seen.add(name);
  const destination = await cluster.api.find({ ...kinds.destination, namespace, name });
  same(
    destination?.metadata.ownerReferences?.map((owner) => owner.uid),
    [uid],
    'the owner of the restore',
  );
  same(destination?.['spec'].trigger.manual, uid, 'the trigger of the restore');
}

interface Deleted {
  readonly ns: string;
  readonly names: readonly string[];
  /** Restores of the first scenario. */
  readonly seen: Set<string>;
  readonly at: number;
}

/** What was deleted on a cluster, for the scenario that creates it again a minute later. */
const deletedOn = new WeakMap<Cluster, Deleted>();

async function createAndDelete(cluster: Cluster): Promise<Deleted> {
  const ns = await cluster.namespace('again-later');
  const names = Array.from({ length: times }, (_, index) => `data-${index}`);
  for (const name of names) cluster.plumberEndpoint.putBackup(ns, name);
  const first = await Promise.all(names.map(async (name) => admitted(await cluster.api.create(pvc(ns, name)))));
  await Promise.all(first.map((live) => generatedFor(cluster, live)));
  const seen = new Set<string>();
  for (const live of first) await restoresItself(cluster, live, seen);
  await Promise.all(names.map((name) => deletePvc(cluster, ns, name)));
  return { ns, names, seen, at: Date.now() };
}

export const againScenarios: readonly Scenario[] = [
  parallelScenario(`${times} PVCs with a backup are created and deleted`, async (cluster) => {
    deletedOn.set(cluster, await createAndDelete(cluster));
  }),
  parallelScenario(`deleted and created again at once, ${times} times`, async (cluster) => {
    const ns = await cluster.namespace('again');
    cluster.plumberEndpoint.putBackup(ns, 'data');
    const seen = new Set<string>();
    let [refusals, slowest] = [0, 0];
    let live = admitted(await cluster.api.create(pvc(ns, 'data')));
    for (let i = 0; i < times; i += 1) {
      await generatedFor(cluster, live);
      await restoresItself(cluster, live, seen);
      await deletePvc(cluster, ns, 'data');
      const begun = Date.now();
      const again = await createAgain(cluster, ns, 'data');
      live = again.live;
      refusals += again.refusals;
      await generatedFor(cluster, live);
      slowest = Math.max(slowest, Date.now() - begun);
    }
    return `${refusals} refusals while old resources were there, slowest ${(slowest / 1000).toFixed(1)} s from deletion to new ones`;
  }),
  parallelScenario('created again while a generated resource of the previous PVC is held: refused until it is gone', async (cluster) => {
    const ns = await cluster.namespace('again-held');
    const finalizer = 'example.org/held';
    for (const kind of ['secret', 'source', 'maintenance'] as const) {
      const resource = (await generatedFor(cluster, (await createAgain(cluster, ns, 'data')).live))[kind];
      const ref = { apiVersion: resource.apiVersion, kind: resource.kind, namespace: ns, name: resource.metadata.name };
      await cluster.api.patch(ref, { metadata: { finalizers: [finalizer] } });
      await deletePvc(cluster, ns, 'data');
      await eventually('the garbage collector has come', 30, async () => (await cluster.api.find(ref))?.metadata.deletionTimestamp);
      const reply = await cluster.api.create(pvc(ns, 'data'));
      refused(reply, 'previousPvc');
      check(reply.message.includes(resource.metadata.name), `the refusal must name ${resource.metadata.name}: ${reply.message}`);
      await cluster.api.patch(ref, { metadata: { finalizers: null } });
    }
    await generatedFor(cluster, (await createAgain(cluster, ns, 'data')).live);
  }),
  parallelScenario(`deleted before its resources were made, ${times} times`, async (cluster) => {
    const ns = await cluster.namespace('again-quick');
    cluster.plumberEndpoint.putBackup(ns, 'data');
    const seen = new Set<string>();
    for (let i = 0; i < times; i += 1) {
      admitted(await createAgain(cluster, ns, 'data').then(({ live }) => ({ status: 201, body: live, warnings: [], ms: 0, message: '' })));
      await sleep(Math.random() * 300);
      await deletePvc(cluster, ns, 'data');
    }
    const { live } = await createAgain(cluster, ns, 'data');
    await generatedFor(cluster, live, 120);
    await restoresItself(cluster, live, seen);
  }),
];

/** The other half of what was begun there, so that the minute is not waited for. */
export const laterScenarios: readonly Scenario[] = [
  scenario(`${times} PVCs that were deleted more than a minute ago are created again`, async (cluster) => {
    const { ns, names, seen, at } = deletedOn.get(cluster) ?? (await createAndDelete(cluster));
    await sleep(at + 60_000 - Date.now());
    const second = await Promise.all(names.map(async (name) => admitted(await cluster.api.create(pvc(ns, name)))));
    await Promise.all(second.map((live) => generatedFor(cluster, live)));
    for (const live of second) await restoresItself(cluster, live, seen);
    const destinations = await cluster.api.list(kinds.destination.apiVersion, kinds.destination.kind, ns);
    same(destinations.length, times, 'the number of restores');
    await cluster.removeNamespace(ns);
  }),
];
