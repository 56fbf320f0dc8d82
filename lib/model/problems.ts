/** Something that a person must change before a tree can be rendered. Listed together, so that nobody mends them one by one. */
export class ProblemsError extends Error {
  constructor(
    /** What could not be done. */
    readonly summary: string,
    /** One line each: place, value, fix. */
    readonly problems: readonly string[],
  ) {
    super(`${summary}\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ProblemsError';
  }
}
