import type { Tier } from '../model/tier';
import type { AlertGroup } from './alert';
import { blindnessAlerts } from './alerts/blindness';
import { coverageAlerts } from './alerts/coverage';
import { dependencyAlerts } from './alerts/dependencies';
import { plumberAlerts } from './alerts/plumber';
import { volsyncAlerts } from './alerts/volsync';

/** The spec's alerts, and those that its silence needs. */
export function backupAlerts(tiers: readonly Pick<Tier, 'label' | 'schedule'>[]): AlertGroup[] {
  return [volsyncAlerts(), plumberAlerts(), coverageAlerts(tiers), dependencyAlerts(tiers.map(({ label }) => label)), blindnessAlerts()];
}

/** The groups without the alerts of these names. */
export function withoutAlerts(groups: readonly AlertGroup[], off: readonly string[]): AlertGroup[] {
  return groups
    .map((group) => ({ ...group, alerts: group.alerts.filter(({ name }) => !off.includes(name)) }))
    .filter(({ alerts }) => alerts.length > 0);
}
