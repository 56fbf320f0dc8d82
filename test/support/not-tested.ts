/** Says, in one line and without a stack, what a run leaves out. */
export function notTested(what: string): void {
  process.stderr.write(`NOT TESTED: ${what}\n`);
}
