import {
  ReplicationDestination,
  ReplicationDestinationSpecKopiaCapacity,
  ReplicationDestinationSpecKopiaCopyMethod,
} from '../../imports/volsync.backube';
import type { KubernetesObject } from '../gitops/manifest';
import { kopiaIdentity, secretName } from '../model/naming';
import { moverPodLabels, type moverResources, moverSecurityContext } from './mover-pod';
import { ownedByPvc } from './owned-by-pvc';
import type { PvcValues } from './pvc-values';

export interface ReplicationDestinationOptions {
  /** A snapshot stays usable when its volume is deleted. */
  readonly outliveVolumes: boolean;
  /** Resources of the mover. @default none */
  readonly resources?: ReturnType<typeof moverResources>;
}

/**
 * One restore. Its name belongs to one creation of the PVC (VolSync's populator takes whatever image a destination of that name already has),
 * and the temporary PVC stays where a snapshot dies with the volume that it was taken of, as on Longhorn.
 *
 * It has no `cacheCapacity`: VolSync (fork v0.17.11) would remember cache limits when the restore is done, change the Job for them, and run the restore
 * again. Without it the cache is an emptyDir of at most 8Gi, and Kopia keeps to 5 GB of it. And it deletes no files: the volume is new.
 */
export function replicationDestination(pvc: PvcValues, { outliveVolumes, resources }: ReplicationDestinationOptions): KubernetesObject {
  return ReplicationDestination.manifest({
    metadata: ownedByPvc(pvc.restoreName, pvc),
    spec: {
      trigger: { manual: pvc.uid },
      kopia: {
        repository: secretName(pvc),
        ...kopiaIdentity(pvc),
        copyMethod: ReplicationDestinationSpecKopiaCopyMethod.SNAPSHOT,
        // Same size as the PVC: Longhorn restores a snapshot only to its own size.
        capacity: ReplicationDestinationSpecKopiaCapacity.fromString(pvc.storage),
        accessModes: [pvc.accessMode],
        storageClassName: pvc.storageClass,
        volumeSnapshotClassName: pvc.snapshotClass,
        cleanupTempPvc: outliveVolumes,
        // The generated class wants a Date, and the value is an expression.
        restoreAsOf: { toISOString: () => pvc.restoreAsOf } as Date,
        previous: pvc.restorePrevious as number,
        ...(resources === undefined ? {} : { moverResources: resources }),
        moverPodLabels: moverPodLabels('restore', pvc),
        moverSecurityContext: moverSecurityContext(pvc, 'OnRootMismatch'),
      },
    },
  }) as KubernetesObject;
}
