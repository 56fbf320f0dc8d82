import type { values as chartValues } from '../../imports/charts/kube-prometheus-stack';
import type { ChartValues } from '../gitops/chart-values';
import { annotation, backupLabel } from '../model/naming';
import { madeByVolsync } from '../model/volsync-labels';

interface Metric {
  readonly name: string;
  readonly help: string;
  /** Where the value stands: a number, a time (then in seconds since 1970) or the status of a condition (then 1 or 0). */
  readonly path: readonly string[];
}

interface CustomResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural, for the right to read it. */
  readonly resource: string;
  /** Labels of all its series beside `namespace` and `name`, with the paths of their values. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly metrics: readonly Metric[];
}

/** Name of the PVC that an object belongs to. Its uid would be of no use: kube-state-metrics does not export that of a PVC. */
const owner = ['metadata', 'ownerReferences', '[kind=PersistentVolumeClaim]', 'name'];
const created = ['metadata', 'creationTimestamp'];
const volsync = { group: 'volsync.backube', version: 'v1alpha1' };

/** What the controllers' own metrics do not say, or forget when they restart: whether an object is there, and when it last succeeded. */
const customResources: readonly CustomResource[] = [
  {
    ...volsync,
    kind: 'ReplicationSource',
    resource: 'replicationsources',
    labels: { persistentvolumeclaim: ['spec', 'sourcePVC'], owner, repository: ['spec', 'kopia', 'repository'] },
    metrics: [
      { name: 'replicationsource_created', help: 'When it was created.', path: created },
      { name: 'replicationsource_paused', help: 'Whether somebody paused it.', path: ['spec', 'paused'] },
      { name: 'replicationsource_last_sync_time', help: 'End of its last success.', path: ['status', 'lastSyncTime'] },
    ],
  },
  {
    ...volsync,
    kind: 'ReplicationDestination',
    resource: 'replicationdestinations',
    labels: { persistentvolumeclaim: owner },
    metrics: [
      { name: 'replicationdestination_created', help: 'When it was created.', path: created },
      { name: 'replicationdestination_last_sync_time', help: 'End of the restore.', path: ['status', 'lastSyncTime'] },
    ],
  },
  {
    ...volsync,
    kind: 'KopiaMaintenance',
    resource: 'kopiamaintenances',
    labels: { persistentvolumeclaim: owner },
    metrics: [
      { name: 'kopiamaintenance_created', help: 'When it was created.', path: created },
      { name: 'kopiamaintenance_last_maintenance_time', help: 'End of its last success.', path: ['status', 'lastMaintenanceTime'] },
      { name: 'kopiamaintenance_failures', help: 'Failures in a row.', path: ['status', 'maintenanceFailures'] },
    ],
  },
  {
    group: 'external-secrets.io',
    version: 'v1',
    kind: 'ExternalSecret',
    resource: 'externalsecrets',
    labels: { persistentvolumeclaim: owner },
    metrics: [
      { name: 'externalsecret_created', help: 'When it was created.', path: created },
      { name: 'externalsecret_ready', help: 'Whether its Secret is there.', path: ['status', 'conditions', '[type=Ready]', 'status'] },
    ],
  },
  {
    // Argo CD's own metrics say the same, where its Service, its NetworkPolicy and a ServiceMonitor let Prometheus at them. The objects are always there.
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'Application',
    resource: 'applications',
    labels: {
      project: ['spec', 'project'],
      sync_status: ['status', 'sync', 'status'],
      health_status: ['status', 'health', 'status'],
      operation_phase: ['status', 'operationState', 'phase'],
    },
    metrics: [{ name: 'application_created', help: 'When it was created.', path: created }],
  },
];

/** Values of the subchart kube-state-metrics: the labels, annotations and objects that the alerts read, and the right to read them. */
export const kubeStateValues: ChartValues<(typeof chartValues)['kube-state-metrics']> = {
  metricLabelsAllowlist: [`persistentvolumeclaims=[${backupLabel},${madeByVolsync.key}]`],
  metricAnnotationsAllowList: [`persistentvolumeclaims=[${annotation.decision},${annotation.skipRestore},${annotation.skipRestoreReason}]`],
  rbac: {
    extraRules: [...new Set(customResources.map(({ group }) => group))].map((group) => ({
      apiGroups: [group],
      resources: customResources.filter((each) => each.group === group).map(({ resource }) => resource),
      verbs: ['list', 'watch'],
    })),
  },
  customResourceState: {
    enabled: true,
    config: {
      kind: 'CustomResourceStateMetrics',
      spec: {
        resources: customResources.map(({ group, version, kind, labels, metrics }) => ({
          groupVersionKind: { group, version, kind },
          metricNamePrefix: 'kube',
          labelsFromPath: { namespace: ['metadata', 'namespace'], name: ['metadata', 'name'], ...labels },
          metrics: metrics.map(({ name, help, path }) => ({ name, help, each: { type: 'Gauge', gauge: { path } } })),
        })),
      },
    },
  },
};
