import { plumber, secretName } from '../../model/naming';
import type { AlertGroup } from '../alert';
import { tierLabel } from '../promql';
import { externalSecretsJob, plumberJob } from '../service-monitors';

/**
 * What would make the other alerts silent: an alert without data looks like a cluster without faults. Components that have an alert of their
 * own for their absence are not repeated.
 */
export function blindnessAlerts(): AlertGroup {
  const blind: Readonly<Record<string, string>> = {
    'kube-state-metrics': 'absent(kube_namespace_status_phase)',
    'the API server': 'absent(up{job="apiserver"} == 1)',
    'External Secrets': `absent(up{job="${externalSecretsJob}"} == 1)`,
    'labels of PVCs': unless(ours, `kube_persistentvolumeclaim_labels{${tierLabel}!=""}`),
    'annotations of PVCs': unless('kube_persistentvolumeclaim_info', 'kube_persistentvolumeclaim_annotations'),
    'metrics of VolSync': unless('kube_replicationsource_created', 'volsync_volume_out_of_sync{role="source"}'),
    'the state of maintenance': unless(ours, 'kube_kopiamaintenance_created'),
    'the Applications of Argo CD': unless('kube_namespace_status_phase', 'kube_application_created'),
    'the store check of pvc-plumber': unless(`up{job="${plumberJob}", namespace="${plumber.namespace}"} == 1`, 'pvc_plumber_store_reachable'),
    'the scan of the store': unless(`up{job="${plumberJob}", namespace="${plumber.namespace}"} == 1`, 'pvc_plumber_scan_timestamp_seconds'),
  };
  return {
    name: 'backup.monitoring',
    alerts: [
      {
        name: 'BackupMonitoringBlind',
        severity: 'critical',
        expr: Object.entries(blind)
          .map(([what, expr]) => `label_replace(${expr}, "missing", "${what}", "", "")`)
          .join(' or '),
        for: '15m',
        summary: "Metrics that the backup alerts depend on are missing; the alerts can't fire.",
        description: 'Prometheus has no data from {{ $labels.missing }}.',
      },
    ],
  };
}

/** Sources that the policies made; who writes another by hand need not have labelled a PVC. */
const ours = `kube_replicationsource_created{repository=~"${secretName({ namespace: '', name: '.+' })}"}`;

/** A value when there are series of the first kind and none of the second. */
function unless(there: string, missing: string): string {
  return `(count(${there}) unless on () count(${missing}))`;
}
