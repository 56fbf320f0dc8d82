import { annotation } from '../../lib/model/naming';
import { typeOf } from '../support/admission/cel';
import { KyvernoPolicy } from '../support/admission/kyverno';
import { pvc } from '../support/pvc';
import { homelab } from '../../examples/homelab/site';
import { type Data, Tree } from '../../verify/tree';
import { now } from './play';

const tree = Tree.of(homelab);
const gate = tree.one('ClusterPolicy', 'volsync-pvc-backup-restore');
const fresh = { exists: false, keyCount: 0, decision: 'fresh', authoritative: true, namespace: 'app', pvc: 'data', reason: 'nothing there' };

function decided(object: Data, api: (path: string) => Data): Record<string, string> {
  return new KyvernoPolicy(gate, { now, service: () => fresh, api }).mutated({ operation: 'CREATE', object }).metadata.annotations;
}

describe('the look-ups of what was generated for a previous PVC', () => {
  const item = (ownerReferences?: object[]): object => ({
    items: [{ metadata: { name: 'data-backup', ...(ownerReferences && { ownerReferences }) } }],
  });
  const owner = { kind: 'PersistentVolumeClaim', name: 'data' };

  test.each<[string, Data, string]>([
    ['nothing is left', { items: [] }, 'fresh'],
    ['a generated resource of a PVC is left', item([owner]), 'wait'],
    ['an object of the name that a person made is foreign', item(), 'foreign'],
    ['one that belongs to something else is foreign', item([{ kind: 'Deployment', name: 'data' }]), 'foreign'],
    ['one that belongs to another PVC is foreign', item([{ kind: 'PersistentVolumeClaim', name: 'other' }]), 'foreign'],
    ['a foreign one that is being deleted goes by itself', { items: [{ metadata: { name: 'data-backup', deletionTimestamp: 'now' } }] }, 'wait'],
    ['a look-up that fails is not proof', undefined, 'wait'],
    ['an answer without a list is not proof', { kind: 'Status' }, 'wait'],
    ['an answer whose list is null is not proof', { items: null }, 'wait'],
  ])('%s', (_, answer, decision) => {
    for (const kind of ['externalsecrets', 'replicationsources', 'kopiamaintenances']) {
      const annotations = decided(pvc('app', 'data'), (path) => (path.includes(`/${kind}?`) ? answer : { items: [] }));
      expect([kind, annotations[annotation.decision]]).toEqual([kind, decision]);
      if (decision === 'wait') expect(annotations[annotation.reason]).toMatch(/still exist \((\w+\/data-backup|a list that could not be read)\)$/);
      if (decision === 'foreign') expect(annotations[annotation.reason]).toMatch(/\(\w+\/data-backup, not owned by a PVC of this name\)$/);
    }
  });

  test('ask for exactly the names that a second PVC would have too, in its namespace', () => {
    const asked: string[] = [];
    decided(pvc('app', 'data'), (path) => {
      asked.push(path);
      return { items: [] };
    });
    expect(asked).toEqual([
      '/apis/external-secrets.io/v1/namespaces/app/externalsecrets?fieldSelector=metadata.name=volsync-data&resourceVersion=0',
      '/apis/volsync.backube/v1alpha1/namespaces/app/replicationsources?fieldSelector=metadata.name=data-backup&resourceVersion=0',
      expect.stringMatching(
        /^\/apis\/volsync\.backube\/v1alpha1\/namespaces\/app\/kopiamaintenances\?fieldSelector=metadata\.name=kopia-[0-9a-f]{16}&resourceVersion=0$/,
      ),
    ]);
  });
});

test('the API server takes every rendered expression: a condition is a boolean, a message a text', () => {
  const conditions = tree.objects.flatMap(({ spec }) => [
    ...(spec?.validations ?? []).map(({ expression }: Data) => expression),
    ...(spec?.webhookConfiguration?.matchConditions ?? []).map(({ expression }: Data) => expression),
  ]);
  const messages = tree
    .ofKind('ValidatingAdmissionPolicy')
    .flatMap(({ spec }) => spec.validations.map(({ messageExpression }: Data) => messageExpression));
  expect(conditions.length).toBeGreaterThan(15);
  for (const expression of conditions) expect([expression, typeOf(expression)]).toEqual([expression, expect.stringMatching(/^(bool|dyn)$/)]);
  for (const expression of messages) expect([expression, typeOf(expression)]).toEqual([expression, expect.stringMatching(/^(string|dyn)$/)]);
});
