/** Says, in one line and without a stack, what a run leaves out. */
export function notTested(what: string): void {
  process.stderr.write(`NOT TESTED: ${what}\n`);
}

/** Tests that want what not every machine has. @param lacking says what this one lacks; undefined: nothing, and they run */
export function describeWhere(lacking: string | undefined, name: string, tests: () => void): void {
  if (lacking === undefined) return describe(name, tests);
  notTested(lacking);
  describe.skip(name, tests);
}
