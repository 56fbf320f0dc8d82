import { argocdFaults } from './argocd-faults';
import { backupFaults } from './backup-faults';
import type { Fault } from './fault';
import { serviceFaults } from './service-faults';
import { storeFaults } from './store-faults';

export const faults: readonly Fault[] = [...backupFaults, ...storeFaults, ...serviceFaults, ...argocdFaults];
