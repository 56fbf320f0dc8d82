import type { BackupTier } from '../model/tier';
import type { AlertGroup } from './alert';
import { type ArgocdNames, argocdAlerts } from './alerts/argocd';
import { blindnessAlerts } from './alerts/blindness';
import { coverageAlerts } from './alerts/coverage';
import { dependencyAlerts } from './alerts/dependencies';
import { plumberAlerts } from './alerts/plumber';
import { storeAlerts } from './alerts/store';
import { volsyncAlerts } from './alerts/volsync';

/** The description's alerts, and those that its silence needs. */
export function backupAlerts(tiers: readonly BackupTier[], argocd: ArgocdNames): AlertGroup[] {
  const labels = tiers.map(({ label }) => label.toString());
  return [
    volsyncAlerts(),
    plumberAlerts(),
    coverageAlerts(tiers),
    storeAlerts(labels),
    dependencyAlerts(labels),
    argocdAlerts(argocd),
    blindnessAlerts(),
  ];
}
