import { timeouts } from '../../lib/model/decision';
import { check, same } from '../harness/check';
import { life, type Life } from '../harness/life';
import { admitted, childrenOf, pvc, verdictOf } from '../harness/pvc';
import { eventually } from '../harness/waiting';
import type { World } from '../harness/world';

const count = 200;

export const stormLives: readonly Life[] = [
  life(`${count} labelled PVCs at once: all have their children within two minutes`, async (world) => {
    const ns = await world.namespace('storm');
    const names = Array.from({ length: count }, (_, index) => `data-${index}`);
    for (const name of names.filter((_, index) => index % 2 === 0)) world.door.putBackup(ns, name);
    // What other lives have left to do is not part of this one.
    await drained(world);
    const before = await world.door.metric('pvc_plumber_backup_check_total');
    const begun = Date.now();
    const replies = await Promise.all(names.map((name, index) => world.api.create(pvc(ns, name, { backup: index % 3 === 0 ? 'daily' : 'hourly' }))));
    const slowest = Math.max(...replies.map(({ ms }) => ms));
    check(slowest < timeouts.webhookSeconds * 1000, `the slowest admission took ${Math.round(slowest)} ms`);
    const refused = replies.filter(({ status }) => status !== 201);
    check(refused.length === 0, `${refused.length} of ${count} are refused, the first: ${refused[0]?.message}`);
    const live = replies.map(admitted);
    same(live.filter((each) => verdictOf(each) === 'restore').length, count / 2, 'the number of restores');
    same((await world.door.metric('pvc_plumber_backup_check_total')) - before, count, 'the number of questions');
    await Promise.all(live.map((each) => childrenOf(world, each, 120 - (Date.now() - begun) / 1000)));
    const children = Date.now() - begun;
    await drained(world, ns);
    const all = Date.now() - begun;
    // Hundreds of PVCs would slow down every later life that changes a policy.
    await world.removeNamespace(ns);
    return `slowest admission ${(slowest / 1000).toFixed(1)} s, children after ${(children / 1000).toFixed(1)} s, UpdateRequests drained after ${(all / 1000).toFixed(1)} s`;
  }),
];

/** Nothing is left to do for the PVCs of a namespace. A request that Kyverno wrote while it was killed never gets a state, and nobody takes it up. */
async function drained(world: World, namespace?: string): Promise<void> {
  await eventually(
    'no UpdateRequest is left',
    120,
    async () => {
      const all = await world.api.list('kyverno.io/v2', 'UpdateRequest', 'kyverno');
      const mine = all.filter(({ spec, status }) =>
        namespace === undefined ? status?.state === 'Pending' : JSON.stringify(spec).includes(`"namespace":"${namespace}"`),
      );
      return mine.length === 0;
    },
    500,
  );
}
