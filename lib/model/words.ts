import { maxId } from './mover-identity';
import { annotation, maxPvcNameLength, plumber } from './naming';

/**
 * What a person reads who is refused. The gate and the backstop use the same words: the API server asks its own admission policies before the
 * validating webhooks, so with a healthy Kyverno it is the backstop that speaks.
 *
 * The arguments are expressions of the one or the other.
 */
export const words = {
  unsupported: (pvc: string): string =>
    `PVC ${pvc} is labelled for backups, but can't be backed up and restored: it needs a name of its own (no generateName) of at most ` +
    `${maxPvcNameLength} characters and volumeMode Filesystem, and the annotations ${annotation.runAsUser}, ${annotation.runAsGroup} and ` +
    `${annotation.fsGroup} must be numbers from 0 to ${maxId}. Change it, or remove the label.`,
  unknown: (pvc: string, reason: string): string =>
    `PVC ${pvc} is not created, because nobody can tell whether a backup of it exists, and an empty volume must not take its place: ` +
    `${reason}. It is tried again by Argo CD. Look at: kubectl logs -n ${plumber.namespace} -l app.kubernetes.io/name=${plumber.name}. ` +
    `If it must be created now, ${skip}.`,
  earlierLife: (pvc: string, reason: string): string =>
    `PVC ${pvc} is not created yet: ${reason}. Kubernetes removes them in a few seconds; what is made for the new PVC would go with them. It ` +
    `is tried again by Argo CD.`,
  foreignSource: (pvc: string): string =>
    `PVC ${pvc} has a backup, but its own dataSource or dataSourceRef would fill it with something else. Remove that to get the backup back, ` +
    `or ${skip}.`,
  staleSource: (pvc: string, name: string): string =>
    `PVC ${pvc} points to ${name}, a restore of an earlier life of this PVC, but nothing is to be restored now; it would wait for ever. Remove ` +
    `spec.dataSource and spec.dataSourceRef from the manifest.`,
  noSkipReason: (pvc: string): string =>
    `PVC ${pvc} asks to skip the restore, but does not say why. Set the annotation ${annotation.skipRestoreReason}, so that whoever finds the ` +
    `line in Git next year knows whether it may go; as long as it stands there, nothing is ever restored.`,
} as const;

const skip = `set the annotations ${annotation.skipRestore}: "true" and ${annotation.skipRestoreReason}: "<why>" to create it without looking for a backup`;
