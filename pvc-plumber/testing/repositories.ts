import type { FakeS3 } from './server';

export const testBucket = 'volsync-backup';

const hex = '0123456789abcdef0123456789abcdef';

/** Blobs of a Kopia repository right after its creation, as in facts of the mover: no data, but metadata, an index and a log. */
export const emptyKopiaBlobs = [
  'kopia.repository',
  'kopia.blobcfg',
  `q${hex}-s1b2c3d4e5f60718`,
  `xn0_${hex}-s1b2c3d4e5f60718-c1`,
  '_log_20260102030405_abcd_1767323045_1767323046_1_0123',
];

/** Blobs of a Kopia repository with one snapshot of some files. */
export const filledKopiaBlobs = [
  ...emptyKopiaBlobs,
  `p${hex}-s9f8e7d6c5b4a3`,
  `p${hex}-s9f8e7d6c5b4a4`,
  `q${hex}-s9f8e7d6c5b4a3`,
  'kopia.maintenance',
];

/** Puts blobs below `{path}/`, where `path` is `namespace/pvc`. */
export function putBlobs(s3: FakeS3, path: string, blobs: readonly string[], bucket = testBucket): void {
  for (const blob of blobs) s3.objects.put(bucket, `${path}/${blob}`, 'blob');
}
