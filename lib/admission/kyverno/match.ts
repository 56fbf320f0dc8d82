import {
  ClusterPolicySpecRulesExcludeAnyResourcesOperations as ExcludeOperation,
  ClusterPolicySpecRulesMatchAnyResourcesOperations as MatchOperation,
  type ClusterPolicySpecRulesExclude,
  type ClusterPolicySpecRulesMatch,
} from '../../../imports/kyverno.io';
import type { OptIn } from '../../model/opt-in';
import { ofApplications, otherNamespaces, withLabel, withOtherLabel, withTier } from '../selectors';

/** Which PVCs the policies are about. */
export interface Protected {
  /** Label values of the tiers. */
  readonly labels: readonly string[];
  readonly excludedNamespaces: readonly string[];
  /** PVCs that are treated as labelled. */
  readonly optIn: readonly OptIn[];
}

const kinds = ['PersistentVolumeClaim'];

/** The creation of a labelled PVC, and nothing else: with other operations a PVC could not be deleted while the policy is in its way. */
export function onCreate(labels: readonly string[]): ClusterPolicySpecRulesMatch {
  return { any: [{ resources: { kinds, operations: [MatchOperation.CREATE], selector: withTier(labels) } }] };
}

/** The same outside the excluded namespaces. The exclusion stands in `match`, because Kyverno lets nobody change `exclude` of a generate rule. */
export function onCreateOutside({ labels, excludedNamespaces }: Protected): ClusterPolicySpecRulesMatch {
  const namespaceSelector = otherNamespaces(excludedNamespaces);
  return { any: [{ resources: { kinds, operations: [MatchOperation.CREATE], selector: withTier(labels), namespaceSelector } }] };
}

/**
 * Any labelled PVC at any time: on updates, and in Kyverno's own rounds over what exists, which have no operation and would never match a
 * list of operations.
 */
export function anyTimeOutside({ labels, excludedNamespaces }: Protected): ClusterPolicySpecRulesMatch {
  const namespaceSelector = otherNamespaces(excludedNamespaces);
  return { any: [{ resources: { kinds, selector: withTier(labels), namespaceSelector } }] };
}

/** The creation of a PVC whose label `backup` has another value than the tiers. */
export function onCreateOfOthers(labels: readonly string[]): ClusterPolicySpecRulesMatch {
  return { any: [{ resources: { kinds, operations: [MatchOperation.CREATE], selector: withOtherLabel(labels) } }] };
}

/** The creation of a PVC that the site names, whatever its labels. */
export function onCreateByName(optIn: readonly OptIn[]): ClusterPolicySpecRulesMatch {
  const selector = ofApplications();
  return {
    any: optIn.map(({ namespace, names }) => ({
      resources: { kinds, operations: [MatchOperation.CREATE], namespaces: [namespace], names: [...names], selector },
    })),
  };
}

/** A change of a PVC that has the label, with whatever value. */
export function onUpdate(): ClusterPolicySpecRulesMatch {
  return { any: [{ resources: { kinds, operations: [MatchOperation.UPDATE], selector: withLabel() } }] };
}

export function exceptNamespaces(excludedNamespaces: readonly string[]): ClusterPolicySpecRulesExclude {
  return { any: [{ resources: { namespaces: [...excludedNamespaces] } }] };
}

/** Leaves creation to the gate, and lets deletions alone. Kyverno narrows its webhook by such an entry only if it holds nothing else. */
export function exceptCreateAndDelete(): ClusterPolicySpecRulesExclude {
  return { any: [{ resources: { kinds, operations: [ExcludeOperation.CREATE, ExcludeOperation.DELETE, ExcludeOperation.CONNECT] } }] };
}
