import { typeOf } from '../support/admission/cel';
import { homelab } from '../../examples/homelab/site';
import { type Data, Tree } from '../../verify/tree';
import { decidedWith, leftRows, problemOfLeft } from './left-rows';

const tree = Tree.of(homelab);

describe('the look-ups of what was generated for a previous PVC', () => {
  test.each(leftRows.map((row) => [row.name, row] as const))('%s', (_, row) => {
    expect(problemOfLeft(tree, row)).toBeUndefined();
  });

  test('ask for exactly the names that a second PVC would have too, in its namespace', () => {
    const asked: string[] = [];
    decidedWith(tree, (path) => {
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
