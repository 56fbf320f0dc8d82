import { plumber } from '../../model/naming';
import type { AlertGroup } from '../alert';
import { unreachable } from '../promql';
import { plumberJob } from '../service-monitors';

/** Whether pvc-plumber is there and can answer. It names no PVC in its metrics, so that the number of series is fixed; its log does. */
export function plumberAlerts(): AlertGroup {
  return {
    name: 'pvc-plumber.health',
    alerts: [
      {
        name: 'PvcPlumberDown',
        severity: 'critical',
        expr: unreachable(plumberJob, plumber.namespace),
        for: '5m',
        summary: 'pvc-plumber is not there: no labelled PVC can be created.',
        description: `Prometheus has not reached any pvc-plumber in ${plumber.namespace} for 5 minutes. Labelled PVCs are refused until it answers.`,
      },
      {
        name: 'PvcPlumberStoreUnreachable',
        severity: 'critical',
        expr: 'max by (namespace, pod) (pvc_plumber_store_reachable) == 0',
        for: '5m',
        summary: 'pvc-plumber can not vouch for the S3 store: no labelled PVC can be created, and backups fail, too.',
        description: 'Pod {{ $labels.namespace }}/{{ $labels.pod }} gets no proof from the S3 store, or it is another store. Its log says which.',
      },
      {
        name: 'PvcPlumberUnknown',
        severity: 'warning',
        expr: 'sum by (namespace) (increase(pvc_plumber_backup_check_total{decision="unknown"}[5m])) > 0',
        for: '5m',
        summary: 'pvc-plumber does not know whether there is a backup: PVCs are refused.',
        description: 'pvc-plumber in {{ $labels.namespace }} answered "unknown" {{ $value | humanize }} times in 5 minutes. Its log names the PVCs.',
      },
    ],
  };
}
