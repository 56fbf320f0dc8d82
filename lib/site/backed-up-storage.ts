import type { Site } from './schema';

/** Which volumes a site can back up. */
export interface BackedUpStorage {
  /** Classes of the volumes that are backed up. */
  readonly storageClasses: readonly string[];
  /** CSI drivers for which the site has a VolumeSnapshotClass. */
  readonly snapshotDrivers: readonly string[];
  /** Classes for which it has one, whatever their driver. */
  readonly snapshotClasses: readonly string[];
}

/** The driver of a snapshot class that is there already is not known. */
export function backedUpStorage({ storage, snapshots }: Pick<Site, 'storage' | 'snapshots'>): BackedUpStorage {
  const further = Object.keys(storage.snapshotClasses);
  const storageClasses = [...new Set([storage.storageClass, ...further])];
  return snapshots.install
    ? { storageClasses, snapshotDrivers: [snapshots.driver], snapshotClasses: further }
    : { storageClasses, snapshotDrivers: [], snapshotClasses: storageClasses };
}
