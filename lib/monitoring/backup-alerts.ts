import type { Tier } from '../model/tier';
import type { AlertGroup } from './alert';
import { blindnessAlerts } from './alerts/blindness';
import { coverageAlerts } from './alerts/coverage';
import { dependencyAlerts } from './alerts/dependencies';
import { plumberAlerts } from './alerts/plumber';
import { storeAlerts } from './alerts/store';
import { volsyncAlerts } from './alerts/volsync';

/** The spec's alerts, and those that its silence needs. */
export function backupAlerts(tiers: readonly Pick<Tier, 'label' | 'schedule'>[]): AlertGroup[] {
  const labels = tiers.map(({ label }) => label);
  return [volsyncAlerts(), plumberAlerts(), coverageAlerts(tiers), storeAlerts(labels), dependencyAlerts(labels), blindnessAlerts()];
}
