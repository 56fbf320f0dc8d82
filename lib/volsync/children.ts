import {
  KopiaMaintenance,
  KopiaMaintenanceSpecCacheCapacity,
  ReplicationDestination,
  ReplicationDestinationSpecKopiaCapacity,
  ReplicationDestinationSpecKopiaCopyMethod,
  ReplicationSource,
  ReplicationSourceSpecKopiaCacheCapacity,
  ReplicationSourceSpecKopiaCopyMethod,
  type ReplicationSourceSpecKopiaMoverSecurityContext,
} from '../../imports/volsync.backube';
import { childMetadata } from '../gitops/child';
import type { KubernetesObject } from '../gitops/manifest';
import { kopiaIdentity, podLabel, secretName, sourceName } from '../model/naming';
import type { PvcValues } from '../model/pvc-values';
import { withMinute } from '../model/schedule';
import { completeRetention, type Tier } from '../model/tier';

export interface MoverOptions {
  readonly snapshotClass: string;
}

export interface SourceOptions extends MoverOptions {
  /** Size limit of Kopia's cache, an emptyDir of the mover Pod. */
  readonly cacheCapacity: string;
  readonly tier: Tier;
  /** Take the PVC's own minute in place of the schedule's. */
  readonly spread: boolean;
}

/**
 * The backup of a PVC. VolSync makes the first one at once, whatever the schedule; it waits until the PVC is bound, so that a PVC in the
 * middle of a restore is not backed up half-full.
 */
export function replicationSource(pvc: PvcValues, options: SourceOptions): KubernetesObject {
  const { tier } = options;
  return ReplicationSource.manifest({
    metadata: childMetadata(sourceName(pvc), pvc),
    spec: {
      sourcePvc: pvc.name,
      // A manual trigger beside it would win, and the schedule would never run.
      trigger: { schedule: options.spread ? withMinute(tier.schedule, pvc.minute) : tier.schedule },
      kopia: {
        repository: secretName(pvc),
        ...kopiaIdentity(pvc),
        copyMethod: ReplicationSourceSpecKopiaCopyMethod.SNAPSHOT,
        volumeSnapshotClassName: options.snapshotClass,
        compression: 'zstd',
        parallelism: 2,
        retain: completeRetention(tier.retention),
        cacheCapacity: ReplicationSourceSpecKopiaCacheCapacity.fromString(options.cacheCapacity),
        moverPodLabels: moverPodLabels('backup', pvc),
        // Always: with a group of its own the root of a volume says nothing about the files in it, and one that can't be read ends the backup.
        moverSecurityContext: moverSecurityContext(pvc, 'Always'),
      },
    },
  }) as KubernetesObject;
}

/**
 * One restore. Its name belongs to one creation of the PVC (VolSync's populator takes whatever image a destination of that name already has),
 * and the temporary PVC stays: on Longhorn a snapshot dies with the volume that it was taken of.
 *
 * It has no `cacheCapacity`: VolSync (fork v0.17.11) would remember cache limits when the restore is done, change the Job for them, and run the restore
 * again. Without it the cache is an emptyDir of at most 8Gi, and Kopia keeps to 5 GB of it. And it deletes no files: the volume is new.
 */
export function replicationDestination(pvc: PvcValues, options: MoverOptions): KubernetesObject {
  return ReplicationDestination.manifest({
    metadata: childMetadata(pvc.restoreName, pvc),
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
        volumeSnapshotClassName: options.snapshotClass,
        cleanupTempPvc: false,
        // The generated class wants a Date, and the value is an expression.
        restoreAsOf: { toISOString: () => pvc.restoreAsOf } as Date,
        previous: pvc.restorePrevious as number,
        moverPodLabels: moverPodLabels('restore', pvc),
        moverSecurityContext: moverSecurityContext(pvc, 'OnRootMismatch'),
      },
    },
  }) as KubernetesObject;
}

export interface MaintenanceOptions {
  /** Hour of the day, UTC; the minute is the PVC's own. */
  readonly hour: number;
  readonly cacheCapacity: string;
}

/**
 * Daily maintenance of the PVC's repository, with the movers' own Secret. A ReplicationSource never runs it; without it, expired snapshots
 * free no space and the index grows until every listing is slow.
 */
export function kopiaMaintenance(pvc: PvcValues, options: MaintenanceOptions): KubernetesObject {
  return KopiaMaintenance.manifest({
    metadata: childMetadata(pvc.maintenanceName, pvc),
    spec: {
      repository: { repository: secretName(pvc) },
      trigger: { schedule: `${pvc.minute} ${options.hour} * * *` },
      cacheCapacity: KopiaMaintenanceSpecCacheCapacity.fromString(options.cacheCapacity),
      // It touches only the repository, never a volume, so the site's mover identity does not matter. VolSync's default lacks the seccomp profile.
      podSecurityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    },
  }) as KubernetesObject;
}

/** What the mover policy acts on, see {@link podLabel}. */
function moverPodLabels(task: 'backup' | 'restore', pvc: PvcValues): Record<string, string> {
  return { [podLabel.mover]: task, [podLabel.owners]: pvc.owners };
}

function moverSecurityContext(pvc: PvcValues, fsGroupChangePolicy: 'Always' | 'OnRootMismatch'): ReplicationSourceSpecKopiaMoverSecurityContext {
  // The casts: an expression becomes a number or a boolean when Kyverno substitutes it.
  return {
    runAsUser: pvc.runAsUser as number,
    runAsGroup: pvc.runAsGroup as number,
    fsGroup: pvc.fsGroup as number,
    fsGroupChangePolicy,
    runAsNonRoot: pvc.runAsNonRoot as boolean,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}
