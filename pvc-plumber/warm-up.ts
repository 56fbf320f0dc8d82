import { Deadline } from './deadline';
import type { Log } from './log';
import type { BackupCache } from './answer-cache';
import type { ObjectReader } from './s3/reader';
import { scanBucket } from './scan';

export interface WarmUpOptions {
  readonly reader: ObjectReader;
  readonly cache: BackupCache;
  readonly log: Log;
  /** How long an entry of the listing vouches for a `restore`, in milliseconds. */
  readonly ttlMs: number;
}

/** A listing that takes longer is given up, in milliseconds; what it has seen by then stays. */
const longestMs = 300_000;
/** Pause after a listing that failed, in milliseconds: long enough to leave a sick server alone, short enough to be warm soon after it is back. */
const retryMs = 5000;

/**
 * Fills the cache from a listing of the whole bucket, so that a burst of questions after a disaster needs no look-up each.
 *
 * It lists at the start, and later only while questions come and the last listing is half way to its end: an idle cluster lists nothing.
 */
export class WarmUp {
  private running = false;
  private succeeded = false;
  private dueAt = 0;
  private complaint = '';
  private deadline: Deadline | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: WarmUpOptions) {}

  /** Lists now, and again and again until it succeeds. */
  start(): void {
    this.nudge();
    this.timer = setInterval(() => {
      if (!this.succeeded) this.nudge();
    }, retryMs);
    this.timer.unref();
  }

  /** Starts a listing unless there is one that is recent enough. Costs nothing otherwise: it is called with every question. */
  nudge(): void {
    if (this.running || performance.now() < this.dueAt) return;
    this.running = true;
    void this.list();
  }

  /** The credentials changed: what was listed with the old ones is worth nothing. */
  reset(): void {
    this.dueAt = 0;
    this.succeeded = false;
  }

  stop(): void {
    this.dueAt = Number.POSITIVE_INFINITY;
    clearInterval(this.timer);
    this.deadline?.abort();
  }

  private async list(): Promise<void> {
    const { reader, cache, log, ttlMs } = this.options;
    const deadline = Deadline.in(longestMs, 'the bucket listing');
    this.deadline = deadline;
    const started = performance.now();
    let backups = 0;
    try {
      const pages = await scanBucket(
        reader,
        (pvc) => {
          backups += 1;
          cache.remember(pvc, ttlMs, 2, 'a kopia repository with data, seen in the listing of the bucket');
        },
        deadline.signal,
      );
      this.succeeded = true;
      this.complaint = '';
      this.dueAt = Math.max(this.dueAt, performance.now() + ttlMs / 2);
      log.info('the bucket was listed', { backups, pages, seconds: Math.round(performance.now() - started) / 1000 });
    } catch (error) {
      this.dueAt = Math.max(this.dueAt, performance.now() + retryMs);
      const reason = (error as Error).message;
      if (reason !== this.complaint) log.warn('the bucket could not be listed ahead; each question is looked up by itself', { reason, backups });
      this.complaint = reason;
    } finally {
      deadline.clear();
      this.running = false;
    }
  }
}
