import { maxId } from '../../model/mover-identity';
import { block, switched, whole } from '../schema-parts';

const id = whole(0, maxId);

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
});
