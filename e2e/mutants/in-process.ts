import { homelab } from '../../examples/homelab/site';
import { backstopPolicy, gatePolicy, otherLabelPolicy, relabelPolicy } from '../../lib/model/policy-names';
import { parseSite } from '../../lib/site/schema';
import { problemOfCase } from '../../test/admission/case';
import { admissionCases } from '../../test/admission/cases';
import { deletedRows, problemOfDeleted } from '../../test/decision/deleted-rows';
import { generatedRows, problemOfGenerated } from '../../test/decision/generated-rows';
import { leftRows, problemOfLeft } from '../../test/decision/left-rows';
import { moverRows, problemOfMover } from '../../test/decision/mover-rows';
import { problemOfRelabel, problemOfRow, withEachTier } from '../../test/decision/problem';
import { relabelRows } from '../../test/decision/relabel-rows';
import { rows } from '../../test/decision/rows';
import { invariants } from '../../verify/invariants';
import { Tree } from '../../verify/tree';
import type { KubeObject } from '../harness/api';
import { shapeProblems } from '../scenarios/manifest-shapes';

/** What notices that a line is gone. */
export interface Killer {
  readonly by: 'shape' | 'invariant' | 'table' | 'case';
  /** Its name, and what it sees. */
  readonly seen: string;
}

/** A case with its name, and what of it is wrong. */
type Play = readonly [name: string, problem: () => string | undefined];

let example: Tree | undefined;

function treeWith(mutated: KubeObject): Tree {
  example ??= Tree.of(homelab);
  const isIt = ({ kind, metadata }: KubeObject): boolean => kind === mutated.kind && metadata.name === mutated.metadata.name;
  return new Tree(example.entries.map((entry) => (isIt(entry.object as KubeObject) ? { ...entry, object: mutated } : entry)));
}

/**
 * What `npm test` has that notices a mutant: rules about shapes, invariants of the tree, the decision table, and cases. In milliseconds, where a real Kyverno
 * takes half a minute for all rows. Undefined where all end as they must.
 */
export function killedInProcess(mutated: KubeObject): Killer | undefined {
  const [shape] = shapeProblems([mutated]);
  if (shape !== undefined) return { by: 'shape', seen: shape };
  const { kind, metadata } = mutated;
  if (kind.startsWith('ValidatingAdmissionPolicy'))
    return first('case', casesOf(mutated)) ?? (isOfTable(metadata.name) ? first('table', table(mutated)) : undefined);
  if ([gatePolicy, relabelPolicy].includes(metadata.name)) return first('table', table(mutated));
  if (kind.startsWith('ClusterRole')) return first('invariant', rulesOfTheTree(mutated));
  return first('case', [...generations(mutated), ...moversOf(mutated), ...deletions(mutated)]);
}

const isOfTable = (name: string): boolean => [backstopPolicy, otherLabelPolicy, relabelPolicy].includes(name);

/** When something last noticed a mutant, by its name: neighbouring lines are missed by the same few, so the latest come first. */
const noticed = new Map<string, number>();
let count = 0;

function first(by: Killer['by'], plays: readonly Play[]): Killer | undefined {
  const last = ([name]: Play): number => noticed.get(name) ?? 0;
  for (const [name, play] of plays.toSorted((a, b) => last(b) - last(a))) {
    const problem = play();
    if (problem === undefined) continue;
    count += 1;
    noticed.set(name, count);
    return { by, seen: `${name}: ${problem}` };
  }
  return undefined;
}

/** What every tree keeps. */
function rulesOfTheTree(mutated: KubeObject): Play[] {
  const tree = treeWith(mutated);
  const site = parseSite(homelab);
  return invariants.map(({ name, check }) => [name, () => check(tree, site)[0]]);
}

function casesOf(mutated: KubeObject): Play[] {
  const tree = treeWith(mutated);
  const policy = mutated.kind === 'ValidatingAdmissionPolicy' ? mutated.metadata.name : mutated['spec'].policyName;
  const [{ resources }] = tree.one('ValidatingAdmissionPolicy', policy).spec.matchConstraints.resourceRules;
  return admissionCases.filter(({ resource }) => resources.includes(resource)).map((each) => [each.name, () => problemOfCase(tree, each)]);
}

function table(mutated: KubeObject): Play[] {
  const tree = treeWith(mutated);
  return mutated.metadata.name === relabelPolicy
    ? relabelRows.map(([name, world, denial]) => [`labels that come later: ${name}`, () => problemOfRelabel(tree, world, denial)])
    : [
        ...rows.flatMap(withEachTier).map((row): Play => [`decision table: ${row.name}`, () => problemOfRow(tree, row)]),
        ...leftRows.map((row): Play => [row.name, () => problemOfLeft(tree, row)]),
      ];
}

function generations(mutated: KubeObject): Play[] {
  const tree = treeWith(mutated);
  return generatedRows
    .filter(({ policy }) => mutated.kind === 'ClusterPolicy' && mutated.metadata.name.startsWith(policy))
    .map((row) => [row.name, () => problemOfGenerated(tree, row)]);
}

function moversOf(mutated: KubeObject): Play[] {
  const tree = treeWith(mutated);
  return moverRows
    .filter(({ policy }) => mutated.kind === 'ClusterPolicy' && mutated.metadata.name === policy)
    .map((row) => [row.name, () => problemOfMover(tree, row)]);
}

function deletions(mutated: KubeObject): Play[] {
  const tree = treeWith(mutated);
  return deletedRows
    .filter(({ policy }) => mutated.kind === 'DeletingPolicy' && mutated.metadata.name === policy)
    .map((row) => [row.name, () => problemOfDeleted(tree, row)]);
}
