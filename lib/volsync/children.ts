import {
  KopiaMaintenance,
  KopiaMaintenanceSpecCacheCapacity,
  ReplicationDestination,
  ReplicationDestinationSpecKopiaCacheCapacity,
  ReplicationDestinationSpecKopiaCapacity,
  ReplicationDestinationSpecKopiaCopyMethod,
  ReplicationSource,
  ReplicationSourceSpecKopiaCacheCapacity,
  ReplicationSourceSpecKopiaCopyMethod,
  type ReplicationSourceSpecKopiaMoverSecurityContext,
} from '../../imports/volsync.backube';
import { childMetadata } from '../gitops/child';
import type { KubernetesObject } from '../gitops/manifest';
import { kopiaIdentity, secretName, sourceName } from '../model/naming';
import type { PvcValues } from '../model/pvc-values';
import { withMinute } from '../model/schedule';
import { completeRetention, type Tier } from '../model/tier';

export interface MoverOptions {
  readonly snapshotClass: string;
  /** Size limit of Kopia's cache, an emptyDir of the mover Pod. */
  readonly cacheCapacity: string;
}

export interface SourceOptions extends MoverOptions {
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
        moverSecurityContext: moverSecurityContext(pvc),
      },
    },
  }) as KubernetesObject;
}

/**
 * One restore. Its name belongs to one creation of the PVC (VolSync's populator takes whatever image a destination of that name already has),
 * and the temporary PVC stays: on Longhorn a snapshot dies with the volume that it was taken of.
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
        cacheCapacity: ReplicationDestinationSpecKopiaCacheCapacity.fromString(options.cacheCapacity),
        cleanupTempPvc: false,
        enableFileDeletion: true,
        moverSecurityContext: moverSecurityContext(pvc),
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

function moverSecurityContext(pvc: PvcValues): ReplicationSourceSpecKopiaMoverSecurityContext {
  // The casts: an expression becomes a number or a boolean when Kyverno substitutes it.
  return {
    runAsUser: pvc.runAsUser as number,
    runAsGroup: pvc.runAsGroup as number,
    fsGroup: pvc.fsGroup as number,
    fsGroupChangePolicy: 'OnRootMismatch',
    runAsNonRoot: pvc.runAsNonRoot as boolean,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}
