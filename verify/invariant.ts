import type { Site } from '../lib/site/schema';
import type { Tree } from './tree';

/** A rule that every rendered tree keeps, whatever the site. `npm run verify` and `npm test` check the same ones. */
export interface Invariant {
  /** What it protects, in words; starts with `trap N:` where it guards against a known failure. */
  readonly name: string;
  /** Says where the tree of a site breaks the rule; empty when it keeps it. What the rule expects comes from the site. */
  readonly check: (tree: Tree, site: Site) => string[];
  /** Breaks the rule in a copy of the example's tree, and no other rule. The mutation test sees exactly this invariant fail. */
  readonly mutate: (tree: Tree, site: Site) => void;
}

/** A sentence for each thing that a predicate finds wrong. */
export function problemsOf<T>(items: readonly T[], wrong: (item: T) => boolean, say: (item: T) => string): string[] {
  return items.filter((item) => wrong(item)).map((item) => say(item));
}

/** Complains unless two values are the same data. */
export function same(actual: unknown, expected: unknown, what: string): string[] {
  return JSON.stringify(actual) === JSON.stringify(expected) ? [] : [`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`];
}
