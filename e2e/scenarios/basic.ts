import { admitted, generatedGone, generatedFor, deletePvc, kinds, pvc, refused, decisionOf } from '../harness/pvc';
import { check, same } from '../harness/check';
import { answer, hangs, says } from '../harness/plumber-endpoint';
import { parallelScenario, scenario, type Scenario } from '../harness/scenario';
import { timeouts } from '../../lib/model/timeouts';

export const basicScenarios: readonly Scenario[] = [
  parallelScenario('a fresh PVC is admitted and gets its resources', async (cluster) => {
    const ns = await cluster.namespace('fresh');
    const live = admitted(await cluster.api.create(pvc(ns, 'data')));
    same(decisionOf(live), 'fresh', 'the decision');
    check(live['spec'].dataSourceRef === undefined, 'a fresh PVC has no dataSourceRef');
    const { source } = await generatedFor(cluster, live);
    same(source['spec'].trigger, { schedule: '0 * * * *' }, 'the schedule');
    same((await cluster.api.list(kinds.destination.apiVersion, kinds.destination.kind, ns)).length, 0, 'the number of restores');
  }),
  parallelScenario('a PVC with a backup is pointed to a restore of its own', async (cluster) => {
    const ns = await cluster.namespace('restored');
    cluster.plumberEndpoint.putBackup(ns, 'data');
    const live = admitted(await cluster.api.create(pvc(ns, 'data', { backup: 'daily' })));
    same(decisionOf(live), 'restore', 'the decision');
    check(String(live['spec'].dataSourceRef.name).startsWith('data-restore-'), 'the PVC points to its restore');
    await generatedFor(cluster, live);
    const destination = await cluster.api.find({ ...kinds.destination, namespace: ns, name: String(live['spec'].dataSourceRef.name) });
    same(destination?.['spec'].trigger, { manual: live.metadata.uid }, 'the trigger of the restore');
    same(destination?.['spec'].kopia.capacity, '1Gi', 'the size of the restore');
  }),
  parallelScenario('resources come of the creation itself, also where nothing changes the PVC afterwards', async (cluster) => {
    const ns = await cluster.namespace('unmarked');
    cluster.plumberEndpoint.putBackup(ns, 'back');
    const all = [
      ['data', 'hourly'],
      ['daily', 'daily'],
      ['back', 'hourly'],
    ] as const;
    for (const [name, backup] of all) {
      // kube-controller-manager marks no PVC of a class that is not there, so the repair is never asked.
      const live = admitted(await cluster.api.create(pvc(ns, name, { backup, spec: { storageClassName: 'not-there' } })));
      await generatedFor(cluster, live);
    }
  }),
  parallelScenario('deletion takes the resources along, and nothing keeps the PVC', async (cluster) => {
    const ns = await cluster.namespace('deleted');
    const live = admitted(await cluster.api.create(pvc(ns, 'data')));
    await generatedFor(cluster, live);
    await deletePvc(cluster, ns, 'data');
    await generatedGone(cluster, { namespace: ns, name: 'data' });
  }),
  scenario('no answer of pvc-plumber admits a PVC: refused connection', async (cluster) => {
    const ns = await cluster.namespace('down');
    await cluster.plumberEndpoint.close();
    try {
      refused(await cluster.api.create(pvc(ns, 'data')), 'unknown');
    } finally {
      await cluster.plumberEndpoint.listen();
    }
    admitted(await cluster.api.create(pvc(ns, 'data')));
  }),
  scenario('... it hangs', async (cluster) => {
    const ns = await cluster.namespace('hanging');
    cluster.plumberEndpoint.pretend(hangs);
    try {
      const reply = await cluster.api.create(pvc(ns, 'data'));
      refused(reply, 'unknown');
      check(
        reply.ms < (timeouts.apiCallSeconds + 3) * 1000,
        `the refusal took ${Math.round(reply.ms)} ms: the API server gave up before the policy could say why`,
      );
      return `refused after ${Math.round(reply.ms)} ms`;
    } finally {
      cluster.plumberEndpoint.real();
    }
  }),
  scenario('... S3 is down: the real 503', async (cluster) => {
    const ns = await cluster.namespace('s3-down');
    await cluster.plumberEndpoint.s3.stop();
    try {
      refused(await cluster.api.create(pvc(ns, 'data')), 'unknown');
    } finally {
      await cluster.plumberEndpoint.s3.start();
    }
    admitted(await cluster.api.create(pvc(ns, 'data')));
  }),
  scenario('... rubbish with status 200', async (cluster) => {
    const ns = await cluster.namespace('rubbish');
    const fresh = { exists: false, keyCount: 0, decision: 'fresh', authoritative: true, namespace: ns, pvc: 'data', reason: 'x' };
    const answers: Record<string, unknown> = {
      'no JSON': '<html>proxy error</html>',
      empty: '',
      'truncated JSON': '{"exists":false,"decision":"fresh","authorit',
      null: null,
      list: [],
      'empty object': {},
      'the described fields only': { exists: false, keyCount: 0 },
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
        cluster.plumberEndpoint.pretend(says(200, body));
        const reply = await cluster.api.create(pvc(ns, 'data'));
        check(reply.status >= 400, `${what}: the PVC was admitted as ${decisionOf(reply.body)}`);
      }
      // The control: the same answer without a flaw admits, so each refusal above was for its flaw.
      cluster.plumberEndpoint.pretend(says(200, fresh));
      admitted(await cluster.api.create(pvc(ns, 'data')));
    } finally {
      cluster.plumberEndpoint.real();
    }
    return `${Object.keys(answers).length} kinds`;
  }),
  scenario('... any status but 200', async (cluster) => {
    const ns = await cluster.namespace('statuses');
    try {
      for (const status of [503, 500, 404, 403, 400, 302, 204]) {
        cluster.plumberEndpoint.pretend((request, response) => says(status, answer('fresh')(request.url ?? ''))(request, response));
        const reply = await cluster.api.create(pvc(ns, 'data'));
        check(reply.status >= 400, `${status}: the PVC was admitted`);
      }
    } finally {
      cluster.plumberEndpoint.real();
    }
  }),
];
