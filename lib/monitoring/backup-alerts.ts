import { backupLabel, plumber } from '../model/naming';
import type { AlertGroup } from './alert';
import { plumberJob, volsyncJob } from './service-monitors';

export interface BackupAlertOptions {
  /** Label values of the tiers. */
  readonly labels: readonly string[];
}

/**
 * The spec's alerts, and one for labels that protect nothing.
 *
 * VolSync's gauge is 1 for every source until its first backup ends and for every destination until its restore ends, hence the role and the
 * half hour. Its missed-intervals counter moves when a late backup finally ends. Its duration is a summary whose quantiles linger for a day,
 * so the mean of the last two hours is taken.
 */
export function backupAlerts({ labels }: BackupAlertOptions): AlertGroup[] {
  const label = `label_${backupLabel}`;
  return [
    {
      name: 'volsync.backup',
      alerts: [
        {
          name: 'VolSyncControllerDown',
          severity: 'critical',
          expr: `absent(up{job="${volsyncJob}", namespace="${plumber.namespace}"} == 1)`,
          for: '10m',
          summary: 'The VolSync controller is not there: nothing is backed up and nothing is restored.',
          description: `Prometheus has not reached any VolSync controller in ${plumber.namespace} for 10 minutes.`,
        },
        {
          name: 'VolSyncVolumeOutOfSync',
          severity: 'critical',
          expr: 'max by (obj_namespace, obj_name) (volsync_volume_out_of_sync{role="source"}) == 1',
          for: '30m',
          summary: 'A backup failed, or was never completed.',
          description: 'ReplicationSource {{ $labels.obj_namespace }}/{{ $labels.obj_name }} has no backup in the time that its schedule promises.',
        },
        {
          name: 'VolSyncMissedScheduledBackup',
          severity: 'warning',
          expr: 'sum by (obj_namespace, obj_name) (increase(volsync_missed_intervals_total{role="source"}[1h])) > 0',
          for: '5m',
          summary: 'A scheduled backup was skipped.',
          description: 'ReplicationSource {{ $labels.obj_namespace }}/{{ $labels.obj_name }} was still busy when its next backup was due.',
        },
        {
          name: 'VolSyncDurationTooLong',
          severity: 'warning',
          expr:
            'sum by (obj_namespace, obj_name) (increase(volsync_sync_duration_seconds_sum{role="source"}[2h])) / ' +
            '(sum by (obj_namespace, obj_name) (increase(volsync_sync_duration_seconds_count{role="source"}[2h])) > 0) > 3600',
          for: '5m',
          summary: 'A backup takes more than an hour.',
          description:
            'Backups of {{ $labels.obj_namespace }}/{{ $labels.obj_name }} took {{ $value | humanizeDuration }} on average in the last two hours.',
        },
      ],
    },
    {
      name: 'pvc-plumber.health',
      alerts: [
        {
          name: 'PvcPlumberDown',
          severity: 'critical',
          expr: `absent(up{job="${plumberJob}", namespace="${plumber.namespace}"} == 1)`,
          for: '5m',
          summary: 'pvc-plumber is not there: no labelled PVC can be created.',
          description: `Prometheus has not reached any pvc-plumber in ${plumber.namespace} for 5 minutes. Labelled PVCs are refused until it answers.`,
        },
      ],
    },
    {
      name: 'backup.coverage',
      alerts: [
        {
          name: 'PvcBackupLabelUnknown',
          severity: 'warning',
          expr: `kube_persistentvolumeclaim_labels{${label}!="", ${label}!~"${labels.join('|')}"}`,
          for: '5m',
          summary: 'A PVC carries a backup label that no tier knows: it is not backed up.',
          description: `PVC {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has ${backupLabel}={{ $labels.${label} }}; tiers are ${labels.join(', ')}.`,
        },
      ],
    },
  ];
}
