import { homelab } from '../../examples/homelab/site';
import { Tree } from '../../verify/tree';
import { deletedRows, problemOfDeleted } from './deleted-rows';
import { moverRows, problemOfMover } from './mover-rows';

const tree = Tree.of(homelab);

test.each(moverRows.map((row) => [row.name, row] as const))('%s', (_, row) => {
  expect(problemOfMover(tree, row)).toBeUndefined();
});

test.each(deletedRows.map((row) => [row.name, row] as const))('%s', (_, row) => {
  expect(problemOfDeleted(tree, row)).toBeUndefined();
});
