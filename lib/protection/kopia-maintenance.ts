import { KopiaMaintenance, KopiaMaintenanceSpecCacheCapacity } from '../../imports/volsync.backube';
import type { KubernetesObject } from '../gitops/manifest';
import { secretName } from '../model/naming';
import type { Size } from '../model/size';
import type { moverResources } from './mover-pod';
import { ownedByPvc } from './owned-by-pvc';
import type { PvcValues } from './pvc-values';

export interface KopiaMaintenanceOptions {
  /** Hour of the day, UTC; the minute is the PVC's own. */
  readonly maintenanceHour: number;
  readonly cacheCapacity: Size;
  /** Resources of the mover. @default none */
  readonly resources?: ReturnType<typeof moverResources>;
}

/**
 * Daily maintenance of the PVC's repository, with the movers' own Secret. A ReplicationSource never runs it; without it, expired snapshots
 * free no space and the index grows until every listing is slow.
 */
export function kopiaMaintenance(pvc: PvcValues, options: KopiaMaintenanceOptions): KubernetesObject {
  return KopiaMaintenance.manifest({
    metadata: ownedByPvc(pvc.maintenanceName, pvc),
    spec: {
      repository: { repository: secretName(pvc) },
      trigger: { schedule: `${pvc.minute} ${options.maintenanceHour} * * *` },
      resources: options.resources,
      cacheCapacity: KopiaMaintenanceSpecCacheCapacity.fromString(options.cacheCapacity.toString()),
      // It touches only the repository, never a volume, so the site's mover identity does not matter. VolSync's default lacks the seccomp profile.
      podSecurityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    },
  }) as KubernetesObject;
}
