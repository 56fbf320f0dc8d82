import { text, type Validation } from './api-server/cel';
import type { CelCondition } from './predicate';

/** A reason to refuse a PVC at its creation. */
export interface Denial {
  readonly id: string;
  readonly when: CelCondition;
  /** What is wrong, and why that matters. Like the remedy a template, with CEL put into it by `put`. */
  readonly problem: string;
  /** What the author of the PVC does about it. */
  readonly remedy: string;
}

/**
 * The denial as the API server's policy has it: a condition that must hold, and the message where it does not.
 *
 * @param only CEL: the requests that it is about @default - all that the policy is about
 */
export function validationOf({ when, problem, remedy }: Denial, only?: string): Validation {
  const refused = only === undefined ? when.cel : `${only} && (${when.cel})`;
  return { expression: `!(${refused})`, messageExpression: text(`${problem} ${remedy}`) };
}
