import * as https from 'node:https';
import { check, same } from '../harness/check';
import { answer, saysInTurn } from '../harness/door';
import { life, type Life } from '../harness/life';
import { admitted, childrenOf, pvc, refused, verdictOf } from '../harness/pvc';
import { sleep } from '../harness/waiting';
import { selfSigned } from '../../test/support/s3/certificate';

const port = 9777;

/** Another team's webhook, called after Kyverno's, that changes the PVC: the API server then calls Kyverno again. */
function otherWebhook(certificate: { key: string; cert: string }): https.Server {
  const patch = Buffer.from(JSON.stringify([{ op: 'add', path: '/metadata/annotations/other', value: 'was-here' }])).toString('base64');
  const server = https.createServer(certificate, (request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    request.on('end', () => {
      const { request: review } = JSON.parse(text) as { request: { uid: string } };
      const reply = { uid: review.uid, allowed: true, patchType: 'JSONPatch', patch };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: reply }));
    });
  });
  return server.listen(port, '127.0.0.1');
}

export const twiceLives: readonly Life[] = [
  life('the API server calls the gate twice: two answers that differ admit nothing that the safer one refuses', async (world) => {
    const ns = await world.namespace('twice', { twice: 'true' });
    const certificate = selfSigned();
    const server = otherWebhook(certificate);
    const registration = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', name: 'zz-other-team' };
    const webhook = {
      name: 'other.example.org',
      clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: Buffer.from(certificate.cert).toString('base64') },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['persistentvolumeclaims'] }],
      namespaceSelector: { matchLabels: { twice: 'true' } },
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
    };
    await world.applyAll([
      { apiVersion: registration.apiVersion, kind: registration.kind, metadata: { name: registration.name }, webhooks: [webhook] },
    ]);
    await sleep(1500);
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
        refused(await world.api.create(pvc(ns, name)), /nobody can tell/);
        same(world.door.questions(ns, name) >= 1, true, `the questions about ${name}`);
      }
      world.door.pretend(saysInTurn(fresh));
      admitted(await world.api.create(pvc(ns, 'ff')));
    } finally {
      world.door.real();
      await world.api.delete(registration);
      server.close();
    }
  }),
];
