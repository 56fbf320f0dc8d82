import { type PvcRef, storePrefix } from '../../../lib/model/naming';
import { storeMarkerKey } from '../../../lib/model/object-store';
import { filledKopiaBlobs, putBlobs, testBucket } from '../../../pvc-plumber/testing/repositories';
import type { FakeS3 } from '../../../pvc-plumber/testing/server';
import type { StoreFault } from './world';

export const storeId = '6f1d9c52-7a0e-4a55-9a53-1c0c6f0f5a01';
const another = '00000000-7a0e-4a55-9a53-1c0c6f0f5a01';

/** How slow a slow store is, in milliseconds an answer: some questions are answered in time. */
const slowMs = 900;

/** The S3 server of the tests, with an identity, and what its backups hold. */
export class PlayedStore {
  readonly faults: readonly StoreFault[] = ['down', 'slow', 'empty', 'another', 'without its bucket'];
  /** Newest backups by `namespace/pvc`, of the store that is there at the moment. */
  private backups = new Map<string, number>();
  private readonly right = this.backups;
  private reachable = true;

  constructor(
    private readonly s3: FakeS3,
    private readonly bucket = testBucket,
  ) {
    s3.objects.put(bucket, storeMarkerKey, JSON.stringify({ storeId }));
    // pvc-plumber compares the first ten keys over several connections: they are somebody's whose backups rest.
    for (let i = 0; i < 10; i += 1) s3.objects.put(bucket, `a-namespace/data-${i}/kopia.repository`, 'blob');
  }

  /** What a mover does. @returns whether the backup is in the right store */
  backUp(pvc: PvcRef, version: number): boolean {
    if (!this.reachable) return false;
    putBlobs(this.s3, storePrefix(pvc), [...filledKopiaBlobs, ...blobsOf(version)], this.bucket);
    this.backups.set(storePrefix(pvc), version);
    return this.backups === this.right;
  }

  /** What a restore finds at the moment. */
  restorable(pvc: PvcRef): number | undefined {
    return this.reachable ? this.backups.get(storePrefix(pvc)) : undefined;
  }

  newestBackup(pvc: PvcRef): number | undefined {
    return this.right.get(storePrefix(pvc));
  }

  /** @returns whether there was any, in the right store */
  loseData(pvc: PvcRef): boolean {
    const packs = this.keysOf(pvc).filter((key) => key.startsWith(`${storePrefix(pvc)}/p`));
    for (const key of packs) this.s3.objects.delete(this.bucket, key);
    if (packs.length > 0) this.backups.delete(storePrefix(pvc));
    return packs.length > 0 && this.backups === this.right;
  }

  forget(pvc: PvcRef): void {
    for (const key of this.keysOf(pvc)) this.s3.objects.delete(this.bucket, key);
    this.right.delete(storePrefix(pvc));
  }

  /** @returns ends the fault */
  async disturb(fault: StoreFault): Promise<() => Promise<void>> {
    const { s3, bucket } = this;
    if (fault === 'slow') {
      s3.latencyMs = slowMs;
      return async () => void (s3.latencyMs = 0);
    }
    this.reachable = fault === 'empty' || fault === 'another';
    if (fault === 'down') {
      await s3.stop();
      return async () => {
        await s3.start();
        this.reachable = true;
      };
    }
    const kept = new Map(s3.objects.bucket(bucket));
    s3.objects.deleteBucket(bucket);
    if (this.reachable) {
      this.backups = new Map();
      s3.objects.bucket(bucket);
      if (fault === 'another') s3.objects.put(bucket, storeMarkerKey, JSON.stringify({ storeId: another }));
    }
    return async () => {
      s3.objects.deleteBucket(bucket);
      for (const [key, text] of kept) s3.objects.put(bucket, key, text);
      this.backups = this.right;
      this.reachable = true;
    };
  }

  private keysOf(pvc: PvcRef): string[] {
    return [...this.s3.objects.bucket(this.bucket).keys()].filter((key) => key.startsWith(`${storePrefix(pvc)}/`));
  }
}

/** What a backup adds to a repository: some data, and more metadata. */
function blobsOf(version: number): string[] {
  const name = (start: string, number: number): string => `${start}${`${version}${number}`.padStart(32, '0')}-s${String(version).padStart(16, '0')}`;
  return [name('p', 0), ...[1, 2, 3, 4].map((number) => name('q', number)), ...[5, 6].map((number) => `${name('xn0_', number)}-c1`)];
}
