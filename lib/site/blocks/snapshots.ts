import * as v from 'valibot';
import { longhornDriver } from '../../model/naming';
import { dnsSubdomain, filled } from '../checks';
import { block, switched } from '../schema-parts';

export const snapshots = v.optional(
  block({
    /** Make the VolumeSnapshotClass that `storage.snapshotClass` names. Off where it is there already. */
    install: switched(true),
    /** CSI driver of that class. */
    driver: v.optional(dnsSubdomain, longhornDriver),
    /**
     * Parameters of that class, as the driver's documentation names them.
     * @default - for Longhorn `type: snap`, a snapshot inside the cluster; for another driver none
     */
    parameters: v.optional(v.record(v.string(), filled)),
    /**
     * A snapshot stays usable when the volume that it was taken of is deleted: then a restore's temporary volume is deleted as soon as the snapshot is there, and
     * not after the first backup. Right for Ceph RBD and most clouds, wrong for Longhorn, whose snapshots lie inside of their volumes.
     */
    outliveVolumes: switched(false),
  }),
  {},
);
