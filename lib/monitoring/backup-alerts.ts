import type { OptIn } from '../model/opt-in';
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
export function backupAlerts(tiers: readonly BackupTier[], argocd: ArgocdNames, optIn: readonly OptIn[] = []): AlertGroup[] {
  const labels = tiers.map(({ label }) => label.toString());
  return [
    volsyncAlerts(tiers),
    plumberAlerts(),
    coverageAlerts(tiers, optIn),
    storeAlerts(labels),
    dependencyAlerts(labels),
    argocdAlerts(argocd),
    blindnessAlerts(),
  ];
}

/** The groups without the alerts of these names. */
export function withoutAlerts(groups: readonly AlertGroup[], off: readonly string[]): AlertGroup[] {
  return groups
    .map((group) => ({ ...group, alerts: group.alerts.filter(({ name }) => !off.includes(name)) }))
    .filter(({ alerts }) => alerts.length > 0);
}
