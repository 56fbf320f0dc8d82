import type { Manifest } from '../../gitops/manifest';
import type { OptIn } from '../../model/opt-in';
import { optInPolicy } from '../../model/policy-names';
import { validationOf } from '../denial';
import { isOptedIn, optedInTier } from '../opt-in-condition';
import { optInDenials } from '../opt-in-denials';
import { ofApplications, onlyNamespaces } from '../selectors';
import { admissionPolicy } from './admission-policy';
import { list } from './cel';

export interface OptInProps {
  /** Label values of the tiers. */
  readonly labels: readonly string[];
  /** PVCs that are treated as labelled. */
  readonly optIn: readonly OptIn[];
}

/**
 * Refuses a PVC that the site names and that did not get its label. The gate gives the label; where it was not asked, all other policies would take the PVC for one
 * that wants no backup.
 */
export function optedIn(file: Manifest, { labels, optIn }: OptInProps): void {
  if (optIn.length === 0) return;
  admissionPolicy(file, {
    name: optInPolicy,
    action: 'Deny',
    of: { apiGroup: '', apiVersion: 'v1', operation: 'CREATE', resource: 'persistentvolumeclaims' },
    objectSelector: ofApplications(),
    namespaceSelector: onlyNamespaces([...new Set(optIn.map(({ namespace }) => namespace))]),
    matchCondition: { name: 'opted-in', expression: isOptedIn(optIn) },
    variables: { tier: optedInTier(optIn), tiers: list(labels) },
    validations: optInDenials.map((denial) => validationOf(denial)),
  });
}
