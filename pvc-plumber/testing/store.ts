/** The objects of an S3 server in memory: bucket -> key -> text. */
export class ObjectStoreModel {
  readonly buckets = new Map<string, Map<string, string>>();
  /** `bucket/key` of what was deleted by itself: a server with versions keeps it. */
  readonly deleted = new Set<string>();
  /** Keys of each bucket in order; forgotten at each change. */
  private readonly sorted = new Map<string, readonly string[]>();

  bucket(name: string): Map<string, string> {
    const found = this.buckets.get(name) ?? new Map<string, string>();
    this.buckets.set(name, found);
    return found;
  }

  /** When an object was written, by `bucket/key`; others were written at the start. */
  readonly written = new Map<string, number>();

  put(bucket: string, key: string, text = ''): void {
    this.written.set(`${bucket}/${key}`, Date.now());
    this.bucket(bucket).set(key, text);
    this.sorted.delete(bucket);
  }

  delete(bucket: string, key: string): void {
    if (this.bucket(bucket).delete(key)) this.deleted.add(`${bucket}/${key}`);
    this.sorted.delete(bucket);
  }

  deleteBucket(bucket: string): void {
    this.buckets.delete(bucket);
    this.sorted.delete(bucket);
  }

  /** A page of keys as ListObjectsV2 gives it. */
  page(bucket: string, prefix: string, startAfter: string, maxKeys: number): { keys: string[]; truncated: boolean } {
    const all = this.keys(bucket);
    const keys: string[] = [];
    for (let i = firstNotBefore(all, startAfter > prefix ? startAfter : prefix); i < all.length; i += 1) {
      const key = all[i] ?? '';
      if (key > prefix && !key.startsWith(prefix)) break;
      if (key <= startAfter || !key.startsWith(prefix)) continue;
      if (keys.length === maxKeys) return { keys, truncated: true };
      keys.push(key);
    }
    return { keys, truncated: false };
  }

  private keys(bucket: string): readonly string[] {
    const known = this.sorted.get(bucket) ?? [...this.bucket(bucket).keys()].toSorted();
    this.sorted.set(bucket, known);
    return known;
  }
}

function firstNotBefore(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
