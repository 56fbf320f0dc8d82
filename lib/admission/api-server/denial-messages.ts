import { maxId } from '../../model/mover-identity';
import { annotation, gatePolicy, maxPvcNameLength, plumber } from '../../model/naming';

const skip = `set the annotations ${annotation.skipRestore}: "true" and ${annotation.skipRestoreReason}: "<why>" to create it without looking for a backup`;
const lookAtKyverno = 'kubectl get clusterpolicy,pods -n kyverno';

/**
 * What a person reads whose PVC is refused: what happened, why, and what to do.
 *
 * The arguments are texts, or the marks of expressions (`put`).
 */
export const refusalMessages = {
  unsupported: (pvc: string): string =>
    `PVC ${pvc} is labelled for backups, but can't be backed up and restored: it needs a name of its own (no generateName) of at most ` +
    `${maxPvcNameLength} characters and volumeMode Filesystem, and the annotations ${annotation.runAsUser}, ${annotation.runAsGroup} and ` +
    `${annotation.fsGroup} must be numbers from 0 to ${maxId}. Change it, or remove the label.`,
  undecided: (pvc: string): string =>
    `PVC ${pvc} is labelled for backups, but the backup gate has not decided whether it must be restored. Either Kyverno or its policy ${gatePolicy} is not ` +
    `there, or its webhook skips this namespace: look at: ${lookAtKyverno}. Argo CD tries again. Or another admission webhook set the label after the ` +
    `gate had looked: write the label into the manifest, or give that webhook a name that sorts before "kyverno".`,
  unknown: (pvc: string, reason: string): string =>
    `PVC ${pvc} is not created, because nobody can tell whether a backup of it exists, and an empty volume must not take its place: ` +
    `${reason}. Argo CD tries again. Look at: kubectl logs -n ${plumber.namespace} -l app.kubernetes.io/name=${plumber.name}. ` +
    `If it must be created now, ${skip}.`,
  earlierPvc: (pvc: string, reason: string): string =>
    `PVC ${pvc} is not created yet: ${reason}. Kubernetes removes them within seconds, and what is made for the new PVC would go with them. Argo CD tries ` +
    `again. If an ExternalSecret stays, look whether External Secrets is running: it has to take its finalizer off. If another one stays, see what ` +
    `kubectl get -o yaml says under finalizers.`,
  otherCreation: (pvc: string, decidedAt: string, minutes: number): string =>
    `PVC ${pvc} carries the decision of another creation, from ${decidedAt}: the manifest was exported from a cluster, and the backup gate was not there to ` +
    `decide again. Remove the annotations ${annotation.decision} and ${annotation.decidedAt}, and look at: ${lookAtKyverno}. If the gate did decide, ` +
    `the clocks of its node and of the API server are more than ${minutes} minutes apart.`,
  foreignSource: (pvc: string): string =>
    `PVC ${pvc} has a backup, but its own dataSource or dataSourceRef would fill it with something else. Remove that to get the backup back, ` +
    `or ${skip}.`,
  staleSource: (pvc: string, name: string): string =>
    `PVC ${pvc} points to ${name}, the restore of an earlier PVC of this name, but nothing is to be restored now, and it would wait for ever. Remove ` +
    `spec.dataSource and spec.dataSourceRef from the manifest.`,
  noSkipReason: (pvc: string): string =>
    `PVC ${pvc} asks to skip the restore, but does not say why. Set the annotation ${annotation.skipRestoreReason}, so that whoever finds the ` +
    `line in Git next year knows whether to remove it; as long as it stands there, nothing is ever restored.`,
} as const;

export type Refusal = keyof typeof refusalMessages;
