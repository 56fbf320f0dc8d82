import { maintenanceName } from '../../lib/model/naming';
import { namespace } from './cluster';
import { type Labels, type Series, series } from './series';

/** A fault in the calm cluster, and the alert that it raises. */
export interface Fault {
  readonly alert: string;
  /** What is broken, in words. */
  readonly when: string;
  /** Labels of the alert, without name, state and severity. */
  readonly labels: Labels;
  /** The alert fires that many minutes after the fault. */
  readonly after: number;
  /** Why that is more than ten minutes. */
  readonly later?: string;
  readonly change: (healthy: readonly Series[]) => Series[];
}

/** Minute in which things break: some minutes after a round hour, when no backup runs. */
export const faultAt = 50;

type Select = (labels: Labels) => boolean;

function is(name: string | RegExp, wanted: Labels = {}): Select {
  return (labels) =>
    (typeof name === 'string' ? labels['__name__'] === name : name.test(labels['__name__']!)) &&
    Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** From the fault on these series say something else: nothing, a value, or what a function of the minutes since the fault says. */
function become(select: Select, value: number | undefined | ((since: number, before: number | undefined) => number | undefined)): Fault['change'] {
  return (healthy) =>
    healthy.map((each) =>
      select(each.labels)
        ? {
            ...each,
            at: (minute) => {
              if (minute < faultAt) return each.at(minute);
              return typeof value === 'function' ? value(minute - faultAt, each.at(faultAt)) : value;
            },
          }
        : each,
    );
}

const gone = (name: string | RegExp, wanted: Labels = {}): Fault['change'] => become(is(name, wanted), undefined);

/** Series that are there from the fault on. */
function appear(...added: readonly Series[]): Fault['change'] {
  return (healthy) => [...healthy, ...added.map((each) => ({ ...each, at: (minute: number) => (minute < faultAt ? undefined : each.at(minute)) }))];
}

const all =
  (...changes: readonly Fault['change'][]): Fault['change'] =>
  (healthy) =>
    changes.reduce((each, change) => change([...each]), [...healthy]);

const pvc = (persistentvolumeclaim: string, more: Labels = {}): Labels => ({ namespace, persistentvolumeclaim, ...more });
const source = { obj_namespace: namespace, obj_name: 'photos-backup' };
const core = { ...source, role: 'source' };
const blind = (missing: string): Pick<Fault, 'alert' | 'labels' | 'after' | 'later'> => ({
  alert: 'BackupMonitoringBlind',
  labels: { missing },
  after: 15,
  later: 'a node that reboots takes an exporter away for some minutes',
});
const secretLater = 'the operator has one Pod, and a node may reboot';
const maintenance = { namespace, name: maintenanceName({ namespace, name: 'photos' }), persistentvolumeclaim: 'photos' };
const hour = 60;

export const faults: readonly Fault[] = [
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
    when: 'a backup took an hour and a half',
    labels: source,
    after: 6,
    change: all(
      become(is('volsync_sync_duration_seconds_sum', core), (_, before) => before! + 12 * 3600),
      become(is('volsync_sync_duration_seconds_count', core), (_, before) => before! + 1),
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
    alert: 'PvcPlumberDown',
    when: 'no replica answers',
    labels: {},
    after: 5,
    change: become(is('up', { job: 'pvc-plumber' }), 0),
  },
  {
    alert: 'PvcPlumberDown',
    when: 'nobody scrapes it',
    labels: {},
    after: 5,
    change: gone('up', { job: 'pvc-plumber' }),
  },
  {
    alert: 'PvcPlumberStoreUnreachable',
    when: 'one replica gets no proof from the store',
    labels: { namespace: 'volsync-system', pod: 'pvc-plumber-0-0' },
    after: 5,
    change: become(is('pvc_plumber_store_reachable', { pod: 'pvc-plumber-0-0' }), 0),
  },
  {
    alert: 'PvcPlumberUnknown',
    when: 'Argo CD tries to create a PVC every three minutes, and each time the answer is "unknown"',
    labels: { namespace: 'volsync-system' },
    after: 6,
    change: become(is('pvc_plumber_backup_check_total', { pod: 'pvc-plumber-0-0' }), (since, before) => before! + 1 + Math.floor(since / 3)),
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
  {
    alert: 'ExternalSecretNotReady',
    when: 'a field of the 1Password item is gone',
    labels: { namespace, name: 'volsync-photos' },
    after: 15,
    later: secretLater,
    change: become(is('externalsecret_status_condition', { name: 'volsync-photos' }), (_, before) => 1 - before!),
  },
  {
    alert: 'ExternalSecretNotReady',
    when: 'the ExternalSecret of a labelled PVC is not there',
    labels: { namespace, name: 'volsync-photos' },
    after: 15,
    later: secretLater,
    change: gone(/externalsecret_/, { name: 'volsync-photos' }),
  },
  {
    alert: 'KopiaMaintenanceFailing',
    when: 'VolSync counts a failure',
    labels: maintenance,
    after: 15,
    later: 'nothing is lost by a maintenance that comes later',
    change: become(is('kube_kopiamaintenance_failures', { name: maintenance.name }), 1),
  },
  {
    alert: 'KopiaMaintenanceFailing',
    when: 'its Job fails, and VolSync does not count it',
    labels: maintenance,
    after: 15,
    later: 'as above',
    change: appear(
      ...[series('kube_job_failed', { condition: 'true' }, 1), series('kube_job_created', {}, faultAt * 60)].map(({ labels, at }) => ({
        labels: { ...labels, namespace, job_name: `kopia-maint-${maintenance.name}-0123456789abcdef-29391840` },
        at,
      })),
    ),
  },
  {
    alert: 'KopiaMaintenanceFailing',
    when: 'it never runs again',
    labels: maintenance,
    after: 30 * hour - 5,
    later: 'two daily runs must be missing; the last one was at 04:30 of the day before',
    change: become(is('kube_kopiamaintenance_last_maintenance_time', { name: maintenance.name }), (_, before) => before),
  },
  {
    alert: 'KyvernoAdmissionDown',
    when: 'no admission controller answers',
    labels: {},
    after: 10,
    change: become(is('up', { job: 'kyverno-svc-metrics' }), 0),
  },
  {
    alert: 'KyvernoAdmissionDown',
    when: 'its webhook is not registered',
    labels: { mutatingwebhookconfiguration: 'kyverno-resource-mutating-webhook-cfg' },
    after: 10,
    change: gone('kube_mutatingwebhookconfiguration_info'),
  },
  {
    alert: 'KyvernoWebhookFailing',
    when: 'each call fails, and is refused',
    labels: { name: 'mutate.kyverno.svc-fail-finegrained-volsync' },
    after: 7,
    change: become(is('apiserver_admission_webhook_rejection_count'), (since, before) => before! + since),
  },
  {
    alert: 'KyvernoWebhookFailing',
    when: 'each call fails, and passes',
    labels: { name: 'mutate.kyverno.svc-ignore' },
    after: 7,
    change: become(is('apiserver_admission_webhook_fail_open_count'), (since, before) => before! + since),
  },
  { ...blind('kube-state-metrics'), when: 'kube-state-metrics is gone', change: gone(/^kube_/) },
  { ...blind('the API server'), when: 'the API server is not scraped', change: gone('up', { job: 'apiserver' }) },
  { ...blind('External Secrets'), when: 'the operator of External Secrets is gone', change: gone('up', { job: 'external-secrets-metrics' }) },
  {
    ...blind('labels of PVCs'),
    when: 'kube-state-metrics may not export the label',
    change: all(gone('kube_persistentvolumeclaim_labels'), appear(series('kube_persistentvolumeclaim_labels', pvc('photos'), 1))),
  },
  { ...blind('annotations of PVCs'), when: 'kube-state-metrics exports no annotations', change: gone('kube_persistentvolumeclaim_annotations') },
  { ...blind('metrics of VolSync'), when: 'VolSync answers without its metrics', change: gone(/^volsync_/) },
  { ...blind('the store check of pvc-plumber'), when: 'an old pvc-plumber runs', change: gone('pvc_plumber_store_reachable') },
];
