import { repositorySite } from '../support/sites';
import { Tree } from '../support/tree';
import { argocdInvariants } from './argocd-invariants';
import { childrenInvariants } from './children-invariants';
import { cleanupInvariants } from './cleanup-invariants';
import { monitoringInvariants } from './monitoring-invariants';
import { moverInvariants } from './mover-invariants';
import { policyInvariants } from './policy-invariants';
import { referenceInvariants } from './reference-invariants';

const invariants = [
  ...policyInvariants,
  ...moverInvariants,
  ...cleanupInvariants,
  ...childrenInvariants,
  ...argocdInvariants,
  ...referenceInvariants,
  ...monitoringInvariants,
];
const tree = Tree.of(repositorySite());

describe('the rendered tree', () => {
  test.each(invariants)('$name', ({ check }) => {
    expect(check(tree)).toEqual([]);
  });
});

/** An invariant that never fails protects nothing: break the tree on purpose, and see that invariant complain, and no other. */
describe('a broken tree is noticed by exactly the invariant that was broken', () => {
  test.each(invariants)('$name', ({ name, mutate }) => {
    const broken = tree.clone();
    mutate(broken);
    const complaining = invariants.filter(({ check }) => check(broken).length > 0).map((invariant) => invariant.name);
    expect(complaining).toEqual([name]);
  });
});
