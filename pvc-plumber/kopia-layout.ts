/**
 * How Kopia lays out one repository below `{namespace}/{pvc}/`, as far as a listing can see it. A *blob* is what follows that prefix in a key. On S3 it is
 * flat, with no folders below the prefix (Kopia v0.22.3, `s3_storage.go`, `getObjectNameString`).
 *
 * | blob                                   | meaning                                                                |
 * |----------------------------------------|------------------------------------------------------------------------|
 * | `kopia.repository`                     | format blob: the repository is initialised                             |
 * | `kopia.blobcfg`, `kopia.maintenance`   | settings                                                               |
 * | `p<32 hex>-s…`                         | packs of file data: the first one comes with the first file backed up  |
 * | `q<32 hex>-s…`                         | packs of directories and manifests: there from the creation on         |
 * | `x…`, `n…`, `m…`, `l…`, `s…`, `_log_…` | indexes, their older forms, sessions, logs                             |
 */
export const kopia = {
  /** The blob without which no repository can be opened. The data sorts so near behind it that one page shows both. */
  repositoryBlob: 'kopia.repository',
  /** Every blob that starts so is backed-up data, and nothing else starts so. */
  dataPrefix: 'p',
} as const;

/** A blob of backed-up data. */
export function isData(blob: string): boolean {
  return blob.startsWith(kopia.dataPrefix);
}

/**
 * A blob that sorts behind all data. Every repository has some: its creation writes a policy into a `q` pack and indexes it with an `xn0_` blob. A full list
 * without one stopped too early, whatever it says of itself.
 */
export function isBehindData(blob: string): boolean {
  return blob > kopia.dataPrefix && !blob.startsWith(kopia.dataPrefix);
}

/** A blob that every backup writes some of, also one without file data. */
export function isWrittenByBackups(blob: string): boolean {
  return blob.startsWith('q');
}

/** A blob that a repository without any backup may hold. Anything else beside it is foreign and a reason for doubt. */
export function isMetadata(blob: string): boolean {
  return /^(kopia\.|[qxnmls_])[^/]*$/.test(blob);
}

/** A text that sorts before `text` and after everything of interest that sorts before it. */
export function before(text: string): string {
  return `${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(text.length - 1) - 1)}~`;
}
