import { isDeepStrictEqual } from 'node:util';

export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Compares as JSON, whatever the order of keys. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value));
  check(a === b || isDeepStrictEqual(JSON.parse(a ?? 'null'), JSON.parse(b ?? 'null')), `${what} must be ${b}, but is ${a}`);
}
