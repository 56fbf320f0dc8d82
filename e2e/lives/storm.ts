import { timeouts } from '../../lib/model/timeouts';
import { check, same } from '../harness/check';
import { life, type Life } from '../harness/life';
import type { KubeObject } from '../harness/api';
import { admitted, kinds, pvc, verdictOf } from '../harness/pvc';
import { eventually } from '../harness/waiting';
import type { World } from '../harness/world';

const count = 200;

export const stormLives: readonly Life[] = [life(`${count} labelled PVCs at once: all have their children within two minutes`, storm)];

async function storm(world: World): Promise<string> {
  const ns = await world.namespace('storm');
  const names = Array.from({ length: count }, (_, index) => `data-${index}`);
  for (const name of names.filter((_, index) => index % 2 === 0)) world.door.putBackup(ns, name);
  // What other lives have left to do is not part of this one.
  await drained(world);
  const [before, passedOver] = [await world.door.metric('pvc_plumber_backup_check_total'), await failedOpen(world)];
  await world.api.connect(count);
  const begun = Date.now();
  const replies = await Promise.all(names.map((name, index) => world.api.create(pvc(ns, name, { backup: index % 3 === 0 ? 'daily' : 'hourly' }))));
  const slowest = Math.max(...replies.map(({ ms }) => ms));
  same(await slowCalls(world), 0, 'the number of calls of webhooks above their timeout');
  same((await failedOpen(world)) - passedOver, 0, 'the number of calls of webhooks that were given up and passed over');
  const refused = replies.filter(({ status }) => status !== 201);
  check(refused.length === 0, `${refused.length} of ${count} are refused, the first: ${refused[0]?.message}`);
  const live = replies.map(admitted);
  same(live.filter((each) => verdictOf(each) === 'restore').length, count / 2, 'the number of restores');
  same((await world.door.metric('pvc_plumber_backup_check_total')) - before, count, 'the number of questions');
  await allHaveChildren(world, ns, live, 120 - (Date.now() - begun) / 1000);
  const children = Date.now() - begun;
  await drained(world, ns);
  const all = Date.now() - begun;
  return `slowest admission ${(slowest / 1000).toFixed(1)} s, children after ${(children / 1000).toFixed(1)} s, UpdateRequests drained after ${(all / 1000).toFixed(1)} s`;
}

/** Looks at lists, once a second: asking for each child alone would be a load of its own. */
async function allHaveChildren(world: World, namespace: string, live: readonly KubeObject[], seconds: number): Promise<void> {
  const all = Object.values(kinds);
  await eventually(
    'children of all PVCs',
    seconds,
    async () => {
      const lists = await Promise.all(all.map(({ apiVersion, kind }) => world.api.list(apiVersion, kind, namespace)));
      const owners = lists.map((list) => new Set(list.flatMap(({ metadata }) => metadata.ownerReferences?.map(({ uid }) => uid) ?? [])));
      const lacks = all.map(({ kind }, index) => {
        const wanted = live.filter((each) => kind !== kinds.destination.kind || verdictOf(each) === 'restore');
        return [kind, wanted.filter(({ metadata }) => !owners[index]?.has(metadata.uid ?? '')).length] as const;
      });
      const missing = lacks.filter(([, number]) => number > 0);
      if (missing.length > 0) throw new Error(missing.map(([kind, number]) => `${number} lack their ${kind}`).join(', '));
      return true;
    },
    1000,
  );
}

/** Calls of webhooks that took longer than the gate's timeout, by the API server's own metric. */
async function slowCalls(world: World): Promise<number> {
  const metrics = await ofKyverno(world);
  const metric = 'apiserver_admission_webhook_admission_duration_seconds';
  const calls = sum(metrics, `${metric}_count{`);
  check(calls >= count, `the API server counts ${calls} calls of Kyverno's webhooks: its metric has another name`);
  return calls - sum(metrics, `${metric}_bucket{`, `le="${timeouts.webhookSeconds}"`);
}

/** Calls of webhooks with `failurePolicy: Ignore` that were given up: a generation that was never asked for. */
async function failedOpen(world: World): Promise<number> {
  return sum(await ofKyverno(world), 'apiserver_admission_webhook_fail_open_count{');
}

/** The API server's metrics of Kyverno's webhooks, all of one moment. */
async function ofKyverno(world: World): Promise<string[]> {
  const { body } = await world.api.request('GET', '/metrics');
  return String(body['message'])
    .split('\n')
    .filter((line) => line.includes('kyverno'));
}

function sum(lines: readonly string[], start: string, part = ''): number {
  const chosen = lines.filter((line) => line.startsWith(start) && line.includes(part));
  return chosen.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
}

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
