import { distance } from 'fastest-levenshtein';
import { namespace } from '../model/naming';
import { hasFixedMinute } from '../model/schedule';
import type { Tier } from '../model/tier';
import type { SiteValues } from './values';

/** Namespaces that the policies leave alone whatever the site says: a backup of theirs would need what runs in them. */
export const alwaysExcluded: readonly string[] = ['kube-system', namespace.volsync, namespace.kyverno];

const wellKnown: readonly string[] = [...Object.values(namespace), 'kube-system', 'kube-public', 'kube-node-lease', 'default', 'cert-manager'];

/** What no single value shows: doubles, and names that are nearly other names. Runs on unchecked values, so that all problems come at once. */
export function crossProblems(values: SiteValues): string[] {
  return [
    ...(Array.isArray(values.tiers) ? tierProblems(values.tiers as Unchecked<Tier>[], values.spreadSchedules === true) : []),
    ...(Array.isArray(values.excludedNamespaces) ? namespaceProblems(values.excludedNamespaces as unknown[]) : []),
  ];
}

/** What may stand in an object's place, with anything in it; the schema complains about that. */
type Unchecked<T> = { readonly [Key in keyof T]?: unknown } | null | undefined;

function tierProblems(tiers: readonly Unchecked<Tier>[], spread: boolean): string[] {
  return tiers.flatMap((tier, index) => {
    const { label, schedule } = tier ?? {};
    const first = tiers.findIndex((other) => other?.label === label);
    return [
      ...(typeof label === 'string' && first < index
        ? [`site.tiers[${index}].label: "${label}" is also the label of tiers[${first}]: a PVC could not say which one it means; rename one`]
        : []),
      ...(spread && typeof schedule === 'string' && !hasFixedMinute(schedule)
        ? [`site.tiers[${index}].schedule: "${schedule}" has no fixed minute to spread: write a number in front, or set spreadSchedules to false`]
        : []),
    ];
  });
}

function namespaceProblems(list: readonly unknown[]): string[] {
  // Only texts, each at its place.
  const excluded = list.map((name) => (typeof name === 'string' ? name : ''));
  const missing = alwaysExcluded.filter((name) => !excluded.includes(name));
  return [
    ...missing.map((name) => {
      const near = nearest(name, excluded);
      return `site.excludedNamespaces: "${name}" must be in the list${near === undefined ? ': add it' : `: correct "${near}", which looks like a misspelling of it`}`;
    }),
    ...excluded.flatMap((name, index) => {
      const place = `site.excludedNamespaces[${index}]`;
      if (name === '') return [];
      if (excluded.indexOf(name) < index) return [`${place}: "${name}" stands in the list twice: remove one`];
      const near = wellKnown.includes(name) ? undefined : nearest(name, wellKnown);
      if (near === undefined || missing.includes(near)) return [];
      return [`${place}: "${name}" looks like a misspelling of "${near}": correct it`];
    }),
  ];
}

function nearest(name: string, candidates: readonly string[]): string | undefined {
  return candidates.find((candidate) => distance(candidate, name) <= 2);
}
