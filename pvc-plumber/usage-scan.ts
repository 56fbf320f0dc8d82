import { Deadline, pause } from './deadline';
import type { Log } from './log';
import type { Listing, ListQuery } from './s3/listing';
import type { ObjectReader } from './s3/reader';
import { measureBucket } from './usage';
import { usageText } from './usage-metrics';

export interface UsageScanOptions {
  readonly reader: Pick<ObjectReader, 'list'>;
  /** Keys at the root of the bucket that are there for certain. */
  readonly expected: () => readonly string[];
  /** Whether questions are being answered, which come first. */
  readonly busy: () => boolean;
  readonly log: Log;
  /** Time between the starts of two scans, in milliseconds; 0: none. */
  readonly intervalMs: number;
}

/** The last complete scan. */
export interface CompleteScan {
  /** When it began, in milliseconds since 1970: whatever was written before, it saw. */
  readonly startedAt: number;
  readonly seconds: number;
  /** The series of all PVCs. */
  readonly text: Buffer;
}

/** Time until the first scan, in milliseconds: a Pod that starts has questions to answer, and lists what it needs for them. */
const firstMs = 30_000;
/** Pause after a scan that failed, in milliseconds. */
const retryMs = 60_000;
/** A scan, and a page of it, that takes longer is given up, in milliseconds. */
const longestMs = 3 * 3_600_000;
const longestPageMs = 30_000;
/** Pauses between two pages, in milliseconds: at least, and while questions are answered. */
const pauseMs = 20;
const busyPauseMs = 250;

/**
 * Measures the whole store in the background, so that somebody notices when backups are called successful and their data is not there. It takes one request at a
 * time, and four fifths of its time are pauses: a million objects take some minutes, and as much of the processor as a thousand answers.
 *
 * Each replica scans by itself. To share one scan they would have to write into the store, and the lease tells clusters apart, not Pods.
 */
export class UsageScan {
  last: CompleteScan | undefined;
  private timer: NodeJS.Timeout | undefined;
  private deadline: Deadline | undefined;
  private complaint = '';
  private stopped = false;

  constructor(private readonly options: UsageScanOptions) {}

  start(): void {
    const { intervalMs } = this.options;
    if (intervalMs > 0) this.next(Math.min(firstMs, intervalMs));
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.deadline?.abort();
  }

  private next(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.scan(), ms).unref();
  }

  private async scan(): Promise<void> {
    const { expected, busy, log, intervalMs } = this.options;
    const deadline = (this.deadline = Deadline.in(longestMs, 'the scan of the store'));
    const [startedAt, began] = [Date.now(), performance.now()];
    const since = (): number => performance.now() - began;
    try {
      const usages = await measureBucket(
        {
          reader: { list: (query) => this.page(query, deadline.signal) },
          expected: expected(),
          pause: (pageMs) => pause(busy() ? busyPauseMs : Math.max(pauseMs, 4 * pageMs), deadline.signal),
        },
        deadline.signal,
      );
      this.last = { startedAt, seconds: since() / 1000, text: usageText(usages.values()) };
      this.complaint = '';
      log.info('the store was scanned', { pvcs: usages.size, seconds: Math.round(since()) / 1000 });
      this.next(Math.max(0, intervalMs - since()));
    } catch (error) {
      const reason = (error as Error).message;
      if (reason !== this.complaint && !this.stopped)
        log.warn('the store could not be scanned; the sizes of backups are those of the last scan', { reason });
      this.complaint = reason;
      this.next(Math.min(retryMs, intervalMs));
    } finally {
      deadline.clear();
    }
  }

  /** @param whole of the scan */
  private async page(query: ListQuery, whole: AbortSignal): Promise<Listing> {
    const deadline = Deadline.in(longestPageMs, 'the store about one page');
    const stop = (): void => deadline.abort();
    whole.addEventListener('abort', stop, { once: true });
    try {
      return await this.options.reader.list(query, deadline.signal);
    } finally {
      whole.removeEventListener('abort', stop);
      deadline.clear();
    }
  }
}
