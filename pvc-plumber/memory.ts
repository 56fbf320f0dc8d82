import { type PvcRef, storePrefix } from '../lib/model/naming';
import type { Finding } from './evidence';

/** A backup that was seen, and until when that may be repeated without asking again. */
interface Sighting {
  readonly keyCount: number;
  readonly reason: string;
  /** In milliseconds of `performance.now()`. */
  readonly until: number;
}

/** Most PVCs remembered at once: some 20 MB at most. */
const capacity = 100_000;

/**
 * Backups seen a short while ago. It knows only `restore`: what was absent is never remembered.
 *
 * A sighting that is out of date can't lose data: the backup is gone by then, so the restore finds none, and the volume comes up as empty as
 * `fresh` would have made it. The time limit keeps the answers honest.
 */
export class Memory {
  private readonly sightings = new Map<string, Sighting>();

  get size(): number {
    return this.sightings.size;
  }

  recall(pvc: PvcRef): Omit<Sighting, 'until'> | undefined {
    const key = storePrefix(pvc);
    const sighting = this.sightings.get(key);
    if (sighting === undefined) return undefined;
    if (sighting.until > performance.now()) return sighting;
    this.sightings.delete(key);
    return undefined;
  }

  /** @param ttlMs in milliseconds; 0 remembers nothing. A longer-lived sighting stays. */
  remember(pvc: PvcRef, ttlMs: number, keyCount: number, reason: string): void {
    const key = storePrefix(pvc);
    const until = performance.now() + ttlMs;
    const known = this.sightings.get(key);
    if (ttlMs <= 0 || (known !== undefined && known.until >= until)) return;
    // Deleted and set anew, so that the map is in the order of the last sighting and its first entry may go.
    this.sightings.delete(key);
    this.sightings.set(key, { keyCount, reason, until });
    if (this.sightings.size <= capacity) return;
    const [oldest] = this.sightings.keys();
    if (oldest !== undefined) this.sightings.delete(oldest);
  }

  /**
   * Takes over what a look-up has just found. A backup that is not there any more is forgotten, also where a listing that began earlier has seen it in the
   * meantime: the next question would be answered with a restore that ends empty.
   *
   * @param ttlMs how long a `restore` may be repeated, in milliseconds
   */
  learn(pvc: PvcRef, finding: Finding, ttlMs: number): void {
    if (finding.decision === 'restore') this.remember(pvc, ttlMs, finding.keyCount, finding.reason);
    else this.sightings.delete(storePrefix(pvc));
  }

  clear(): void {
    this.sightings.clear();
  }
}
