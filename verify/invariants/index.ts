import type { Invariant } from '../invariant';
import { argocdInvariants } from './argocd-invariants';
import { protectionInvariants } from './protection-invariants';
import { cleanupInvariants } from './cleanup-invariants';
import { monitoringInvariants } from './monitoring-invariants';
import { moverInvariants } from './mover-invariants';
import { policyInvariants } from './policy-invariants';
import { referenceInvariants } from './reference-invariants';
import { rightsInvariants } from './rights-invariants';
import { storeInvariants } from './store-invariants';

/** What every rendered tree keeps, whatever the site. */
export const invariants: readonly Invariant[] = [
  ...policyInvariants,
  ...moverInvariants,
  ...cleanupInvariants,
  ...protectionInvariants,
  ...argocdInvariants,
  ...referenceInvariants,
  ...rightsInvariants,
  ...monitoringInvariants,
  ...storeInvariants,
];
