import type { BackedUpStorage } from '../model/backed-up-storage';
import type { Site } from './schema';

/** The driver of a snapshot class that is there already is not known. */
export function backedUpStorage({ storage, snapshots }: Pick<Site, 'storage' | 'snapshots'>): BackedUpStorage {
  const further = Object.keys(storage.snapshotClasses);
  const storageClasses = [...new Set([storage.storageClass, ...further])];
  return snapshots.install
    ? { storageClasses, snapshotDrivers: [snapshots.driver], snapshotClasses: further }
    : { storageClasses, snapshotDrivers: [], snapshotClasses: storageClasses };
}
