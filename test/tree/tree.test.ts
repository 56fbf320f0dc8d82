import { homelab } from '../../examples/homelab/site';
import { parseSite } from '../../lib/site/schema';
import { invariants } from '../../verify/invariants';
import { Tree } from '../../verify/tree';
import { variants, type Variant } from '../support/variants';

const site = parseSite(homelab);
const tree = Tree.of(homelab);

describe('the rendered tree', () => {
  test.each(invariants)('$name', ({ check }) => {
    expect(check(tree, site)).toEqual([]);
  });
});

test.each(Object.entries<Variant>(variants))('every invariant holds for another site: %s', (_, { values, extend }) => {
  const other = Tree.of(values, extend);
  const parsed = parseSite(values);
  const broken = invariants.map(({ name, check }) => ({ name, problems: check(other, parsed) })).filter(({ problems }) => problems.length > 0);
  expect(broken).toEqual([]);
});

/** An invariant that never fails protects nothing: break the tree on purpose, and see that invariant problemsOf, and no other. */
describe('a broken tree is noticed by exactly the invariant that was broken', () => {
  test.each(invariants)('$name', ({ name, mutate }) => {
    const broken = tree.clone();
    mutate(broken, site);
    const complaining = invariants.filter(({ check }) => check(broken, site).length > 0).map((invariant) => invariant.name);
    expect(complaining).toEqual([name]);
  });
});
