import { deathsSince } from './daemon';

/** The lines of a run: one for each scenario, with its time. */
export class Report {
  private readonly started = Date.now();
  private passed = 0;
  /** What failed, and why, by its name. */
  private readonly failures = new Map<string, string>();

  /** Names of what failed. */
  get failed(): readonly string[] {
    return [...this.failures.keys()];
  }

  /** Plays something and says how it ended. @returns how long it took, in seconds; undefined where it failed */
  async line(name: string, play: () => Promise<void | string>): Promise<number | undefined> {
    const begun = Date.now();
    const time = (): string => `${((Date.now() - begun) / 1000).toFixed(1)} s`.padStart(8);
    try {
      const remark = await play();
      this.passed += 1;
      console.log(`  ok   ${time()}  ${name}${typeof remark === 'string' ? ` (${remark})` : ''}`);
      return (Date.now() - begun) / 1000;
    } catch (error) {
      this.failures.set(name, (error as Error).message);
      console.log(`  FAIL ${time()}  ${name}\n         ${(error as Error).message}`);
      if (process.env['E2E_STACK'] !== undefined) console.log((error as Error).stack);
      return undefined;
    }
  }

  /** The closing line. @returns the exit code */
  end(): number {
    const died = deathsSince(this.started);
    if (died !== '') console.log(`started again: ${died}`);
    for (const [name, why] of this.failures) console.log(`FAILED ${name}\n       ${why}`);
    console.log(`${this.passed} passed, ${this.failures.size} failed`);
    console.log(`the run took ${((Date.now() - this.started) / 1000).toFixed(0)} s`);
    return this.failures.size === 0 ? 0 : 1;
  }
}
