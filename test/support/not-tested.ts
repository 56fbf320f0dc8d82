const said = new Set<string>();

/** Says once, in one line and without a stack, what a run leaves out. */
export function notTested(what: string): void {
  if (!said.has(what)) process.stderr.write(`NOT TESTED: ${what}\n`);
  said.add(what);
}
