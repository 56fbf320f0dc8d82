import { check, same } from '../harness/check';
import { calmLife, life, type Life } from '../harness/life';
import { admitted, childrenOf, deletePvc, kinds, pvc, refused, verdictOf } from '../harness/pvc';
import { eventually, sleep } from '../harness/waiting';
import type { KubeObject } from '../harness/api';
import type { World } from '../harness/world';

const times = 20;

/** Creates until it is admitted, as Argo CD and a StatefulSet do. @returns the PVC and how often it was refused */
async function createAgain(world: World, ns: string, name: string): Promise<{ live: KubeObject; refusals: number }> {
  let refusals = 0;
  const live = await eventually(`${ns}/${name} is admitted again`, 60, async () => {
    const reply = await world.api.create(pvc(ns, name));
    if (reply.status === 201) return reply.body;
    check(/not created yet/.test(reply.message), `another refusal: ${reply.message}`);
    refusals += 1;
    return undefined;
  });
  return { live, refusals };
}

/** The PVC refers to a restore that is its own, or to none. */
async function restoresItself(world: World, live: KubeObject, seen: Set<string>): Promise<void> {
  const { namespace = '', uid } = live.metadata;
  if (verdictOf(live) !== 'restore') return;
  const name = String(live['spec'].dataSourceRef.name);
  check(!seen.has(name), `the restore ${name} is of an earlier life`);
  seen.add(name);
  const destination = await world.api.find({ ...kinds.destination, namespace, name });
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
  /** Restores of the first life. */
  readonly seen: Set<string>;
  readonly at: number;
}

let deleted: Deleted | undefined;

async function createAndDelete(world: World): Promise<Deleted> {
  const ns = await world.namespace('again-later');
  const names = Array.from({ length: times }, (_, index) => `data-${index}`);
  for (const name of names) world.door.putBackup(ns, name);
  const first = await Promise.all(names.map(async (name) => admitted(await world.api.create(pvc(ns, name)))));
  await Promise.all(first.map((live) => childrenOf(world, live)));
  const seen = new Set<string>();
  for (const live of first) await restoresItself(world, live, seen);
  await Promise.all(names.map((name) => deletePvc(world, ns, name)));
  return { ns, names, seen, at: Date.now() };
}

export const againLives: readonly Life[] = [
  calmLife(`${times} PVCs with a backup are created and deleted`, async (world) => {
    deleted = await createAndDelete(world);
  }),
  calmLife(`deleted and created again at once, ${times} times`, async (world) => {
    const ns = await world.namespace('again');
    world.door.putBackup(ns, 'data');
    const seen = new Set<string>();
    let [refusals, slowest] = [0, 0];
    let live = admitted(await world.api.create(pvc(ns, 'data')));
    for (let i = 0; i < times; i += 1) {
      await childrenOf(world, live);
      await restoresItself(world, live, seen);
      await deletePvc(world, ns, 'data');
      const begun = Date.now();
      const again = await createAgain(world, ns, 'data');
      live = again.live;
      refusals += again.refusals;
      await childrenOf(world, live);
      slowest = Math.max(slowest, Date.now() - begun);
    }
    return `${refusals} refusals while old children were there, slowest ${(slowest / 1000).toFixed(1)} s from deletion to new children`;
  }),
  calmLife('created again while a child of the earlier life is held: refused until it is gone', async (world) => {
    const ns = await world.namespace('again-held');
    const finalizer = 'example.org/held';
    for (const kind of ['secret', 'source', 'maintenance'] as const) {
      const child = (await childrenOf(world, (await createAgain(world, ns, 'data')).live))[kind];
      const ref = { apiVersion: child.apiVersion, kind: child.kind, namespace: ns, name: child.metadata.name };
      await world.api.patch(ref, { metadata: { finalizers: [finalizer] } });
      await deletePvc(world, ns, 'data');
      await eventually('the garbage collector has come', 30, async () => (await world.api.find(ref))?.metadata.deletionTimestamp);
      refused(await world.api.create(pvc(ns, 'data')), new RegExp(`not created yet.*${child.metadata.name}`));
      await world.api.patch(ref, { metadata: { finalizers: null } });
    }
    await childrenOf(world, (await createAgain(world, ns, 'data')).live);
  }),
  calmLife(`deleted before its children were made, ${times} times`, async (world) => {
    const ns = await world.namespace('again-quick');
    world.door.putBackup(ns, 'data');
    const seen = new Set<string>();
    for (let i = 0; i < times; i += 1) {
      admitted(await createAgain(world, ns, 'data').then(({ live }) => ({ status: 201, body: live, warnings: [], ms: 0, message: '' })));
      await sleep(Math.random() * 300);
      await deletePvc(world, ns, 'data');
    }
    const { live } = await createAgain(world, ns, 'data');
    await childrenOf(world, live, 120);
    await restoresItself(world, live, seen);
  }),
];

/** The other half of what was begun there, so that the minute is not waited for. */
export const laterLives: readonly Life[] = [
  life(`${times} PVCs that were deleted more than a minute ago are created again`, async (world) => {
    const { ns, names, seen, at } = deleted ?? (await createAndDelete(world));
    await sleep(at + 60_000 - Date.now());
    const second = await Promise.all(names.map(async (name) => admitted(await world.api.create(pvc(ns, name)))));
    await Promise.all(second.map((live) => childrenOf(world, live)));
    for (const live of second) await restoresItself(world, live, seen);
    const destinations = await world.api.list(kinds.destination.apiVersion, kinds.destination.kind, ns);
    same(destinations.length, times, 'the number of restores');
    await world.removeNamespace(ns);
  }),
];
