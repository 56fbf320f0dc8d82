import { namespace } from './cluster';
import { all, appear, become, gone, is, pvc, type Fault } from './fault';
import { foreignFaults } from './foreign-faults';
import { series } from './series';

const source = { obj_namespace: namespace, obj_name: 'photos-backup' };
const daily = { obj_namespace: namespace, obj_name: 'archive-backup' };
const core = { ...source, role: 'source' };
const hour = 60;

/** What goes wrong with the backups and restores of PVCs. */
export const backupFaults: readonly Fault[] = [
  {
    alert: 'VolSyncControllerDown',
    when: 'the controller does not answer',
    labels: {},
    after: 10,
    change: become(is('up', { job: 'volsync-metrics' }), 0),
  },
  {
    alert: 'VolSyncControllerDown',
    when: 'nobody scrapes the controller',
    labels: {},
    after: 10,
    change: gone('up', { job: 'volsync-metrics' }),
  },
  {
    alert: 'VolSyncVolumeOutOfSync',
    when: 'a backup misses its deadline',
    labels: source,
    after: 30,
    later: 'the deadline is the second-next slot of the schedule already; half an hour more lets a late backup end',
    change: become(is('volsync_volume_out_of_sync', core), 1),
  },
  {
    alert: 'VolSyncMissedScheduledBackup',
    when: 'a backup ends after the next one was due',
    labels: source,
    after: 6,
    change: become(is('volsync_missed_intervals_total', core), 1),
  },
  {
    alert: 'VolSyncDurationTooLong',
    when: 'an hourly backup took an hour and a half',
    labels: { ...source, label_backup: 'hourly' },
    after: 6,
    change: all(
      become(is('volsync_sync_duration_seconds_sum', core), (_, before) => before! + 12 * 3600),
      become(is('volsync_sync_duration_seconds_count', core), (_, before) => before! + 1),
    ),
  },
  {
    alert: 'VolSyncDurationTooLong',
    when: 'a daily backup took seven hours',
    labels: { ...daily, label_backup: 'daily' },
    after: 6,
    change: all(
      become(is('volsync_sync_duration_seconds_sum', { ...daily, role: 'source' }), (_, before) => before! + 7 * 3600),
      become(is('volsync_sync_duration_seconds_count', { ...daily, role: 'source' }), (_, before) => before! + 1),
    ),
  },
  {
    alert: 'PvcRestoreStuck',
    when: 'a PVC with a backup stays Pending',
    labels: pvc('mail'),
    after: 30,
    later: 'a restore takes its time, and the clock starts at its beginning',
    change: all(
      become(is('kube_persistentvolumeclaim_status_phase', pvc('mail', { phase: 'Pending' })), 1),
      become(is('kube_persistentvolumeclaim_status_phase', pvc('mail', { phase: 'Bound' })), 0),
    ),
  },
  {
    alert: 'PvcRestoreStuck',
    when: "a restore restored nothing: VolSync's word for it is refused, and the annotation is not exported",
    labels: pvc('mail'),
    after: 30,
    later: 'as above',
    change: all(gone('kube_replicationdestination_last_sync_time'), gone('kube_persistentvolumeclaim_annotations')),
  },
  {
    alert: 'PvcWithoutReplicationSource',
    when: 'a ReplicationSource is deleted',
    labels: pvc('photos', { label_backup: 'hourly' }),
    after: 5,
    change: gone(/^kube_replicationsource_/, pvc('photos')),
  },
  {
    alert: 'PvcWithoutReplicationSource',
    when: 'the ReplicationSources are not exported at all',
    labels: pvc('archive', { label_backup: 'daily' }),
    after: 5,
    change: gone(/^kube_replicationsource_/),
  },
  ...foreignFaults,
  {
    alert: 'PvcBackupStale',
    when: 'hourly backups stop',
    labels: pvc('photos', { label_backup: 'hourly' }),
    after: 76 + 30,
    later: 'the last backup, at 00:06, is stale after two hours, and half an hour more lets one end that runs',
    change: become(is('kube_replicationsource_last_sync_time', pvc('photos')), (_, before) => before),
  },
  {
    alert: 'PvcBackupStale',
    when: 'daily backups stop',
    labels: pvc('archive', { label_backup: 'daily' }),
    after: 8 * hour + 30,
    later: 'the last backup, at 02:50 of the day before, is stale after 30 hours',
    change: become(is('kube_replicationsource_last_sync_time', pvc('archive')), (_, before) => before),
  },
  {
    alert: 'PvcBackupStale',
    when: 'a PVC never had a backup, and nothing is known of its source',
    labels: pvc('photos', { label_backup: 'hourly' }),
    after: 30,
    later: 'half an hour lets the first backup after a long restore end',
    change: gone(/^kube_replicationsource_/, pvc('photos')),
  },
  {
    alert: 'PvcBackupPaused',
    when: 'somebody pauses the backups of a PVC',
    labels: pvc('photos'),
    after: 60,
    later: 'it is paused for a while when a volume is worked on',
    change: appear(series('kube_replicationsource_paused', pvc('photos', { name: 'photos-backup', repository: 'volsync-photos' }), 1)),
  },
  {
    alert: 'LooseVolume',
    when: 'the claimRef of a retained volume was removed before the policy came',
    labels: { persistentvolume: 'leftover', storageclass: 'longhorn' },
    after: 5,
    change: appear(
      series('kube_persistentvolume_info', { persistentvolume: 'leftover', storageclass: 'longhorn' }, 1),
      series('kube_persistentvolume_status_phase', { persistentvolume: 'leftover', phase: 'Available' }, 1),
    ),
  },
  {
    alert: 'PvcBackupLabelUnknown',
    when: 'a PVC is labelled weekly',
    labels: pvc('scratch', { label_backup: 'weekly' }),
    after: 5,
    change: all(
      gone('kube_persistentvolumeclaim_labels', pvc('scratch')),
      appear(series('kube_persistentvolumeclaim_labels', pvc('scratch', { label_backup: 'weekly' }), 1)),
    ),
  },
  {
    alert: 'PvcSkipRestoreForgotten',
    when: 'skip-restore stands on a PVC that is more than a day old',
    labels: pvc('photos'),
    after: 60,
    later: 'it is written before a PVC is deleted and created again, which is right and takes a while',
    change: appear(series('kube_persistentvolumeclaim_annotations', pvc('photos', { annotation_volsync_backup_skip_restore: 'true' }), 1)),
  },
];
