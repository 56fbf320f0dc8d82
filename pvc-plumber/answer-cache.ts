import { type PvcRef, storePrefix } from '../lib/model/naming';
import type { Finding } from './judgement';

/** A backup that was seen. Times are in milliseconds of `performance.now()`. */
interface Entry {
  readonly keyCount: number;
  readonly reason: string;
  readonly at: number;
  readonly until: number;
}

/** What is remembered of a backup. */
export interface CachedBackup {
  readonly keyCount: number;
  readonly reason: string;
  /** Seen so short a while ago that it may be repeated without a look at the repository. */
  readonly isYoung: boolean;
}

/** Most PVCs remembered at once: some 20 MB at most. */
const capacity = 100_000;

/**
 * Backups seen a short while ago. It knows only `restore`: what was absent is never remembered.
 *
 * A entry that is out of date loses no data: the restore finds nothing and its PVC stays Pending. But somebody has to notice and delete the PVC, so one that is not young is
 * checked against the repository's own object.
 */
export class BackupCache {
  private readonly entries = new Map<string, Entry>();

  /** @param youngMs how long a entry is young, in milliseconds */
  constructor(private readonly youngMs: number) {}

  get size(): number {
    return this.entries.size;
  }

  recall(pvc: PvcRef): CachedBackup | undefined {
    const key = storePrefix(pvc);
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    const now = performance.now();
    if (entry.until > now) return { keyCount: entry.keyCount, reason: entry.reason, isYoung: now - entry.at < this.youngMs };
    this.entries.delete(key);
    return undefined;
  }

  /** @param ttlMs in milliseconds; 0 remembers nothing. Of two entries the longer life counts. */
  remember(pvc: PvcRef, ttlMs: number, keyCount: number, reason: string): void {
    const key = storePrefix(pvc);
    const at = performance.now();
    if (ttlMs <= 0) return;
    const until = Math.max(at + ttlMs, this.entries.get(key)?.until ?? 0);
    // Deleted and set anew, so that the map is in the order of the last entry and its first entry may go.
    this.entries.delete(key);
    this.entries.set(key, { keyCount, reason, at, until });
    if (this.entries.size <= capacity) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }

  /**
   * Takes over what a look-up has just found. A backup that is not there any more is forgotten, also where a listing that began earlier has seen it in the
   * meantime: the next question would be answered with a restore that ends empty.
   *
   * @param ttlMs how long a `restore` may be repeated, in milliseconds
   */
  learn(pvc: PvcRef, finding: Finding, ttlMs: number): void {
    if (finding.decision === 'restore') this.remember(pvc, ttlMs, finding.keyCount, finding.reason);
    else this.entries.delete(storePrefix(pvc));
  }

  /** It was seen again. How long it is remembered stays: what was looked at is less than what was seen first. */
  confirm(pvc: PvcRef): void {
    const key = storePrefix(pvc);
    const entry = this.entries.get(key);
    if (entry !== undefined) this.entries.set(key, { ...entry, at: performance.now() });
  }

  clear(): void {
    this.entries.clear();
  }
}
