import { sourceRule } from '../model/naming';
import type { Site } from '../site/schema';
import type { GeneratedResource } from './generated-resource';
import { kopiaMaintenance } from './kopia-maintenance';
import { moverSecret } from './mover-secret';
import type { PvcValues } from './pvc-values';
import { replicationDestination } from './replication-destination';
import { replicationSource } from './replication-source';

/**
 * What a labelled PVC gets: the credentials of its movers, a backup on its tier's schedule, maintenance of its repository, and its restore where a backup
 * exists.
 */
export function protectionOf(pvc: PvcValues, site: Site): GeneratedResource[] {
  const { tiers, storage, snapshots, spreadSchedules, maintenanceHour } = site;
  return [
    { rule: 'external-secret', object: moverSecret(pvc, site) },
    ...tiers.map((tier) => ({
      rule: sourceRule(tier.label),
      object: replicationSource(pvc, { tier, spreadSchedules, ...storage }),
      labels: [tier.label],
    })),
    { rule: 'kopia-maintenance', object: kopiaMaintenance(pvc, { maintenanceHour, ...storage }) },
    { rule: 'replication-destination', object: replicationDestination(pvc, snapshots), onlyForRestore: true },
  ];
}
