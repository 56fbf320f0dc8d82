import { backupLabel } from '../../lib/model/naming';
import { check, same } from '../harness/check';
import { answer, saysInTurn } from '../harness/plumber-endpoint';
import { scenario, type Scenario } from '../harness/scenario';
import { OtherWebhook } from '../harness/other-webhook';
import { admitted, generatedFor, pvc, refused, decisionOf } from '../harness/pvc';

export const twiceScenarios: readonly Scenario[] = [
  scenario('the API server calls the gate twice: two answers that differ admit nothing that the safer one refuses', async (cluster) => {
    const ns = await cluster.namespace('twice');
    const patch: object[] = [{ op: 'add', path: '/metadata/annotations/other', value: 'was-here' }];
    const other = await OtherWebhook.start(cluster, ns, { kind: 'MutatingWebhookConfiguration', answer: () => Promise.resolve(patch) });
    const [fresh, restore, unknown] = [answer('fresh'), answer('restore'), answer('fresh', { authoritative: false, decision: 'unknown' })];
    try {
      cluster.plumberEndpoint.pretend(saysInTurn(restore));
      const live = admitted(await cluster.api.create(pvc(ns, 'rr')));
      same([decisionOf(live), cluster.plumberEndpoint.questions(ns, 'rr')], ['restore', 2], 'decision and questions');
      same(live.metadata.annotations?.['other'], 'was-here', 'the mark of the other webhook');
      await generatedFor(cluster, live);
      // A backup that appears in between is the safer answer, and stands on the object.
      cluster.plumberEndpoint.pretend(saysInTurn(fresh, restore));
      const found = admitted(await cluster.api.create(pvc(ns, 'fr')));
      same(decisionOf(found), 'restore', 'the decision');
      check(String(found['spec'].dataSourceRef.name).startsWith('fr-restore-'), 'it points to its restore');
      for (const [name, answers] of Object.entries({
        rf: [restore, fresh],
        fu: [fresh, unknown],
        uf: [unknown, fresh],
        ru: [restore, unknown],
        ur: [unknown, restore],
      })) {
        cluster.plumberEndpoint.pretend(saysInTurn(...answers));
        refused(await cluster.api.create(pvc(ns, name)), 'unknown');
        same(cluster.plumberEndpoint.questions(ns, name) >= 1, true, `the questions about ${name}`);
      }
      cluster.plumberEndpoint.pretend(saysInTurn(fresh));
      admitted(await cluster.api.create(pvc(ns, 'ff')));
      // Its configuration sorts behind Kyverno's, which is not called for a PVC that had no label when its turn came.
      patch.splice(0, 1, { op: 'add', path: '/metadata/labels', value: { [backupLabel]: 'hourly' } });
      refused(await cluster.api.create(pvc(ns, 'labelled-late', { backup: null })), /another admission webhook set the label/);
    } finally {
      cluster.plumberEndpoint.real();
      await other.stop();
    }
  }),
];
