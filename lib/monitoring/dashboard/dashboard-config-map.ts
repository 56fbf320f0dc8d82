import { Construct } from 'constructs';
import * as k8s from '../../gitops/k8s';
import type { Manifest } from '../../gitops/manifest';
import type { BackupTier } from '../../model/tier';
import { monitoringMetadata } from '../metadata';
import { backupDashboard } from './dashboard';

/** The dashboard in a ConfigMap that the sidecar of Grafana's chart finds by its label. */
export class DashboardConfigMap extends Construct {
  constructor(scope: Manifest, id: string, tiers: readonly BackupTier[], prometheus: string) {
    super(scope, id);
    const { labels, ...metadata } = monitoringMetadata('pvc-backups-dashboard', prometheus);
    new k8s.KubeConfigMap(this, 'config-map', {
      metadata: { ...metadata, labels: { ...labels, grafana_dashboard: '1' } },
      data: { 'pvc-backups.json': `${JSON.stringify(backupDashboard(tiers), null, 2)}\n` },
    });
  }
}
