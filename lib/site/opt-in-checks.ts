import { namePatternProblem, overlap } from '../model/opt-in';
import { type Fields, fieldsOf } from './fields';

/** One name of an entry of `optIn`, as it stands in `main.ts`. */
interface Named {
  readonly place: string;
  readonly entry: string;
  readonly namespace: unknown;
  readonly pattern: string;
  readonly tier: unknown;
}

/** What no single value of `optIn` shows: tiers that nobody has, namespaces without backups, and a PVC of two tiers. */
export function optInProblems({ optIn, tiers, excludedNamespaces }: Fields): string[] {
  if (!Array.isArray(optIn)) return [];
  const entries = (optIn as unknown[]).map(fieldsOf);
  return [
    ...entries.flatMap((entry, index) => [
      ...tierProblems(`site.optIn[${index}].tier`, entry['tier'], tiers),
      ...namespaceProblems(`site.optIn[${index}].namespace`, entry['namespace'], excludedNamespaces),
    ]),
    ...contradictions(entries),
  ];
}

function tierProblems(place: string, tier: unknown, tiers: unknown): string[] {
  if (typeof tier !== 'string' || !Array.isArray(tiers)) return [];
  const labels = (tiers as unknown[]).map((each) => fieldsOf(each)['label']);
  return labels.includes(tier)
    ? []
    : [`${place}: ${JSON.stringify(tier)} is the label of no tier: write one of ${labels.join(', ')}, or add the tier`];
}

function namespaceProblems(place: string, namespace: unknown, excluded: unknown): string[] {
  if (typeof namespace !== 'string' || !Array.isArray(excluded) || !excluded.includes(namespace)) return [];
  return [
    `${place}: "${namespace}" is in excludedNamespaces, so nothing in it is backed up: remove the entry, or take the namespace out of that list`,
  ];
}

/** Of two entries for one PVC the label could be either, and the other one would be believed. */
function contradictions(entries: readonly Fields[]): string[] {
  const all = entries.flatMap(namesOf);
  return all.flatMap((later, index) => {
    const earlier = all
      .slice(0, index)
      .find((each) => each.namespace === later.namespace && each.tier !== later.tier && overlap(each.pattern, later.pattern));
    if (earlier === undefined) return [];
    return [
      `${later.place}: "${later.pattern}" with the tier "${String(later.tier)}" and "${earlier.pattern}" of ${earlier.entry} with "${String(earlier.tier)}" can be the ` +
        `same PVC of ${String(later.namespace)}: write names that no PVC has in common, or the same tier`,
    ];
  });
}

function namesOf({ namespace, names, tier }: Fields, index: number): Named[] {
  if (!Array.isArray(names)) return [];
  return (names as unknown[]).flatMap((pattern, at) =>
    typeof pattern === 'string' && namePatternProblem(pattern) === undefined
      ? [{ place: `site.optIn[${index}].names[${at}]`, entry: `optIn[${index}]`, namespace, pattern, tier }]
      : [],
  );
}
