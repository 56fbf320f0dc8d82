import { plumber } from '../../model/naming';
import type { AlertGroup } from '../alert';
import { unreachable } from '../promql';
import { plumberJob } from '../service-monitors';

/** Whether pvc-plumber is there and can answer. Its metrics of questions name no PVC, so that nobody who asks can add series; its log does. */
export function plumberAlerts(): AlertGroup {
  return {
    name: 'pvc-plumber.health',
    alerts: [
      {
        name: 'PvcPlumberDown',
        severity: 'critical',
        expr: unreachable(plumberJob, plumber.namespace),
        for: '5m',
        summary: 'pvc-plumber is down: no labelled PVC can be created.',
        description: `Prometheus has not reached any pvc-plumber in ${plumber.namespace} for 5 minutes. Labelled PVCs are refused until it answers.`,
      },
      {
        name: 'PvcPlumberStoreUnreachable',
        severity: 'critical',
        expr: 'max by (namespace, pod) (pvc_plumber_store_reachable) == 0',
        for: '5m',
        summary: "pvc-plumber can't reach or identify the S3 store: no labelled PVC can be created, and backups fail.",
        description: "Pod {{ $labels.namespace }}/{{ $labels.pod }} can't reach the S3 store, or found a different one. Its log says which.",
      },
      {
        name: 'PvcPlumberStoreTaken',
        severity: 'critical',
        expr: 'max by (namespace, pod) (pvc_plumber_store_lease) == 0',
        for: '5m',
        summary: 'Another cluster uses the S3 store: no labelled PVC can be created, and the two overwrite the backups of each other.',
        description: 'Pod {{ $labels.namespace }}/{{ $labels.pod }} found the lease of another cluster in the store. Its log says which.',
      },
      {
        name: 'PvcPlumberUnknown',
        severity: 'warning',
        expr: 'sum by (namespace) (increase(pvc_plumber_backup_check_total{decision="unknown"}[5m])) > 0',
        for: '5m',
        summary: "pvc-plumber can't tell whether PVCs have a backup, so the API server refuses them.",
        description: 'pvc-plumber in {{ $labels.namespace }} answered "unknown" {{ $value | humanize }} times in 5 minutes. Its log names the PVCs.',
      },
    ],
  };
}
