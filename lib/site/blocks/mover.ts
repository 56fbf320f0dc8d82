import * as v from 'valibot';
import { maxId } from '../../model/mover-identity';
import { quantity } from '../checks';
import { quantityProblem } from '../../model/quantity';
import { block, switched, text, whole } from '../schema-parts';

const id = whole(0, maxId);

/** Cores, as in `500m` or `2`. */
const cpu = v.optional(
  text((value) =>
    quantityProblem(value) === undefined ? undefined : `${JSON.stringify(value)} is not an amount of CPU: write cores, as in 500m or 2`,
  ),
);

export const mover = block({
  /**
   * Bring files back with the owner, group and mode that they had. The movers then run as root with the few capabilities that this takes, which Pod
   * Security `baseline` permits. Off, in namespaces that enforce `restricted`, and for a PVC with a user of its own by annotation, they run as the
   * user below: it must be able to read every file, and what it restores belongs to it.
   */
  keepOwners: switched(true),
  /** Numeric user, 0 to 2147483647. */
  runAsUser: id,
  /** Numeric group, 0 to 2147483647. */
  runAsGroup: id,
  /** Numeric group of the volume's files, 0 to 2147483647. */
  fsGroup: id,
  /**
   * CPU (`500m`, `2`) and memory (`512Mi`) of the mover Pods. Needed where namespaces have a ResourceQuota on them. Kopia takes a few hundred MiB of memory, more
   * for millions of files; a limit that is too low ends the backup.
   * @default - none
   */
  resources: v.optional(
    block({
      /** What a mover is sure to get, and what a quota counts. */
      requests: v.optional(
        block({
          /** Cores, as in `500m` or `2`. */
          cpu,
          /** With Ki, Mi, Gi or Ti. */
          memory: v.optional(quantity),
        }),
      ),
      /** The most that it may take. */
      limits: v.optional(
        block({
          /** Cores, as in `500m` or `2`. */
          cpu,
          /** With Ki, Mi, Gi or Ti. */
          memory: v.optional(quantity),
        }),
      ),
    }),
  ),
});
