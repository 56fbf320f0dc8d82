import { annotation, backupLabel, repairer } from '../../model/naming';
import type { OptIn } from '../../model/opt-in';
import type { BackupTier } from '../../model/tier';
import type { Alert, AlertGroup } from '../alert';
import { anyOf, byPvc, labelledPvcs, lastBackup, pendingPvcs, pvcLabels, pvcsWithOwn, pvcsWithOwnSource, tierLabel, unlabelledPvcs } from '../promql';

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

/** Labelled PVCs that no ReplicationSource of their own backs up. */
export function unprotectedPvcs(labels: readonly string[]): string {
  return `${labelledPvcs(labels)} unless on (${pvcLabels}) (${pvcsWithOwnSource})`;
}

/** Labelled PVCs that lack a resource of their own, with its kind in the label `missing`. */
function incompletePvcs(labels: readonly string[]): string {
  const kinds = { ExternalSecret: 'kube_externalsecret_created', KopiaMaintenance: 'kube_kopiamaintenance_created' };
  const lacking = (created: string): string => `${labelledPvcs(labels)} unless on (${pvcLabels}) (${pvcsWithOwn(created)})`;
  return Object.entries(kinds)
    .map(([kind, created]) => `label_replace(${lacking(created)}, "missing", "${kind}", "", "")`)
    .join(' or ');
}

/** Volumes that any PVC could be bound to, of a class that labelled PVCs have. */
function looseVolumes(labels: readonly string[]): string {
  const available = `max by (persistentvolume) (kube_persistentvolume_status_phase{phase="Available"}) == 1`;
  const classes = `max by (storageclass) (kube_persistentvolumeclaim_info and on (${pvcLabels}) ${labelledPvcs(labels)})`;
  return `max by (persistentvolume, storageclass) (kube_persistentvolume_info) and on (persistentvolume) (${available}) and on (storageclass) ${classes}`;
}

const pvc = '{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }}';

/** Whether each labelled PVC is protected, read from the objects: VolSync can't complain about a backup that was never made. */
export function coverageAlerts(tiers: readonly BackupTier[], optIn: readonly OptIn[]): AlertGroup {
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
        description: `PVC ${pvc} has ${backupLabel}={{ $labels.${tierLabel} }}, but no ReplicationSource of its own backs it up into its repository.`,
      },
      {
        name: 'PvcResourceMissing',
        severity: 'critical',
        expr: incompletePvcs(labels),
        for: '5m',
        summary: 'A resource that is generated for a labelled PVC is missing, or one of its name is not its own.',
        description: `PVC ${pvc} has no {{ $labels.missing }} of its own. Where another stands in its place, the log of ${repairer.name} says which.`,
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
      labelUnknown(labels, optIn),
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

/** A label that is none of a tier; and none at all on a PVC that the site names, which whoever named it believes to be backed up. */
function labelUnknown(labels: readonly string[], optIn: readonly OptIn[]): Alert {
  const other = `max by (${pvcLabels}, ${tierLabel}) (kube_persistentvolumeclaim_labels{${tierLabel}!="", ${tierLabel}!~"${anyOf(labels)}"})`;
  const orNone = optIn.length === 0 ? '' : ', or none, and optIn in main.ts names it';
  return {
    name: 'PvcBackupLabelUnknown',
    severity: 'warning',
    expr: [other, ...optIn.map(unlabelledPvcs)].join(' or '),
    for: '5m',
    summary: 'A PVC has a backup label that is not a tier, so it is not backed up.',
    description: `PVC ${pvc} has ${backupLabel}={{ $labels.${tierLabel} }}${orNone}; tiers are ${labels.join(', ')}.`,
  };
}
