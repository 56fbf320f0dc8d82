import * as v from 'valibot';
import { dnsSubdomain, quantity } from '../checks';
import { block, whole } from '../schema-parts';

export const storage = block({
  /** Class of a PVC that names none; a PVC's own class wins. */
  storageClass: dnsSubdomain,
  /** VolumeSnapshotClass that this tree renders and the movers use. */
  snapshotClass: dnsSubdomain,
  /** Size limit of Kopia's cache in a mover Pod, with Ki, Mi, Gi or Ti. */
  cacheCapacity: v.optional(quantity, '2Gi'),
  /** Copies (1 or more) that Longhorn keeps of each volume, on as many nodes. With fewer nodes than copies every volume stays degraded. */
  replicas: v.optional(whole(1), 3),
});
