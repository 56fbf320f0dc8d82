import { admitted, childrenGone, childrenOf, deletePvc, kinds, pvc, refused, verdictOf } from '../harness/pvc';
import { check, same } from '../harness/check';
import { answer, hangs, says } from '../harness/door';
import { calmLife, life, type Life } from '../harness/life';
import { timeouts } from '../../lib/model/timeouts';

export const basicLives: readonly Life[] = [
  calmLife('a fresh PVC is admitted and gets its children', async (world) => {
    const ns = await world.namespace('fresh');
    const live = admitted(await world.api.create(pvc(ns, 'data')));
    same(verdictOf(live), 'fresh', 'the verdict');
    check(live['spec'].dataSourceRef === undefined, 'a fresh PVC has no dataSourceRef');
    const { source } = await childrenOf(world, live);
    same(source['spec'].trigger, { schedule: '0 * * * *' }, 'the schedule');
    same((await world.api.list(kinds.destination.apiVersion, kinds.destination.kind, ns)).length, 0, 'the number of restores');
  }),
  calmLife('a PVC with a backup is pointed to a restore of its own', async (world) => {
    const ns = await world.namespace('restored');
    world.door.putBackup(ns, 'data');
    const live = admitted(await world.api.create(pvc(ns, 'data', { backup: 'daily' })));
    same(verdictOf(live), 'restore', 'the verdict');
    check(String(live['spec'].dataSourceRef.name).startsWith('data-restore-'), 'the PVC points to its restore');
    await childrenOf(world, live);
    const destination = await world.api.find({ ...kinds.destination, namespace: ns, name: String(live['spec'].dataSourceRef.name) });
    same(destination?.['spec'].trigger, { manual: live.metadata.uid }, 'the trigger of the restore');
    same(destination?.['spec'].kopia.capacity, '1Gi', 'the size of the restore');
  }),
  calmLife('children come of the creation itself, also where nothing changes the PVC afterwards', async (world) => {
    const ns = await world.namespace('unmarked');
    world.door.putBackup(ns, 'back');
    const all = [
      ['data', 'hourly'],
      ['daily', 'daily'],
      ['back', 'hourly'],
    ] as const;
    for (const [name, backup] of all) {
      // kube-controller-manager marks no PVC of a class that is not there, so the repair is never asked.
      const live = admitted(await world.api.create(pvc(ns, name, { backup, spec: { storageClassName: 'not-there' } })));
      await childrenOf(world, live);
    }
  }),
  calmLife('deletion takes the children along, and nothing keeps the PVC', async (world) => {
    const ns = await world.namespace('deleted');
    const live = admitted(await world.api.create(pvc(ns, 'data')));
    await childrenOf(world, live);
    await deletePvc(world, ns, 'data');
    await childrenGone(world, { namespace: ns, name: 'data' });
  }),
  life('no answer of pvc-plumber admits a PVC: refused connection', async (world) => {
    const ns = await world.namespace('down');
    await world.door.close();
    try {
      refused(await world.api.create(pvc(ns, 'data')), 'unknown');
    } finally {
      await world.door.listen();
    }
    admitted(await world.api.create(pvc(ns, 'data')));
  }),
  life('... it hangs', async (world) => {
    const ns = await world.namespace('hanging');
    world.door.pretend(hangs);
    try {
      const reply = await world.api.create(pvc(ns, 'data'));
      refused(reply, 'unknown');
      check(
        reply.ms < (timeouts.apiCallSeconds + 3) * 1000,
        `the refusal took ${Math.round(reply.ms)} ms: the API server gave up before the policy could say why`,
      );
      return `refused after ${Math.round(reply.ms)} ms`;
    } finally {
      world.door.real();
    }
  }),
  life('... S3 is down: the real 503', async (world) => {
    const ns = await world.namespace('s3-down');
    await world.door.s3.stop();
    try {
      refused(await world.api.create(pvc(ns, 'data')), 'unknown');
    } finally {
      await world.door.s3.start();
    }
    admitted(await world.api.create(pvc(ns, 'data')));
  }),
  life('... rubbish with status 200', async (world) => {
    const ns = await world.namespace('rubbish');
    const fresh = { exists: false, keyCount: 0, decision: 'fresh', authoritative: true, namespace: ns, pvc: 'data', reason: 'x' };
    const answers: Record<string, unknown> = {
      'no JSON': '<html>proxy error</html>',
      empty: '',
      'truncated JSON': '{"exists":false,"decision":"fresh","authorit',
      null: null,
      list: [],
      'empty object': {},
      'the spec only': { exists: false, keyCount: 0 },
      'not authoritative': { ...fresh, authoritative: false },
      'authoritative as text': { ...fresh, authoritative: 'true' },
      contradiction: { ...fresh, exists: true },
      'contradiction of a restore': { ...fresh, decision: 'restore' },
      'without exists': { ...fresh, exists: undefined },
      'another PVC': { ...fresh, pvc: 'other' },
      'another namespace': { ...fresh, namespace: 'other' },
      'unknown decision': { ...fresh, decision: 'maybe' },
    };
    try {
      for (const [what, body] of Object.entries(answers)) {
        world.door.pretend(says(200, body));
        const reply = await world.api.create(pvc(ns, 'data'));
        check(reply.status >= 400, `${what}: the PVC was admitted as ${verdictOf(reply.body)}`);
      }
      // The control: the same answer without a flaw admits, so each refusal above was for its flaw.
      world.door.pretend(says(200, fresh));
      admitted(await world.api.create(pvc(ns, 'data')));
    } finally {
      world.door.real();
    }
    return `${Object.keys(answers).length} kinds`;
  }),
  life('... any status but 200', async (world) => {
    const ns = await world.namespace('statuses');
    try {
      for (const status of [503, 500, 404, 403, 400, 302, 204]) {
        world.door.pretend((request, response) => says(status, answer('fresh')(request.url ?? ''))(request, response));
        const reply = await world.api.create(pvc(ns, 'data'));
        check(reply.status >= 400, `${status}: the PVC was admitted`);
      }
    } finally {
      world.door.real();
    }
  }),
];
