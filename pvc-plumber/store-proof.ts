import { storeMarkerKey } from '../lib/model/object-store';
import { storeIdPattern } from '../lib/model/object-store';
import { Deadline, untilAborted } from './deadline';
import { S3Failure, type StoreAddress } from './s3/failure';
import type { ObjectReader } from './s3/reader';

export interface StoreProofOptions {
  readonly reader: ObjectReader;
  readonly store: StoreAddress;
  /** The id that the site's values know; undefined: only that the bucket is there is checked. */
  readonly storeId: string | undefined;
  /** How long one check may vouch for a `restore`, in milliseconds. Seconds at most: it is also how long a dead store goes unnoticed. */
  readonly maxAgeMs: number;
  /** Limit of one check, in milliseconds. */
  readonly budgetMs: number;
}

/** Questions that come within this time share one check, in milliseconds. */
const batchMs = 3;

/**
 * Vouches that the store behind the address is the right one and answers now.
 *
 * With a store id that is the marker object with that id; an emptied or exchanged bucket doesn't have it, and a server that lost its disks
 * can't read it. Without one it is only that the bucket exists.
 */
export class StoreProof {
  private provenAt = Number.NEGATIVE_INFINITY;
  private invalidAt = Number.NEGATIVE_INFINITY;
  private running: { readonly startedAt: number; readonly result: Promise<void> } | undefined;
  private batch: Promise<void> | undefined;

  constructor(private readonly options: StoreProofOptions) {}

  /** The last check succeeded and is young enough to vouch without asking. Asks ahead when it gets old, so that a steady stream never waits. */
  isRecent(): boolean {
    const age = performance.now() - this.provenAt;
    if (age > this.options.maxAgeMs / 2 && age <= this.options.maxAgeMs && this.running === undefined) this.start().catch(() => undefined);
    return age <= this.options.maxAgeMs;
  }

  /** Resolves when a check that began no longer than `maxAgeMs` ago has succeeded. @throws S3Failure otherwise */
  async recent(signal: AbortSignal): Promise<void> {
    if (this.isRecent()) return;
    const { running } = this;
    const joinable = running !== undefined && performance.now() - running.startedAt <= this.options.maxAgeMs;
    await untilAborted(joinable ? running.result : this.begunAfterNow(signal), signal);
  }

  /**
   * Resolves when a check that began after this call has succeeded; calls at nearly the same time share one.
   *
   * @throws S3Failure when the check fails
   */
  begunAfterNow(signal: AbortSignal): Promise<void> {
    this.batch ??= new Promise((resolve, reject) => {
      setTimeout(() => {
        this.batch = undefined;
        this.start().then(resolve, reject);
      }, batchMs);
    });
    return untilAborted(this.batch, signal);
  }

  /** Forgets what was proven: something failed that makes the store doubtful. */
  invalidate(): void {
    this.provenAt = Number.NEGATIVE_INFINITY;
    this.invalidAt = performance.now();
  }

  private start(): Promise<void> {
    const startedAt = performance.now();
    const deadline = Deadline.in(this.options.budgetMs, this.options.store.endpoint);
    const result = this.check(deadline.signal)
      .then(
        () => {
          // Counted from the start: what the check saw is as old as its request. One that overlaps with a failure vouches only for those who wait for it.
          if (startedAt > this.invalidAt) this.provenAt = Math.max(this.provenAt, startedAt);
        },
        (error: unknown) => {
          this.invalidate();
          throw error;
        },
      )
      .finally(() => {
        deadline.clear();
        if (this.running?.result === result) this.running = undefined;
      });
    this.running = { startedAt, result };
    return result;
  }

  private async check(signal: AbortSignal): Promise<void> {
    const { reader, store, storeId } = this.options;
    if (storeId === undefined) {
      await reader.expectBucket(signal);
      return;
    }
    const where = `bucket ${store.bucket} on ${store.endpoint}`;
    const marker = await reader.read(storeMarkerKey, signal);
    if (marker === undefined) {
      throw new S3Failure('address', `${where} has no store marker (${storeMarkerKey}), but storeId is set: it is another store, or it was emptied`);
    }
    const found = markerId(marker);
    if (found !== storeId)
      throw new S3Failure('address', `${where} is another store: its marker says ${found ?? 'nothing readable'}, storeId is ${storeId}`);
  }
}

/** The id in a marker's text, or undefined when it is not a marker. */
export function markerId(text: string): string | undefined {
  try {
    const id = (JSON.parse(text) as { storeId?: unknown } | null)?.storeId;
    return typeof id === 'string' && storeIdPattern.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}
