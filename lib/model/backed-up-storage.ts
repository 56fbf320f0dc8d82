/** Which volumes a site can back up. */
export interface BackedUpStorage {
  /** Classes of the volumes that are backed up. */
  readonly storageClasses: readonly string[];
  /** CSI drivers for which the site has a VolumeSnapshotClass. */
  readonly snapshotDrivers: readonly string[];
  /** Classes for which it has one, whatever their driver. */
  readonly snapshotClasses: readonly string[];
}
