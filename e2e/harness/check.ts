export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export function same(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(a === b, `${what} must be ${b}, but is ${a}`);
}
