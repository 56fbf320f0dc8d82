import type { PvcRef } from '../model/naming';

/**
 * What the generated resources of a PVC (ExternalSecret, ReplicationSource, ...) are made from: real values of one PVC, or the expressions that Kyverno
 * puts them in for. An expression for a number or a boolean is a string here and becomes what it stands for when Kyverno substitutes it.
 */
export interface PvcValues extends PvcRef {
  readonly uid: string;
  /** Requested size. */
  readonly storage: string;
  readonly accessMode: string;
  readonly storageClass: string;
  /** VolumeSnapshotClass for volumes of that class. */
  readonly snapshotClass: string;
  /** Name of the ReplicationDestination that the gate chose for this creation. */
  readonly restoreName: string;
  readonly maintenanceName: string;
  /** Minute of the hour from the hash of the PVC's name. */
  readonly minute: string;
  /** `keep` or `fixed`, see `podLabel` in `naming`. */
  readonly owners: string;
  /** Time of the newest backup that may be restored, RFC 3339 in UTC. */
  readonly restoreAsOf: string;
  /** How many of the newest backups a restore skips. */
  readonly restorePrevious: number | string;
  readonly runAsUser: number | string;
  readonly runAsGroup: number | string;
  readonly fsGroup: number | string;
  /** Whether {@link runAsUser} is not root. */
  readonly runAsNonRoot: boolean | string;
}
