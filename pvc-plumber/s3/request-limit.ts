/**
 * Bound on requests that run at the same time, first come first served. Waiting ends with the signal, so that it counts in the budget of
 * the answer that waits.
 */
export class RequestLimit {
  private running = 0;
  private readonly waiting = new Set<() => void>();

  /** @param limit how many may run at once, at least 1 */
  constructor(private readonly limit: number) {}

  get inFlight(): number {
    return this.running;
  }

  get queued(): number {
    return this.waiting.size;
  }

  /**
   * Runs `work` as soon as there is room.
   *
   * @throws the signal's reason while it waits; afterwards whatever `work` throws
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.enter(signal);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private enter(signal: AbortSignal): Promise<void> {
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
        this.waiting.delete(go);
        reject(signal.reason as Error);
      };
      this.waiting.add(go);
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  private leave(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.running -= 1;
      return;
    }
    // The place goes from one to the next: `running` stays.
    this.waiting.delete(next);
    next();
  }
}
