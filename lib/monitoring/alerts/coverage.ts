import { annotation, backupLabel } from '../../model/naming';
import type { BackupTier } from '../../model/tier';
import type { AlertGroup } from '../alert';
import { anyOf, byPvc, labelledPvcs, lastBackup, pendingPvcs, pvcLabels, tierLabel } from '../promql';

/** Age in seconds from which the newest backup of a tier is stale: the longest step of its schedule, and the patience of the tier. */
export function staleAfterSeconds({ schedule, patienceSeconds }: BackupTier): number {
  return schedule.longestGapSeconds + patienceSeconds;
}

/** PVCs of a tier whose newest backup is stale, with its age in seconds. */
export function stalePvcs(tier: BackupTier): string {
  return (
    `((time() - (${lastBackup})) * on (${pvcLabels}) group_right () ${labelledPvcs([tier.label.toString()])} > ${staleAfterSeconds(tier)}) ` +
    `unless on (${pvcLabels}) (${pendingPvcs})`
  );
}

/** Labelled PVCs that nothing backs up. */
export function unprotectedPvcs(labels: readonly string[]): string {
  return `${labelledPvcs(labels)} unless on (${pvcLabels}) ${byPvc('kube_replicationsource_created{repository!=""}')}`;
}

/** Volumes that any PVC could be bound to, of a class that labelled PVCs have. */
function looseVolumes(labels: readonly string[]): string {
  const available = `max by (persistentvolume) (kube_persistentvolume_status_phase{phase="Available"}) == 1`;
  const classes = `max by (storageclass) (kube_persistentvolumeclaim_info and on (${pvcLabels}) ${labelledPvcs(labels)})`;
  return `max by (persistentvolume, storageclass) (kube_persistentvolume_info) and on (persistentvolume) (${available}) and on (storageclass) ${classes}`;
}

const pvc = '{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }}';

/** Whether each labelled PVC is protected, read from the objects: VolSync can't complain about a backup that was never made. */
export function coverageAlerts(tiers: readonly BackupTier[]): AlertGroup {
  const labels = tiers.map(({ label }) => label.toString());
  return {
    name: 'backup.coverage',
    alerts: [
      {
        name: 'PvcWithoutReplicationSource',
        severity: 'critical',
        expr: unprotectedPvcs(labels),
        for: '5m',
        summary: 'A PVC has a backup label, but nothing backs it up.',
        description: `PVC ${pvc} has ${backupLabel}={{ $labels.${tierLabel} }}, but no ReplicationSource backs it up.`,
      },
      {
        name: 'PvcBackupStale',
        severity: 'critical',
        expr: tiers.map((tier) => stalePvcs(tier)).join(' or '),
        for: '30m',
        summary: 'The newest backup of a PVC is older than its tier promises.',
        description: `PVC ${pvc} (${backupLabel}={{ $labels.${tierLabel} }}) had its last backup, or its creation, {{ $value | humanizeDuration }} ago.`,
      },
      {
        name: 'PvcBackupPaused',
        severity: 'warning',
        expr: `${byPvc('kube_replicationsource_paused{repository!=""} == 1')} and on (${pvcLabels}) ${labelledPvcs(labels)}`,
        for: '1h',
        summary: 'Somebody paused the backups of a PVC, and VolSync counts that as a success.',
        description: `The ReplicationSource of PVC ${pvc} has spec.paused.`,
      },
      {
        name: 'LooseVolume',
        severity: 'critical',
        expr: looseVolumes(labels),
        for: '5m',
        summary: 'A volume that no claim owns would take the place of the next restore.',
        description:
          'PersistentVolume {{ $labels.persistentvolume }} of class {{ $labels.storageclass }} is Available: Kubernetes binds the next PVC of this class to it.',
      },
      {
        name: 'PvcBackupLabelUnknown',
        severity: 'warning',
        expr: `max by (${pvcLabels}, ${tierLabel}) (kube_persistentvolumeclaim_labels{${tierLabel}!="", ${tierLabel}!~"${anyOf(labels)}"})`,
        for: '5m',
        summary: 'A PVC has a backup label that is not a tier, so it is not backed up.',
        description: `PVC ${pvc} has ${backupLabel}={{ $labels.${tierLabel} }}; tiers are ${labels.join(', ')}.`,
      },
      {
        name: 'PvcSkipRestoreForgotten',
        severity: 'warning',
        expr:
          `${byPvc('kube_persistentvolumeclaim_annotations{annotation_volsync_backup_skip_restore="true"}')} and on (${pvcLabels}) ` +
          `time() - ${byPvc('kube_persistentvolumeclaim_created')} > 86400`,
        for: '1h',
        summary: 'A PVC still skips its restore: after a disaster it would come back empty.',
        description: `PVC ${pvc} is more than a day old and still has ${annotation.skipRestore}.`,
      },
    ],
  };
}
