import type { SynthCall } from '../lib/synth';
import { parseSite, type Site } from '../lib/site/schema';
import { siteWarnings } from '../lib/site/warnings';
import { coverage, type Coverage } from './coverage';
import { invariants } from './invariants';
import { plainManifests } from './plain-manifests';
import { renderedProblems } from './rendered';
import { hintsAboutCharts, hintsAboutRunbooks } from './hints';
import { pvcPolicyProblems } from './pvc-policies';
import { checkSchemas, haveCrds, missingDefaults } from './schemas';
import { syncProblems } from './syncs';
import { type Entry, Tree } from './tree';

/** One thing that was looked at. */
export interface Section {
  /** What was looked at, in a line. */
  readonly what: string;
  /** What is wrong: object, place, remedy. Empty when all is well. */
  readonly problems: readonly string[];
  /** What to do about the problems, where they don't say it themselves. */
  readonly remedy?: string;
}

export interface Report {
  readonly summary: string;
  readonly sections: readonly Section[];
  /** What could not be looked at, and how it could be. */
  readonly notChecked: readonly string[];
  /** What is not a mistake, but good to know. */
  readonly hints: readonly string[];
}

/**
 * Proves the tree that `main.ts` renders: its values, what `extend` added, every invariant, every schema, the labels of the volumes, and that the output
 * folder holds just that tree.
 *
 * @throws ProblemsError with everything that synth refuses
 */
export function verify({ values, extend }: SynthCall): Report {
  const site = parseSite(values);
  const tree = Tree.of(values, extend);
  const schemas = checkSchemas(tree);
  const plain = plainManifests(tree, site);
  const labels = coverage([...tree.entries, ...plain.entries], site);
  const added = tree.entries.filter((entry) => entry.added === true).length;
  return {
    summary: `${tree.texts.size} files, ${tree.entries.length} objects, ${added} of them yours`,
    sections: [
      { what: 'the values, and what you added to the platform', problems: [] },
      ...invariantSections(tree, site),
      { what: `${schemas.checked} objects against the full schemas of their kinds`, problems: schemas.problems },
      ...(haveCrds ? [driftSection(tree)] : []),
      { what: describeLabels(labels), problems: labels.problems },
      ...plainSyncs(plain.entries),
      ...otherPolicies([...tree.entries, ...plain.entries], site),
      { what: 'the output folder is what main.ts renders', problems: renderedProblems(tree) },
    ],
    notChecked: [
      ...schemas.notChecked,
      ...plain.unreadable.map((file) => `the labels in ${file}`),
      ...plain.rendered.map(
        (folder) => `the labels in ${folder}, which Kustomize or Helm renders: look at what comes out, or at the PVCs in the cluster`,
      ),
    ],
    hints: [
      ...labels.unlabelled.map((volume) => `${volume} has no label, and is not backed up`),
      ...hintsAboutRunbooks(tree, site),
      ...hintsAboutCharts(tree),
      ...siteWarnings(site),
    ],
  };
}

/** Applications in plain manifests, which are synced as those in the tree. */
function plainSyncs(entries: readonly Entry[]): Section[] {
  const problems = entries.flatMap(({ path, object }) => syncProblems(object).map((problem) => `${path}: ${problem}`));
  return problems.length === 0 ? [] : [{ what: 'Applications in plain manifests', problems }];
}

function otherPolicies(entries: readonly Entry[], site: Site): Section[] {
  const problems = pvcPolicyProblems(entries, site);
  return problems.length === 0 ? [] : [{ what: 'policies of Kyverno of your own', problems }];
}

const platformRemedy = 'The platform itself does not break this rule: take back what your code changes in its objects, or move yours.';

function driftSection(tree: Tree): Section {
  return {
    what: 'defaults that Argo CD would see as drift',
    problems: missingDefaults(tree).map((value) => `${value} is missing`),
    remedy: platformRemedy,
  };
}

/** One section for all rules that hold, and one for each that does not. */
function invariantSections(tree: Tree, site: Site): Section[] {
  const broken = invariants.flatMap(({ name, check }) => {
    const problems = complaints(() => check(tree, site));
    return problems.length === 0 ? [] : [{ what: name, problems, remedy: platformRemedy }];
  });
  return [{ what: `${invariants.length - broken.length} of ${invariants.length} rules that every tree keeps`, problems: [] }, ...broken];
}

/** A rule that finds an object gone, or of another shape, is broken, too. */
function complaints(check: () => string[]): string[] {
  try {
    return check();
  } catch (error) {
    return [`can't be checked: ${(error as Error).message}`];
  }
}

function describeLabels({ backedUp, unlabelled }: Coverage): string {
  const volumes = [...backedUp.values()].reduce((sum, count) => sum + count, 0);
  const tiers = [...backedUp].map(([label, count]) => `${label} ${count}`).join(', ');
  return `labels: volumes with a backup ${volumes}${tiers === '' ? '' : ` (${tiers})`}, without ${unlabelled.length}`;
}
