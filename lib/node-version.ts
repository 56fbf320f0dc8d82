/** The oldest Node that the program runs on, as in `engines` of package.json. */
export const oldestNode = '20.19';

/** A sentence when this Node is too old; undefined when it will do. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode.split('.').map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `Node ${version} is too old: this program needs Node ${oldestNode} or newer, see https://nodejs.org`;
}

// Imported before everything else: what an old Node lacks would show as a stack trace of the modules after this one.
const problem = nodeProblem(process.versions.node);
if (problem !== undefined) {
  console.error(problem);
  process.exit(1);
}
