import { storeLeaseKey, storeMarkerKey } from '../lib/model/object-store';
import { Deadline, pause } from './deadline';
import type { ObjectReader } from './s3/reader';
import { S3Failure } from './s3/failure';

/** How often an absence is asked for again: of a store that is known to be one, of one that is not known yet, and of one that contradicted itself. */
const repeats = { agreed: 2, unknown: 5, contradicted: 7 } as const;

/** How long a store that contradicted itself is doubtful, in milliseconds. */
const doubtMs = 600_000;

/** Connections of one probe, each of which may end at another server. */
const samples = 10;

/** How many probes in a row have to find one store: at the start, and after one that found several. One alone may have ended at the same server ten times. */
const needed = { atFirst: 2, afterSeveral: 5 } as const;

/** Pause between two probes until one has agreed, and afterwards, in milliseconds. */
const retryMs = 2000;
const intervalMs = 30_000;

/** Pause before absence is asked for again, in milliseconds. */
const pauseMs = 100;

export function waitABit(signal: AbortSignal): Promise<void> {
  return pause(pauseMs * (0.75 + Math.random() / 2), signal);
}

export interface AgreementOptions {
  /** Reads over a new connection each time. */
  readonly anew: ObjectReader;
  /** The store has a marker. */
  readonly marked: boolean;
  /** Limit of one probe, in milliseconds. */
  readonly budgetMs: number;
  readonly endpoint: string;
}

/**
 * Knows whether the store agrees with itself. Behind one address there may be two servers, or a copy that lags, and each answer may come from another one. An absence
 * that both would have to prove is asked for again so often that chance can't prove it; as soon as the store has shown that it is one, that is twice.
 */
export class Agreement {
  /** Whether the last look found one store; undefined before the first one. */
  agreed: boolean | undefined;
  private doubtfulUntil = 0;
  private probeAt = 0;
  private running = false;
  private inARow = 0;
  private stillNeeded: number = needed.atFirst;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: AgreementOptions) {}

  /**
   * How often an absence has to be told again, each time over connections of its own.
   *
   * @throws S3Failure while the last look found different stores: there no repetition proves anything
   */
  repeats(): number {
    if (this.agreed === false)
      throw new S3Failure('odd', `${samples} connections to ${this.options.endpoint} found different stores: one address has to lead to one store`);
    if (performance.now() < this.doubtfulUntil) return repeats.contradicted;
    return this.agreed === true ? repeats.agreed : repeats.unknown;
  }

  /** Waits a little before absence is asked for again. @throws the signal's reason */
  wait(signal: AbortSignal): Promise<void> {
    return waitABit(signal);
  }

  /** Two answers did not fit. */
  contradicted(): void {
    this.doubtfulUntil = performance.now() + doubtMs;
  }

  /** Looks also while nobody asks. */
  start(): void {
    this.nudge();
    this.timer = setInterval(() => this.nudge(), retryMs);
    this.timer.unref();
  }

  stop(): void {
    this.probeAt = Number.POSITIVE_INFINITY;
    clearInterval(this.timer);
  }

  /** Looks whether all servers behind the address show the same, unless that was done a moment ago. Called with every question. */
  nudge(): void {
    if (this.running || performance.now() < this.probeAt) return;
    this.running = true;
    void this.probe().finally(() => {
      this.running = false;
      this.probeAt = performance.now() + (this.agreed === true ? intervalMs : retryMs);
    });
  }

  /** Other credentials, or another store. */
  reset(): void {
    this.note(undefined);
    this.stillNeeded = needed.atFirst;
    this.probeAt = 0;
  }

  /** @param one whether a probe found one store; undefined when it found out nothing */
  private note(one: boolean | undefined): void {
    this.inARow = one === true ? this.inARow + 1 : 0;
    if (one === false) {
      this.stillNeeded = needed.afterSeveral;
      this.agreed = false;
    } else if (this.inARow >= this.stillNeeded) {
      this.stillNeeded = needed.atFirst;
      this.agreed = true;
    } else if (this.agreed === true && one === undefined) {
      this.agreed = undefined;
    }
  }

  private async probe(): Promise<void> {
    const { anew, marked, budgetMs, endpoint } = this.options;
    const deadline = Deadline.in(budgetMs, endpoint);
    const { signal } = deadline;
    try {
      const seen = await Promise.all(
        Array.from({ length: samples }, async () => {
          const [root, marker] = await Promise.all([anew.list({ prefix: '', maxKeys: 10 }, signal), marked && anew.read(storeMarkerKey, signal)]);
          // The lease comes into an empty store at the very moment of the first probe.
          return JSON.stringify([root.keys.filter((key) => key !== storeLeaseKey), marker ?? '']);
        }),
      );
      this.note(new Set(seen).size === 1);
    } catch {
      // A store that does not answer is not known to agree with itself, nor not to.
      deadline.abort();
      this.note(undefined);
    } finally {
      deadline.clear();
    }
  }
}
