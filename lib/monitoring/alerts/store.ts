import type { AlertGroup } from '../alert';
import { byPvc, labelledPvcs, pvcLabels } from '../promql';

/** How old a success must be, in seconds, before it is compared with the store: a scan an hour, one that failed, and the time that both take. */
const settled = 2 * 3600;

/** How much older than its success the newest object of a backup may be, in seconds: work after the upload, and the clocks of two machines. Less than an hour, the shortest common schedule. */
const slack = 2700;

/** Share of the data whose loss within a day is told. Expired backups and maintenance take less in a day, unless somebody deleted a large part of the files months ago. */
const lostShare = 0.3;

/** Bytes below which a share means nothing: the expiry of one backup can be a third of them. */
const leastBytes = 10_000_000;

/** Seconds without a complete scan: three, by the interval of pvc-plumber's SCAN_INTERVAL_MS. */
const scanOverdue = 3 * 3600;

const lastScan = 'max(pvc_plumber_scan_timestamp_seconds)';
const restorable = `${byPvc('pvc_plumber_backup_restorable')} == 1`;
const dataBytes = 'pvc_plumber_backup_data_bytes';
const mostOfADay = `max_over_time(${dataBytes}[1d])`;

/** Successes of labelled PVCs that were known two hours ago, and that the last scan began after. The source must be as old: that of an earlier PVC of the name does not count. */
function scannedSuccesses(labels: readonly string[]): string {
  return (
    `(${byPvc(`kube_replicationsource_last_sync_time{repository!=""} offset ${settled / 3600}h`)} < scalar(${lastScan})) and on (${pvcLabels}) ` +
    `(${byPvc('kube_replicationsource_created{repository!=""}')} < time() - ${settled}) and on (${pvcLabels}) ${labelledPvcs(labels)}`
  );
}

const pvc = '{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }}';

/** Whether the store holds what VolSync claims, by pvc-plumber's scans of it. */
export function storeAlerts(labels: readonly string[]): AlertGroup {
  return {
    name: 'backup.store',
    alerts: [
      {
        name: 'PvcNotRestorable',
        severity: 'critical',
        expr: `(${scannedSuccesses(labels)}) unless on (${pvcLabels}) ${restorable}`,
        for: '30m',
        summary: 'VolSync reports successful backups of a PVC, but the store holds no data of it.',
        description: `PVC ${pvc} had a successful backup, and the scan of the store found no repository with data of it: created again, it would not be restored.`,
      },
      {
        name: 'PvcBackupNotWritten',
        severity: 'critical',
        expr:
          `((${scannedSuccesses(labels)}) - on (${pvcLabels}) ${byPvc('pvc_plumber_backup_newest_object_timestamp_seconds')} > ${slack}) ` +
          `and on (${pvcLabels}) (${restorable})`,
        for: '30m',
        summary: 'VolSync reports successful backups of a PVC, but they write nothing into the store.',
        description: `The newest object of PVC ${pvc} in the store is {{ $value | humanizeDuration }} older than a backup that VolSync calls successful.`,
      },
      {
        name: 'PvcBackupShrank',
        severity: 'warning',
        expr: `1 - ${byPvc(dataBytes)} / (${byPvc(mostOfADay)} > ${leastBytes}) > ${lostShare}`,
        for: '30m',
        summary: 'The backups of a PVC lost a large part of their data within a day.',
        description: `The store holds {{ $value | humanizePercentage }} less data of PVC ${pvc} than within the last day.`,
      },
      {
        name: 'BackupStoreShrank',
        severity: 'critical',
        expr: `1 - max(sum by (pod) (${dataBytes})) / (max(sum by (pod) (${mostOfADay})) > ${leastBytes}) > ${lostShare}`,
        for: '30m',
        summary: 'The store of the backups lost a large part of its data within a day.',
        description: 'All backups together are {{ $value | humanizePercentage }} smaller than within the last day.',
      },
      {
        name: 'BackupScanOld',
        severity: 'warning',
        expr: `time() - ${lastScan} > ${scanOverdue}`,
        for: '2h',
        summary: "pvc-plumber can't scan the store, so nobody compares backups with what VolSync reports.",
        description: 'The last complete scan of the store began {{ $value | humanizeDuration }} ago. The log of pvc-plumber says why.',
      },
    ],
  };
}
