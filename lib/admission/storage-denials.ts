import { put } from './api-server/cel';
import type { Denial } from './denial';
import { cel } from './predicate';
import { pvcInMessage as pvc } from './requested-pvc';

/** The class of the PVC, as the cluster has it: each StorageClass in turn is the parameter. `variables.drivers` and `variables.classes` are those that the site can cut snapshots of. */
export const noSnapshots = {
  id: 'noSnapshots',
  when: cel(
    `params.metadata.name == object.spec.?storageClassName.orValue('') && !(params.provisioner in variables.drivers) && !(params.metadata.name in variables.classes)`,
  ),
  problem:
    `PVC ${pvc} can't be backed up: its StorageClass ${put('params.metadata.name')} is of the driver ${put('params.provisioner')}, and this site has no ` +
    `VolumeSnapshotClass for it, only for ${put(`(variables.drivers + variables.classes).join(', ')`)}.`,
  remedy: 'Change the StorageClass, or remove the label.',
} as const satisfies Denial;
