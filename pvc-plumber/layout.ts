/**
 * How a backup program lays out one repository below `{namespace}/{pvc}/`, as far as a listing can see it. A *blob* is what follows
 * that prefix in a key.
 */
export interface Layout {
  readonly name: 'kopia' | 'restic';
  /** The blob without which no repository can be opened. */
  readonly repositoryBlob: string;
  /** Every blob that starts so is backed-up data, and nothing else starts so. */
  readonly dataPrefix: string;
  /**
   * Every repository has blobs that sort behind where data would be. A full list without one stopped too early, whatever it says of itself.
   */
  readonly goesOnBehindData: boolean;
  /** The data sorts so near behind {@link repositoryBlob} that one page shows both. */
  readonly dataFollowsRepository: boolean;
  /** Blobs that every backup writes some of, also one without data; undefined where {@link dataPrefix} shows every backup. */
  readonly isWrittenByBackups?: (blob: string) => boolean;
  /** Blobs that a repository without any backup may hold. Anything else beside it is foreign and a reason for doubt. */
  isMetadata(blob: string): boolean;
}

/**
 * Kopia on S3: flat, no folders below the prefix (Kopia v0.22.3, `s3_storage.go`, `getObjectNameString`).
 *
 * | blob                                   | meaning                                                                |
 * |----------------------------------------|------------------------------------------------------------------------|
 * | `kopia.repository`                     | format blob: the repository is initialised                             |
 * | `kopia.blobcfg`, `kopia.maintenance`   | settings                                                               |
 * | `p<32 hex>-s…`                         | packs of file data: the first one comes with the first file backed up  |
 * | `q<32 hex>-s…`                         | packs of directories and manifests: there from the creation on         |
 * | `x…`, `n…`, `m…`, `l…`, `s…`, `_log_…` | indexes, their older forms, sessions, logs                             |
 */
export const kopia: Layout = {
  name: 'kopia',
  repositoryBlob: 'kopia.repository',
  dataPrefix: 'p',
  // The creation itself writes a policy into a `q` pack and indexes it with an `xn0_` blob.
  goesOnBehindData: true,
  dataFollowsRepository: true,
  isWrittenByBackups: (blob) => blob.startsWith('q'),
  isMetadata: (blob) => /^(kopia\.|[qxnmls_])[^/]*$/.test(blob),
};

/**
 * Restic: one object below `snapshots/` for each snapshot (restic design document, "Repository Layout"). Blobs in `data/` without a
 * snapshot are what an interrupted or forgotten backup left.
 */
export const restic: Layout = {
  name: 'restic',
  repositoryBlob: 'config',
  dataPrefix: 'snapshots/',
  goesOnBehindData: false,
  dataFollowsRepository: false,
  // Some tools write an object with an empty name to make a folder visible; only that one is no snapshot.
  isMetadata: (blob) => /^(config|(data|index|keys|locks)\/.*|snapshots\/)$/.test(blob),
};

export const layouts: Readonly<Record<Layout['name'], Layout>> = { kopia, restic };

/** A blob of backed-up data. */
export function isData(layout: Layout, blob: string): boolean {
  return blob.startsWith(layout.dataPrefix) && !layout.isMetadata(blob);
}

/** A blob that sorts behind all data. */
export function isBehindData(layout: Layout, blob: string): boolean {
  return blob > layout.dataPrefix && !blob.startsWith(layout.dataPrefix);
}

/** A text that sorts before `text` and after everything of interest that sorts before it. */
export function before(text: string): string {
  return `${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(text.length - 1) - 1)}~`;
}
