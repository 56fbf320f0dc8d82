import { backupLabel, namespace, sourceName } from '../../model/naming';
import type { BackupTier } from '../../model/tier';
import type { AlertGroup } from '../alert';
import { byPvc, labelledPvcs, openRestores, pvcLabels, tierLabel, unreachable } from '../promql';
import { volsyncJob } from '../service-monitors';

const object = 'obj_namespace, obj_name';
const named = '{{ $labels.obj_namespace }}/{{ $labels.obj_name }}';

/** How long a new PVC may take to be restored and backed up for the first time, in seconds. After that VolSync's word counts. */
const firstBackupGrace = 2 * 3600;

/** New sources that never had a backup, with the labels of VolSync's series. */
const beforeFirstBackup = Object.entries({ obj_namespace: 'namespace', obj_name: 'name' }).reduce(
  (series, [to, from]) => `label_replace(${series}, "${to}", "$1", "${from}", "(.+)")`,
  `max by (namespace, name) (kube_replicationsource_created) > time() - ${firstBackupGrace} unless max by (namespace, name) (kube_replicationsource_last_sync_time)`,
);

/** The sources of a tier's PVCs, with the labels of VolSync's series and the tier. */
function sourcesOf(tier: string): string {
  const inNamespace = `label_replace(${labelledPvcs([tier])}, "obj_namespace", "$1", "namespace", "(.+)")`;
  return `max by (${object}, ${tierLabel}) (label_replace(${inNamespace}, "obj_name", "${sourceName({ namespace: '', name: '$1' })}", "persistentvolumeclaim", "(.+)"))`;
}

/** How long the backups took that ended in the last two hours, on average in seconds. */
const duration =
  `sum by (${object}) (increase(volsync_sync_duration_seconds_sum{role="source"}[2h])) / ` +
  `(sum by (${object}) (increase(volsync_sync_duration_seconds_count{role="source"}[2h])) > 0)`;

/** Backups of a tier that take longer than it waits for. */
function slowBackups(tier: BackupTier): string {
  return `(${duration}) * on (${object}) group_left (${tierLabel}) ${sourcesOf(tier.label.toString())} > ${tier.patienceSeconds}`;
}

/**
 * What VolSync says about its own work, and restores that do not end.
 *
 * VolSync's gauge is 1 for every source until its first backup ends and for every destination until its restore ends, hence the role and the
 * grace. Its missed-intervals counter moves when a late backup finally ends. Its duration is a summary whose quantiles linger for a day,
 * so the mean of the last two hours is taken. Its series of a deleted object stay until it restarts; so restores are read from the objects.
 */
export function volsyncAlerts(tiers: readonly BackupTier[]): AlertGroup {
  return {
    name: 'volsync.backup',
    alerts: [
      {
        name: 'VolSyncControllerDown',
        severity: 'critical',
        expr: unreachable(volsyncJob, namespace.volsync),
        for: '10m',
        summary: 'The VolSync controller is down: it makes no backups and no restores.',
        description: `Prometheus has not reached any VolSync controller in ${namespace.volsync} for 10 minutes.`,
      },
      {
        name: 'VolSyncVolumeOutOfSync',
        severity: 'critical',
        expr: `max by (${object}) (volsync_volume_out_of_sync{role="source"}) == 1 unless on (${object}) ${beforeFirstBackup}`,
        for: '30m',
        summary: 'A backup failed or never completed.',
        description: `ReplicationSource ${named} made no backup within the time of its schedule.`,
      },
      {
        name: 'VolSyncMissedScheduledBackup',
        severity: 'warning',
        expr: `sum by (${object}) (increase(volsync_missed_intervals_total{role="source"}[1h])) > 0`,
        for: '5m',
        summary: 'A scheduled backup was skipped.',
        description: `ReplicationSource ${named} was still busy when its next backup was due.`,
      },
      {
        name: 'VolSyncDurationTooLong',
        severity: 'warning',
        expr: tiers.map(slowBackups).join(' or '),
        for: '5m',
        summary: 'A backup takes longer than its tier allows.',
        description: `Backups of ${named} (${backupLabel}={{ $labels.${tierLabel} }}) took {{ $value | humanizeDuration }} on average in the last two hours.`,
      },
      {
        name: 'PvcRestoreStuck',
        severity: 'critical',
        expr:
          `(${byPvc('kube_persistentvolumeclaim_annotations{annotation_volsync_backup_decision="restore"}')} and on (${pvcLabels}) ` +
          `${byPvc('kube_persistentvolumeclaim_status_phase{phase="Pending"}')} == 1) or ` +
          `(${openRestores})`,
        for: '30m',
        summary: 'A restore does not complete, and the application waits for its data.',
        description:
          'PVC {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has a backup, but its restore has not completed for half an hour.',
      },
    ],
  };
}
