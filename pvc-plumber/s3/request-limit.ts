import { type Lane, Turns } from './turns';

/** Runs work when there is room for it. */
export interface Room {
  /** @throws the signal's reason while it waits; afterwards whatever `work` throws */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** The lane of the service's own requests. */
const own: Lane = { client: '', namespace: '' };

/**
 * Bound on requests that run at the same time; those that wait are let in by turns. Waiting ends with the signal, so that it counts in the budget of
 * the answer that waits.
 */
export class RequestLimit implements Room {
  private running = 0;
  private readonly waiting = new Turns<() => void>();

  /** @param limit how many may run at once, at least 1 */
  constructor(private readonly limit: number) {}

  get inFlight(): number {
    return this.running;
  }

  get queued(): number {
    return this.waiting.size;
  }

  /** The same limit, for the questions of one lane. */
  lane(lane: Lane): Room {
    return { run: (work, signal) => this.run(work, signal, lane) };
  }

  /** Runs `work` as soon as there is room. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal, lane = own): Promise<T> {
    await this.enter(signal, lane);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private enter(signal: AbortSignal, lane: Lane): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    if (this.running < this.limit) {
      this.running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        this.waiting.remove(lane, go);
        reject(signal.reason as Error);
      };
      this.waiting.add(lane, go);
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  private leave(): void {
    const next = this.waiting.take();
    if (next === undefined) this.running -= 1;
    // The place goes from one to the next: `running` stays.
    else next();
  }
}
