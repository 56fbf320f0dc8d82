import type { BackupTier } from '../../model/tier';
import { stalePvcs, unprotectedPvcs } from '../alerts/coverage';
import { byPvc, labelledPvcs, lastBackup, openRestores, pendingPvcs, pvcLabels } from '../promql';
import { neutral, noneIsGood, type PlainPanel, someIsGood, stat, table, timeSeries } from './panels';

/** Panels below a title; `y` counts from the row's top. */
export interface Row {
  readonly title: string;
  readonly panels: readonly PlainPanel[];
}

/** The dashboard's rows, the question that matters first. */
export function rows(tiers: readonly BackupTier[]): Row[] {
  return [protection(tiers), backups(), store(), restores(tiers.map(({ label }) => label.toString())), plumber(), maintenance()];
}

/** A number also where nothing is counted. */
function count(vector: string): string {
  return `count(${vector}) or vector(0)`;
}

function protection(tiers: readonly BackupTier[]): Row {
  const labels = tiers.map(({ label }) => label.toString());
  const labelled = labelledPvcs(labels);
  const unprotected = unprotectedPvcs(labels);
  const stale = tiers.map((tier) => stalePvcs(tier)).join(' or ');
  const inTime = `(${labelled}) unless on (${pvcLabels}) (${unprotected}) unless on (${pvcLabels}) (${stale}) unless on (${pvcLabels}) (${pendingPvcs})`;
  return {
    title: 'Is everything protected?',
    panels: [
      stat({ x: 0, y: 0, w: 4, h: 4 }, { title: 'Labelled', description: 'PVCs that ask for backups.' }, { expr: count(labelled) }, neutral),
      stat(
        { x: 4, y: 0, w: 4, h: 4 },
        { title: 'In time', description: 'PVCs whose newest backup is as young as their tier promises; new ones count from their creation.' },
        { expr: count(inTime) },
        someIsGood,
      ),
      stat(
        { x: 8, y: 0, w: 4, h: 4 },
        { title: 'Without a source', description: 'PVCs that ask for backups, and nothing backs them up.' },
        { expr: count(unprotected) },
        noneIsGood,
      ),
      stat({ x: 12, y: 0, w: 4, h: 4 }, { title: 'Stale', description: 'PVCs whose newest backup is too old.' }, { expr: count(stale) }, noneIsGood),
      stat(
        { x: 16, y: 0, w: 4, h: 4 },
        { title: 'Waiting', description: 'Labelled PVCs without a volume yet: they are created or restored.' },
        { expr: count(`(${labelled}) and on (${pvcLabels}) (${pendingPvcs})`) },
        neutral,
      ),
      stat(
        { x: 20, y: 0, w: 4, h: 4 },
        { title: 'Alerts', description: 'Alerts about backups that fire now. Where the other numbers have no data, one of them says so.' },
        { expr: count('ALERTS{alertstate="firing", alertname=~"VolSync.+|Pvc.+|Kopia.+|Kyverno.+|ExternalSecret.+|Backup.+|LooseVolume"}') },
        noneIsGood,
      ),
      table(
        { x: 0, y: 4, w: 24, h: 8 },
        { title: 'Age of the newest backup', description: 'Seconds since the last backup of each labelled PVC, or since its creation.', unit: 's' },
        { expr: `sort_desc((time() - (${lastBackup})) * on (${pvcLabels}) group_right () ${labelled})` },
      ),
    ],
  };
}

const object = 'obj_namespace, obj_name';
const objectLegend = '{{obj_namespace}}/{{obj_name}}';

function backups(): Row {
  return {
    title: 'Backups',
    panels: [
      timeSeries(
        { x: 0, y: 0, w: 12, h: 8 },
        { title: 'Duration', description: 'Mean time of a backup, the wait for its snapshot included.', unit: 's' },
        [
          {
            expr: `sum by (${object}) (rate(volsync_sync_duration_seconds_sum{role="source"}[2h])) / sum by (${object}) (rate(volsync_sync_duration_seconds_count{role="source"}[2h]))`,
            legend: objectLegend,
          },
        ],
      ),
      timeSeries(
        { x: 12, y: 0, w: 6, h: 8 },
        { title: 'Out of sync', description: '1 for a source that missed its deadline or never had a backup.' },
        [{ expr: `max by (${object}) (volsync_volume_out_of_sync{role="source"}) == 1`, legend: objectLegend }],
      ),
      timeSeries({ x: 18, y: 0, w: 6, h: 8 }, { title: 'Skipped', description: 'Backups that ended after the next one was due, in an hour.' }, [
        { expr: `sum by (${object}) (increase(volsync_missed_intervals_total{role="source"}[1h])) > 0`, legend: objectLegend },
      ]),
    ],
  };
}

function store(): Row {
  return {
    title: 'What the backups take in the store',
    panels: [
      stat(
        { x: 0, y: 0, w: 4, h: 4 },
        { title: 'All backups', description: 'Size of everything that the store holds for PVCs, also for those that are gone.', unit: 'bytes' },
        { expr: `sum(${byPvc('pvc_plumber_backup_bytes')})` },
        neutral,
      ),
      stat(
        { x: 0, y: 4, w: 4, h: 4 },
        { title: 'Last scan', description: 'Seconds since pvc-plumber last began to scan the store, as these numbers need.', unit: 's' },
        { expr: 'time() - max(pvc_plumber_scan_timestamp_seconds)' },
        neutral,
      ),
      table(
        { x: 4, y: 0, w: 10, h: 8 },
        { title: 'Size', description: 'Bytes of each PVC in the store, the largest first.', unit: 'bytes' },
        { expr: `sort_desc(${byPvc('pvc_plumber_backup_bytes')})` },
      ),
      timeSeries({ x: 14, y: 0, w: 10, h: 8 }, { title: 'Size over time', description: 'The ten largest.', unit: 'bytes' }, [
        { expr: `topk(10, ${byPvc('pvc_plumber_backup_bytes')})`, legend: '{{namespace}}/{{persistentvolumeclaim}}' },
      ]),
    ],
  };
}

function restores(labels: readonly string[]): Row {
  const pvc = '{{namespace}}/{{persistentvolumeclaim}}';
  return {
    title: 'Restores',
    panels: [
      stat({ x: 0, y: 0, w: 6, h: 8 }, { title: 'Running', description: 'Restores that have not ended.' }, { expr: count(openRestores) }, neutral),
      timeSeries(
        { x: 6, y: 0, w: 12, h: 8 },
        { title: 'Since when a restore runs', description: 'Age of each restore that has not ended.', unit: 's' },
        [
          {
            expr: `time() - (${openRestores})`,
            legend: pvc,
          },
        ],
      ),
      stat(
        { x: 18, y: 0, w: 6, h: 8 },
        { title: 'Not to be restored', description: 'Labelled PVCs with skip-restore: after a disaster they come back empty.' },
        {
          expr: count(
            `(${labelledPvcs(labels)}) and on (${pvcLabels}) ${byPvc('kube_persistentvolumeclaim_annotations{annotation_volsync_backup_skip_restore="true"}')}`,
          ),
        },
        noneIsGood,
      ),
    ],
  };
}

function plumber(): Row {
  return {
    title: 'pvc-plumber',
    panels: [
      stat(
        { x: 0, y: 0, w: 4, h: 8 },
        { title: 'Store', description: '1 when every replica reaches the right store.' },
        { expr: 'min(pvc_plumber_store_reachable)' },
        someIsGood,
      ),
      timeSeries({ x: 4, y: 0, w: 10, h: 8 }, { title: 'Answers', description: 'Answers in five minutes, by decision.' }, [
        { expr: 'sum by (decision) (increase(pvc_plumber_backup_check_total[5m]))', legend: '{{decision}}' },
      ]),
      timeSeries({ x: 14, y: 0, w: 10, h: 8 }, { title: 'Requests to S3', description: 'Requests in five minutes, by status or kind of failure.' }, [
        { expr: 'sum by (outcome) (increase(pvc_plumber_s3_requests_total[5m]))', legend: '{{outcome}}' },
      ]),
    ],
  };
}

function maintenance(): Row {
  const labels = 'namespace, name, persistentvolumeclaim';
  return {
    title: 'Maintenance',
    panels: [
      table(
        { x: 0, y: 0, w: 12, h: 8 },
        { title: 'Time since the last maintenance', description: 'Of each repository, or since its creation.', unit: 's' },
        {
          expr: `sort_desc(time() - (max by (${labels}) (kube_kopiamaintenance_last_maintenance_time) or max by (${labels}) (kube_kopiamaintenance_created)))`,
        },
      ),
      timeSeries({ x: 12, y: 0, w: 12, h: 8 }, { title: 'Failures in a row', description: 'At five, VolSync stops trying.' }, [
        { expr: `max by (${labels}) (kube_kopiamaintenance_failures) > 0`, legend: '{{namespace}}/{{persistentvolumeclaim}}' },
      ]),
    ],
  };
}
