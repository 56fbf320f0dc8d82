import type { Tier } from '../model/tier';
import type { AlertGroup } from './alert';
import { argocdAlerts } from './alerts/argocd';
import { blindnessAlerts } from './alerts/blindness';
import { coverageAlerts } from './alerts/coverage';
import { dependencyAlerts } from './alerts/dependencies';
import { plumberAlerts } from './alerts/plumber';
import { volsyncAlerts } from './alerts/volsync';

/** The spec's alerts, and those that its silence needs. */
export function backupAlerts(tiers: readonly Pick<Tier, 'label' | 'schedule'>[]): AlertGroup[] {
  return [
    volsyncAlerts(),
    plumberAlerts(),
    coverageAlerts(tiers),
    dependencyAlerts(tiers.map(({ label }) => label)),
    argocdAlerts(),
    blindnessAlerts(),
  ];
}
