import type { DataScenario } from '../../harness/data-scenario';
import { adoptionScenarios } from './adoption';
import { cutUploadScenarios } from './cut-uploads';
import { existingClusterScenarios } from './existing-cluster';
import { exitScenarios } from './exit';
import { forkScenarios } from './fork';
import { forkContentScenarios } from './fork-contents';
import { networkFaultScenarios } from './network-faults';
import { newClusterScenarios } from './new-cluster';
import { olderScenarios } from './older';
import { postgresScenarios } from './postgres';
import { randomFaultScenarios } from './random-faults';
import { retentionScenarios } from './retention';
import { returnScenarios } from './return';
import { slowSnapshotScenarios } from './slow-snapshots';
import { storeFaultScenarios } from './store-faults';
import { workloadScenarios } from './workloads';

/** Those that take longest come first. Those with a cluster of their own come last: it takes the old one's place. */
export const dataScenarios: readonly DataScenario[] = [
  ...returnScenarios,
  ...slowSnapshotScenarios,
  ...retentionScenarios,
  ...cutUploadScenarios,
  ...exitScenarios,
  ...forkContentScenarios,
  ...forkScenarios,
  ...olderScenarios,
  ...workloadScenarios,
  ...postgresScenarios,
  ...networkFaultScenarios,
  ...storeFaultScenarios,
  ...randomFaultScenarios,
  ...existingClusterScenarios,
  ...newClusterScenarios,
  ...adoptionScenarios,
];
