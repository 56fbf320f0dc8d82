import { maintenanceName, restoreNamePrefix, secretName, sourceName } from '../../lib/model/naming';
import { Component, type Span } from './components';
import { type Labels, type Series, series } from './series';

/** A PVC of the generated cluster. Times are minutes since the start, and may lie before it. */
export interface Volume {
  readonly name: string;
  readonly tier?: string;
  readonly created: number;
  /** Bound that many minutes later. @default 1 */
  readonly boundAfter?: number;
  readonly annotations?: Labels;
  /** Minutes between two backups, when they start after midnight, and how long one takes. @default none */
  readonly backup?: { readonly every: number; readonly at: number; readonly takes: number };
  readonly deleted?: number;
  /** When `skip-restore` was taken out again. */
  readonly skipRestoreUntil?: number;
}

export interface Cluster {
  readonly volumes: readonly Volume[];
  /** When a component does not answer; each gap ends with a new Pod. */
  readonly gaps: Readonly<
    Record<'volsync' | 'kubeState' | 'externalSecrets' | 'plumberA' | 'plumberB' | 'kyvernoA' | 'kyvernoB' | 'apiServer', readonly Span[]>
  >;
  /** When an Application differs from Git, or is not healthy: a commit arrives, a chart is upgraded. */
  readonly syncs: readonly Span[];
  /** Minutes in which a call of the webhook failed, or pvc-plumber did not know an answer. */
  readonly blips: readonly number[];
}

export const namespace = 'shop';
const day = 1440;

/** What Prometheus sees of a cluster. */
export function seriesOf({ volumes, gaps, syncs, blips }: Cluster): Series[] {
  const target = (job: string, where: string): Labels => ({ job, namespace: where, service: job });
  const volsync = new Component('volsync', target('volsync-metrics', 'volsync-system'), gaps.volsync);
  const state = new Component('kube-state-metrics', { job: 'kube-state-metrics', namespace: 'prometheus-stack' }, gaps.kubeState);
  const secrets = new Component('external-secrets', target('external-secrets-metrics', 'external-secrets'), gaps.externalSecrets);
  const plumbers = [gaps.plumberA, gaps.plumberB].map((each, i) => new Component(`pvc-plumber-${i}`, target('pvc-plumber', 'volsync-system'), each));
  const kyvernos = [gaps.kyvernoA, gaps.kyvernoB].map((each, i) => new Component(`kyverno-${i}`, target('kyverno-svc-metrics', 'kyverno'), each));
  const api = new Component('apiserver', { job: 'apiserver', namespace: 'default' }, gaps.apiServer);
  const count = (since: number, minute: number): number => blips.filter((blip) => blip >= since && blip <= minute).length;
  return [
    ...[volsync, state, secrets, api, ...plumbers, ...kyvernos].flatMap(up),
    ...from(state, 'kube_namespace_status_phase', { namespace, phase: 'Active' }, () => 1),
    ...from(state, 'kube_mutatingwebhookconfiguration_info', { mutatingwebhookconfiguration: 'kyverno-resource-mutating-webhook-cfg' }, () => 1),
    ...Object.entries(applications).flatMap(([name, project]) => applicationSeries(state, name, project, syncs)),
    ...plumbers.flatMap((each) => [
      ...from(each, 'pvc_plumber_store_reachable', {}, () => 1),
      ...from(each, 'pvc_plumber_store_lease', {}, () => 1),
      ...from(each, 'pvc_plumber_scan_timestamp_seconds', {}, (minute, since) => (lastScan(minute, since) ?? 0) * 60),
      ...from(each, 'pvc_plumber_backup_check_total', { backend: 'kopia-s3', decision: 'unknown', source: 'lookup' }, (minute, since) =>
        count(since, minute),
      ),
    ]),
    ...from(api, 'apiserver_admission_webhook_rejection_count', webhook('fail'), (minute, since) => count(since, minute)),
    ...from(api, 'apiserver_admission_webhook_fail_open_count', { name: 'mutate.kyverno.svc-ignore', type: 'admit' }, (minute, since) =>
      count(since, minute),
    ),
    ...volumes.flatMap((volume) => [
      ...volumeSeries(state, volume),
      ...(volume.backup === undefined ? [] : backupSeries(state, volsync, secrets, volume, volume.backup)),
      ...(volume.backup === undefined ? [] : plumbers.flatMap((each) => storeSeries(each, volume, volume.backup!))),
    ]),
  ];
}

/** Applications by name, with their projects. */
const applications: Readonly<Record<string, string>> = { root: 'default', kyverno: 'infrastructure', 'my-apps-shop': 'my-apps', theirs: 'default' };

/** An Application is Synced and Healthy; during a sync it is not, and what is somebody else's never is Synced. */
function applicationSeries(state: Component, name: string, project: string, syncs: readonly Span[]): Series[] {
  const own = { namespace: 'argocd', name, project, customresource_kind: 'Application' };
  const syncing = (minute: number): boolean => syncs.some(([start, end]) => minute >= start && minute < end);
  const settled = { sync_status: name === 'theirs' ? 'OutOfSync' : 'Synced', health_status: 'Healthy', operation_phase: 'Succeeded' };
  const busy = { sync_status: 'OutOfSync', health_status: 'Progressing', operation_phase: 'Running' };
  return [
    ...from(state, 'kube_application_created', { ...own, ...settled }, (minute) => (syncing(minute) ? undefined : -86_400)),
    ...from(state, 'kube_application_created', { ...own, ...busy }, (minute) => (syncing(minute) ? -86_400 : undefined)),
  ];
}

function webhook(policy: string): Labels {
  return {
    name: `mutate.kyverno.svc-${policy}-finegrained-volsync`,
    operation: 'CREATE',
    type: 'admit',
    error_type: 'calling_webhook_error',
    rejection_code: '0',
  };
}

function up(component: Component): Series[] {
  return component.pods.map((pod) =>
    // A Pod that is gone is not scraped any more; one that does not answer yet is 0 for a moment.
    series('up', component.labels(pod), (minute) =>
      component.answers(pod, minute) ? 1 : minute < component.since(pod) && minute > component.since(pod) - 2 ? 0 : undefined,
    ),
  );
}

/** A series for each Pod of the component. */
function from(component: Component, name: string, labels: Labels, at: (minute: number, since: number) => number | undefined): Series[] {
  return component.pods.map((pod) =>
    series(name, { ...component.labels(pod), ...labels }, (minute) =>
      component.answers(pod, minute) ? at(minute, component.since(pod)) : undefined,
    ),
  );
}

function volumeSeries(state: Component, volume: Volume): Series[] {
  const { name, tier, created, boundAfter = 1, annotations = {}, deleted = Number.POSITIVE_INFINITY, skipRestoreUntil } = volume;
  const own = { namespace, persistentvolumeclaim: name };
  const alive = (minute: number): boolean => minute >= created && minute < deleted;
  const say = (metric: string, labels: Labels, value: (minute: number) => number | undefined): Series[] =>
    from(state, metric, { ...own, ...labels }, (minute) => (alive(minute) ? value(minute) : undefined));
  const skips = (minute: number): boolean => skipRestoreUntil !== undefined && minute < skipRestoreUntil;
  return [
    ...say('kube_persistentvolumeclaim_info', { storageclass: 'longhorn' }, () => 1),
    ...from(state, 'kube_persistentvolume_info', { persistentvolume: `pvc-${name}`, storageclass: 'longhorn' }, (minute) =>
      alive(minute) ? 1 : undefined,
    ),
    ...['Available', 'Bound'].flatMap((phase) =>
      from(state, 'kube_persistentvolume_status_phase', { persistentvolume: `pvc-${name}`, phase }, (minute) =>
        alive(minute) ? Number(phase === 'Bound') : undefined,
      ),
    ),
    ...say('kube_persistentvolumeclaim_created', {}, () => created * 60),
    ...say('kube_persistentvolumeclaim_labels', tier === undefined ? {} : { label_backup: tier }, () => 1),
    ...say('kube_persistentvolumeclaim_annotations', annotations, (minute) => (skips(minute) ? undefined : 1)),
    ...(skipRestoreUntil === undefined
      ? []
      : say('kube_persistentvolumeclaim_annotations', { ...annotations, annotation_volsync_backup_skip_restore: 'true' }, (minute) =>
          skips(minute) ? 1 : undefined,
        )),
    ...['Pending', 'Bound', 'Lost'].flatMap((phase) =>
      say('kube_persistentvolumeclaim_status_phase', { phase }, (minute) => Number((minute < created + boundAfter ? 'Pending' : 'Bound') === phase)),
    ),
  ];
}

/** Start of the last scan of the store: each Pod of pvc-plumber has its own rhythm. */
function lastScan(minute: number, since: number): number | undefined {
  const first = Number.isFinite(since) ? since + 1 : 20 - 100 * day;
  return minute < first ? undefined : first + Math.floor((minute - first) / 60) * 60;
}

/** End of the last backup: the first one comes at once, the others on their schedule, until the PVC is deleted. */
function lastBackup(
  { created, boundAfter = 1, deleted = Number.POSITIVE_INFINITY }: Volume,
  { every, at, takes }: Backup,
  minute: number,
): number | undefined {
  const first = created + boundAfter + takes;
  const scheduled = Math.floor((Math.min(minute, deleted) - at - takes) / every) * every + at + takes;
  return minute < first ? undefined : Math.max(scheduled, first);
}

type Backup = NonNullable<Volume['backup']>;

/** What a Pod of pvc-plumber found in the store. It stays there when the PVC is gone. */
function storeSeries(plumber: Component, volume: Volume, backup: Backup): Series[] {
  const labels = { namespace, persistentvolumeclaim: volume.name };
  const say = (metric: string, value: (newest: number) => number): Series[] =>
    from(plumber, `pvc_plumber_backup_${metric}`, labels, (minute, since) => {
      const scan = lastScan(minute, since);
      const newest = scan === undefined ? undefined : lastBackup(volume, backup, scan);
      return newest === undefined ? undefined : value(newest);
    });
  // A week's growth, and then maintenance takes some of it away.
  const size = (newest: number): number => 1e9 + Math.floor((((newest % (7 * day)) + 7 * day) % (7 * day)) / day) * 2e7;
  return [
    ...say('bytes', (newest) => size(newest) * 1.1),
    ...say('data_bytes', size),
    ...say('objects', () => 300),
    ...say('restorable', () => 1),
    ...say('newest_object_timestamp_seconds', (newest) => (newest - 1) * 60),
  ];
}

function backupSeries(state: Component, volsync: Component, secrets: Component, volume: Volume, backup: Backup): Series[] {
  const { every, at, takes } = backup;
  const { name, created, boundAfter = 1, annotations = {}, deleted = Number.POSITIVE_INFINITY } = volume;
  const pvc = { namespace, name };
  const alive = (minute: number): boolean => minute >= created && minute < deleted;
  const first = created + boundAfter + takes;
  /** Backups that have ended since the start. */
  const since = (minute: number): number => Math.floor((minute - at - takes) / every);
  const last = (minute: number): number | undefined => lastBackup(volume, backup, minute);
  const say = (metric: string, labels: Labels, value: (minute: number) => number | undefined): Series[] =>
    from(state, metric, { namespace, persistentvolumeclaim: name, ...labels }, (minute) => (alive(minute) ? value(minute) : undefined));
  const seconds = (minutes: number | undefined): number | undefined => (minutes === undefined ? undefined : minutes * 60);
  const source = { name: sourceName(pvc), owner: name, repository: secretName(pvc), customresource_kind: 'ReplicationSource' };
  const maintenance = { name: maintenanceName(pvc), customresource_kind: 'KopiaMaintenance' };
  const restore = { name: `${restoreNamePrefix(pvc)}abcd1234`, customresource_kind: 'ReplicationDestination' };
  const core = { obj_namespace: namespace, obj_name: sourceName(pvc), role: 'source', method: 'kopia' };
  const condition = { namespace, name: secretName(pvc), condition: 'Ready' };
  // VolSync makes the series of an object when it first looks at it, and keeps them until it ends.
  const counted = (metric: string, value: (minute: number, began: number) => number): Series[] =>
    from(volsync, metric, core, (minute, began) => (minute >= created ? value(minute, Math.max(began, created)) : undefined));
  return [
    ...say('kube_replicationsource_created', source, () => created * 60),
    ...say('kube_replicationsource_last_sync_time', source, (minute) => seconds(last(minute))),
    ...(annotations['annotation_volsync_backup_decision'] === 'restore'
      ? [
          ...say('kube_replicationdestination_created', restore, () => created * 60),
          ...say('kube_replicationdestination_last_sync_time', restore, (minute) =>
            minute >= created + boundAfter ? (created + boundAfter) * 60 : undefined,
          ),
        ]
      : []),
    ...say('kube_kopiamaintenance_created', maintenance, () => created * 60),
    ...say('kube_kopiamaintenance_failures', maintenance, () => 0),
    ...say('kube_kopiamaintenance_last_maintenance_time', maintenance, (minute) => {
      const ran = Math.floor((minute - 270) / day) * day + 270;
      return ran > created ? ran * 60 : undefined;
    }),
    ...say('kube_externalsecret_created', { name: secretName(pvc) }, () => created * 60),
    ...say('kube_externalsecret_ready', { name: secretName(pvc) }, (minute) => (minute >= created + 1 ? 1 : undefined)),
    // The operator says nothing about a Secret until its next round, up to an hour after its start.
    ...['True', 'False'].flatMap((status) =>
      from(secrets, 'externalsecret_status_condition', { ...condition, status }, (minute, began) =>
        alive(minute) && minute >= Math.max(began + 40, created + 1) ? Number(status === 'True') : undefined,
      ),
    ),
    ...counted('volsync_volume_out_of_sync', (minute) => Number(minute < first)),
    ...counted('volsync_missed_intervals_total', () => 0),
    ...counted('volsync_sync_duration_seconds_count', (minute, began) => Math.max(0, since(minute) - since(Math.max(began, -day)))),
    ...counted('volsync_sync_duration_seconds_sum', (minute, began) => Math.max(0, since(minute) - since(Math.max(began, -day))) * takes * 60),
  ];
}
