import { maintenanceName } from '../../lib/model/naming';
import { namespace } from './cluster';
import { all, appear, become, faultAt, gone, is, pvc, type Fault } from './fault';
import { series } from './series';

const blind = (missing: string): Pick<Fault, 'alert' | 'labels' | 'after' | 'later'> => ({
  alert: 'BackupMonitoringBlind',
  labels: { missing },
  after: 15,
  later: 'a node that reboots takes an exporter away for some minutes',
});
const secretLater = 'the operator has one Pod, and a node may reboot';
const maintenance = { namespace, name: maintenanceName({ namespace, name: 'photos' }), persistentvolumeclaim: 'photos' };
const hour = 60;

/** What goes wrong with the services that backups and restores stand on, and with what Prometheus sees. */
export const serviceFaults: readonly Fault[] = [
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
    alert: 'PvcPlumberStoreTaken',
    when: 'a second cluster took the store over',
    labels: { namespace: 'volsync-system', pod: 'pvc-plumber-0-0' },
    after: 5,
    change: become(is('pvc_plumber_store_lease', { pod: 'pvc-plumber-0-0' }), 0),
  },
  {
    alert: 'PvcPlumberUnknown',
    when: 'Argo CD tries to create a PVC every three minutes, and each time the answer is "unknown"',
    labels: { namespace: 'volsync-system' },
    after: 6,
    change: become(is('pvc_plumber_backup_check_total', { pod: 'pvc-plumber-0-0' }), (since, before) => before! + 1 + Math.floor(since / 3)),
  },
  {
    alert: 'PvcUndecided',
    when: 'the policy that refuses was deleted, and a PVC is created while the store is away',
    labels: pvc('lost'),
    after: 5,
    change: all(
      appear(series('kube_persistentvolumeclaim_annotations', pvc('lost', { annotation_volsync_backup_decision: 'unknown' }), 1)),
      appear(series('kube_persistentvolumeclaim_labels', pvc('lost', { label_backup: 'hourly' }), 1)),
    ),
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
  { ...blind('the state of maintenance'), when: 'kube-state-metrics exports no KopiaMaintenance', change: gone(/^kube_kopiamaintenance_/) },
  { ...blind('the store check of pvc-plumber'), when: 'an old pvc-plumber runs', change: gone('pvc_plumber_store_reachable') },
  { ...blind('the scan of the store'), when: 'a pvc-plumber runs that does not scan', change: gone(/^pvc_plumber_(scan|backup)_/) },
];
