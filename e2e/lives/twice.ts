import { backupLabel } from '../../lib/model/naming';
import { check, same } from '../harness/check';
import { answer, saysInTurn } from '../harness/door';
import { life, type Life } from '../harness/life';
import { OtherWebhook } from '../harness/other-webhook';
import { admitted, childrenOf, pvc, refused, verdictOf } from '../harness/pvc';

export const twiceLives: readonly Life[] = [
  life('the API server calls the gate twice: two answers that differ admit nothing that the safer one refuses', async (world) => {
    const ns = await world.namespace('twice');
    const patch: object[] = [{ op: 'add', path: '/metadata/annotations/other', value: 'was-here' }];
    const other = await OtherWebhook.start(world, ns, { kind: 'MutatingWebhookConfiguration', answer: () => Promise.resolve(patch) });
    const [fresh, restore, unknown] = [answer('fresh'), answer('restore'), answer('fresh', { authoritative: false, decision: 'unknown' })];
    try {
      world.door.pretend(saysInTurn(restore));
      const live = admitted(await world.api.create(pvc(ns, 'rr')));
      same([verdictOf(live), world.door.questions(ns, 'rr')], ['restore', 2], 'verdict and questions');
      same(live.metadata.annotations?.['other'], 'was-here', 'the mark of the other webhook');
      await childrenOf(world, live);
      // A backup that appears in between is the safer answer, and stands on the object.
      world.door.pretend(saysInTurn(fresh, restore));
      const found = admitted(await world.api.create(pvc(ns, 'fr')));
      same(verdictOf(found), 'restore', 'the verdict');
      check(String(found['spec'].dataSourceRef.name).startsWith('fr-restore-'), 'it points to its restore');
      for (const [name, answers] of Object.entries({
        rf: [restore, fresh],
        fu: [fresh, unknown],
        uf: [unknown, fresh],
        ru: [restore, unknown],
        ur: [unknown, restore],
      })) {
        world.door.pretend(saysInTurn(...answers));
        refused(await world.api.create(pvc(ns, name)), 'unknown');
        same(world.door.questions(ns, name) >= 1, true, `the questions about ${name}`);
      }
      world.door.pretend(saysInTurn(fresh));
      admitted(await world.api.create(pvc(ns, 'ff')));
      // Its configuration sorts behind Kyverno's, which is not called for a PVC that had no label when its turn came.
      patch.splice(0, 1, { op: 'add', path: '/metadata/labels', value: { [backupLabel]: 'hourly' } });
      refused(await world.api.create(pvc(ns, 'labelled-late', { backup: null })), /another admission webhook set the label/);
    } finally {
      world.door.real();
      await other.stop();
    }
  }),
];
