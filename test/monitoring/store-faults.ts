import { all, become, faultAt, gone, is, pvc, type Fault } from './fault';

const hour = 60;
const successes =
  'a success has to be two hours old before it is compared, so that a scan has begun after it, and these hours only begin with the test';
const scan = 'a scan an hour may fail once';

/** Before the first scan it is 0, which is long ago, but the start of the test. */
const asIfNever = -1e9;

/** What goes wrong in the store, while VolSync reports successes. */
export const storeFaults: readonly Fault[] = [
  {
    alert: 'PvcNotRestorable',
    when: 'the packs of data are deleted in the store, and backups go on',
    labels: pvc('photos'),
    after: 2 * hour - faultAt + 30,
    later: successes,
    change: all(become(is('pvc_plumber_backup_restorable', pvc('photos')), 0), become(is('pvc_plumber_backup_data_bytes', pvc('photos')), 0)),
  },
  {
    alert: 'PvcNotRestorable',
    when: 'a Secret that was there before leads the backups to another place',
    labels: pvc('mail'),
    after: 2 * hour - faultAt + 30,
    later: successes,
    change: gone(/^pvc_plumber_backup_/, pvc('mail')),
  },
  {
    alert: 'PvcNotRestorable',
    when: 'there was never a backup of anything in the store',
    labels: pvc('archive'),
    after: 2 * hour - faultAt + 30,
    later: successes,
    change: gone(/^pvc_plumber_backup_/),
  },
  {
    alert: 'PvcBackupNotWritten',
    when: 'backups end successfully, and the store gets nothing new',
    labels: pvc('photos'),
    after: 66 + 2 * hour - faultAt + 30,
    later: `${successes}; the first one without an object ends at 01:06`,
    change: become(is('pvc_plumber_backup_newest_object_timestamp_seconds', pvc('photos')), (_, before) => before),
  },
  {
    alert: 'PvcBackupShrank',
    when: 'a third of the packs of a PVC is deleted',
    labels: pvc('photos'),
    after: 30,
    later: 'nothing is lost by half an hour, and each Pod scans by itself',
    change: become(is('pvc_plumber_backup_data_bytes', pvc('photos')), (_, before) => before! * 0.65),
  },
  {
    alert: 'BackupStoreShrank',
    when: 'the prefix of one PVC of three is deleted',
    labels: {},
    after: 30,
    later: 'as above',
    change: gone(/^pvc_plumber_backup_/, pvc('photos')),
  },
  {
    alert: 'BackupScanOld',
    when: 'every scan fails',
    labels: {},
    after: 20 + 5 * hour - faultAt,
    later: `${scan}, and the last one began at 00:20`,
    change: become(is('pvc_plumber_scan_timestamp_seconds'), (_, before) => before),
  },
  {
    alert: 'BackupScanOld',
    when: 'no scan was ever complete',
    labels: {},
    after: 2 * hour,
    later: scan,
    change: all(become(is('pvc_plumber_scan_timestamp_seconds'), asIfNever), gone(/^pvc_plumber_backup_/)),
  },
];
