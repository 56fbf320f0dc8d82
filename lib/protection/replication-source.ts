import { ReplicationSource, ReplicationSourceSpecKopiaCacheCapacity, ReplicationSourceSpecKopiaCopyMethod } from '../../imports/volsync.backube';
import type { KubernetesObject } from '../gitops/manifest';
import { kopiaIdentity, secretName, sourceName } from '../model/naming';
import type { Size } from '../model/size';
import type { BackupTier } from '../model/tier';
import { moverPodLabels, type moverResources, moverSecurityContext } from './mover-pod';
import { ownedByPvc } from './owned-by-pvc';
import type { PvcValues } from './pvc-values';

export interface ReplicationSourceOptions {
  readonly tier: BackupTier;
  /** Take the PVC's own minute in place of the schedule's. */
  readonly spreadSchedules: boolean;
  /** Size limit of Kopia's cache, an emptyDir of the mover Pod. */
  readonly cacheCapacity: Size;
  /** Resources of the mover. @default none */
  readonly resources?: ReturnType<typeof moverResources>;
}

/**
 * The backup of a PVC. VolSync makes the first one at once, whatever the schedule; it waits until the PVC is bound, so that a PVC in the
 * middle of a restore is not backed up half-full.
 */
export function replicationSource(pvc: PvcValues, options: ReplicationSourceOptions): KubernetesObject {
  const { tier } = options;
  return ReplicationSource.manifest({
    metadata: ownedByPvc(sourceName(pvc), pvc),
    spec: {
      sourcePvc: pvc.name,
      // A manual trigger beside it would win, and the schedule would never run.
      trigger: { schedule: options.spreadSchedules ? tier.schedule.withMinute(pvc.minute) : tier.schedule.toString() },
      kopia: {
        repository: secretName(pvc),
        ...kopiaIdentity(pvc),
        copyMethod: ReplicationSourceSpecKopiaCopyMethod.SNAPSHOT,
        volumeSnapshotClassName: pvc.snapshotClass,
        compression: 'zstd',
        parallelism: 2,
        retain: tier.retention,
        cacheCapacity: ReplicationSourceSpecKopiaCacheCapacity.fromString(options.cacheCapacity.toString()),
        ...(options.resources === undefined ? {} : { moverResources: options.resources }),
        moverPodLabels: moverPodLabels('backup', pvc),
        // Always: with a group of its own the root of a volume says nothing about the files in it, and one that can't be read ends the backup.
        moverSecurityContext: moverSecurityContext(pvc, 'Always'),
      },
    },
  }) as KubernetesObject;
}
