import * as v from 'valibot';
import { dnsSubdomain, quantity } from '../checks';
import { block, whole } from '../schema-parts';

export const storage = block({
  /** Class of a PVC that names none; a PVC's own class wins. */
  storageClass: dnsSubdomain,
  /** VolumeSnapshotClass that the movers use; `snapshots` says what it is. */
  snapshotClass: dnsSubdomain,
  /**
   * Snapshot classes of further StorageClasses, for a cluster with several CSI drivers: `{ 'ceph-block': 'csi-rbdplugin-snapclass' }`. They are there already. A
   * PVC of any other class uses `snapshotClass`.
   */
  snapshotClasses: v.optional(v.record(dnsSubdomain, dnsSubdomain), {}),
  /** Size limit of Kopia's cache in a mover Pod, with Ki, Mi, Gi or Ti. */
  cacheCapacity: v.optional(quantity, '2Gi'),
  /** Copies (1 or more) that Longhorn keeps of each volume, on as many nodes. With fewer nodes than copies every volume stays degraded. */
  replicas: v.optional(whole(1), 3),
});
