import { Deadline } from './deadline';
import type { StoreProof } from './store-proof';

export interface StoreWatchOptions {
  readonly proof: StoreProof;
  /** Time between two checks, in milliseconds. */
  readonly intervalMs: number;
  /** Limit of one check, in milliseconds. */
  readonly budgetMs: number;
  readonly endpoint: string;
}

/**
 * Checks the store also while nobody asks, for the metric that says whether it can be reached: in a quiet cluster the first question
 * comes on the day of the disaster.
 */
export class StoreWatch {
  /** Whether the last check succeeded; undefined before the first one has ended. */
  reachable: boolean | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: StoreWatchOptions) {}

  /** The first check comes after one interval: at the start the credentials may not be there yet. */
  start(): void {
    this.timer = setInterval(() => void this.check(), this.options.intervalMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async check(): Promise<void> {
    const deadline = Deadline.in(this.options.budgetMs, this.options.endpoint);
    try {
      await this.options.proof.begunAfterNow(deadline.signal);
      this.reachable = true;
    } catch {
      this.reachable = false;
    } finally {
      deadline.clear();
    }
  }
}
