import { homelab } from '../../examples/homelab/site';
import { Tree } from '../../verify/tree';
import { problemOfCase } from './case';
import { admissionCases } from './cases';

const tree = Tree.of(homelab);

test.each(admissionCases.map((each) => [each.name, each] as const))('%s', (_, each) => {
  expect(problemOfCase(tree, each)).toBeUndefined();
});

test('no two cases have one name', () => {
  const names = admissionCases.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
