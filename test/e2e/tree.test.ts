import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { application, folderObjects, treeObjects, useTree } from '../../e2e/harness/tree';
import { scratchFolder } from '../support/scratch';

test('another rendered tree takes the place of the example until the example is asked for again', () => {
  const example = treeObjects().length;
  const folder = scratchFolder();
  mkdirSync(join(folder, 'bootstrap'));
  writeFileSync(join(folder, 'bootstrap', 'root.yaml'), 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: only\n');
  useTree(folder);
  try {
    expect(folderObjects('bootstrap').map(({ metadata }) => metadata.name)).toEqual(['only']);
    expect(() => application('kyverno')).toThrow(/no Application kyverno/);
  } finally {
    useTree();
  }
  expect(treeObjects()).toHaveLength(example);
});
