import { maxPvcNameLength } from './naming';

/** PVCs of a namespace that are treated as labelled: what makes them lets nobody set their label. */
export interface OptIn {
  readonly namespace: string;
  /** Names; `*` stands for any part of one. */
  readonly names: readonly string[];
  /** Label of the tier that they get. */
  readonly tier: string;
}

/** Says what is wrong with a name or pattern of PVCs, or undefined. */
export function namePatternProblem(pattern: string): string | undefined {
  return pattern.length <= maxPvcNameLength && /^[a-z0-9*]([-a-z0-9.*]*[a-z0-9*])?$/.test(pattern) && !pattern.includes('**')
    ? undefined
    : `${JSON.stringify(pattern)} is neither a name nor a pattern of PVCs: write up to ${maxPvcNameLength} lower-case letters, digits, dashes and dots, with ` +
        '* for any part of the name, for example data-*';
}

/** Regular expression of RE2 and JavaScript for the names that one of the patterns stands for. A PVC without a name is not among them. */
export function namesExpression(patterns: readonly string[]): string {
  const alternatives = patterns.map((pattern) => (pattern === '*' ? '[-a-z0-9.]+' : pattern.replaceAll('.', '[.]').replaceAll('*', '[-a-z0-9.]*')));
  return `^(${alternatives.join('|')})$`;
}

/** Whether there are names that both patterns stand for. */
export function overlap(one: string, other: string): boolean {
  // meets[i][j]: whether the rest of the one from i and the rest of the other from j have a name in common; from their ends to their beginnings.
  const meets = Array.from({ length: one.length + 1 }, () => Array.from({ length: other.length + 1 }, () => false));
  const at = (i: number, j: number): boolean => meets[i]?.[j] === true;
  for (let i = one.length; i >= 0; i -= 1)
    for (let j = other.length; j >= 0; j -= 1) {
      const [a, b] = [one[i], other[j]];
      if (a === undefined && b === undefined) meets[i]![j] = true;
      // A star is empty, or takes one more letter of the other.
      else if (a === '*' || b === '*') meets[i]![j] = at(i + 1, j) || at(i, j + 1);
      else meets[i]![j] = a === b && at(i + 1, j + 1);
    }
  return at(0, 0);
}

/** The tier of a PVC that has no label, by its name; undefined where the site says nothing about it. */
export function tierByName(optIn: readonly OptIn[], namespace: string, name: string): string | undefined {
  return optIn.find((entry) => entry.namespace === namespace && new RegExp(namesExpression(entry.names)).test(name))?.tier;
}
