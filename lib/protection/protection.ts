import { Size } from '../model/size';
import type { BackupTier } from '../model/tier';
import type { Site } from '../site/schema';
import type { GeneratedResource } from './generated-resource';
import { kopiaMaintenance } from './kopia-maintenance';
import { moverSecret } from './mover-secret';
import { moverResources } from './mover-pod';
import type { PvcValues } from './pvc-values';
import { replicationDestination } from './replication-destination';
import { replicationSource } from './replication-source';

/**
 * What a labelled PVC gets: the credentials of its movers, a backup on its tier's schedule, maintenance of its repository, and its restore where a backup
 * exists.
 */
export function protectionOf(pvc: PvcValues, site: Site, tiers: readonly BackupTier[]): GeneratedResource[] {
  const { storage, snapshots, spreadSchedules, maintenanceHour } = site;
  const resources = moverResources(site.mover.resources);
  const cacheCapacity = Size.of(storage.cacheCapacity);
  return [
    { rule: 'external-secret', object: moverSecret(pvc, site) },
    ...tiers.map((tier) => ({
      rule: tier.label.sourceRule,
      object: replicationSource(pvc, { tier, spreadSchedules, ...storage, cacheCapacity, resources }),
      labels: [tier.label.toString()],
    })),
    { rule: 'kopia-maintenance', object: kopiaMaintenance(pvc, { maintenanceHour, ...storage, cacheCapacity, resources }) },
    { rule: 'replication-destination', object: replicationDestination(pvc, { ...snapshots, resources }), onlyForRestore: true },
  ];
}
