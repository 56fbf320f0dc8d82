import { deathsSince } from './daemon';

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

/** Longest wait for anything, in seconds; shorter where a failure is what is looked for. */
let patience = Infinity;

export function limitPatience(seconds: number): void {
  patience = seconds;
}

/** Asks until something comes, and fails with the last reason when nothing does. */
export async function eventually<T>(what: string, seconds: number, ask: () => Promise<T | undefined | false>, everyMs = 100): Promise<T> {
  const begun = Date.now();
  const deadline = begun + Math.min(seconds, patience) * 1000;
  let last: unknown;
  for (;;) {
    try {
      const found = await ask();
      if (found !== undefined && found !== false) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      const died = deathsSince(begun);
      const why = `${last === undefined ? '' : ` (${(last as Error).message})`}${died === '' ? '' : `; meanwhile ${died}`}`;
      throw new Error(`after ${seconds} s there is still not: ${what}${why}`);
    }
    await sleep(everyMs);
  }
}

/** What a promise brings, or a failure when it takes too long. */
export async function within<T>(what: string, seconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`after ${seconds} s there is still not: ${what}`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Fails when something becomes true within a time. */
export async function never(what: string, seconds: number, ask: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    if (await ask()) throw new Error(`must not happen: ${what}`);
    await sleep(200);
  }
}

/** Something that is done again and again, one at a time, until it is stopped. What goes wrong is said once and tried again. */
export class Loop {
  private running = false;
  private ended: Promise<void> = Promise.resolve();
  private said = '';

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly tick: () => Promise<void>,
  ) {}

  start(): void {
    this.running = true;
    this.ended = this.run();
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.ended;
  }

  private async run(): Promise<void> {
    while (this.running) {
      try {
        await this.tick();
      } catch (error) {
        const { message } = error as Error;
        if (message !== this.said && this.running) console.log(`         ${this.name}: ${message}`);
        this.said = message;
      }
      await sleep(this.everyMs);
    }
  }
}
