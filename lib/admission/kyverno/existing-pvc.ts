import { ClusterPolicySpecRulesContextApiCallMethod as Method, type ClusterPolicySpecRulesContext } from '../../../imports/kyverno.io';
import { type Condition, literal, requestedPvc, variable } from './jmespath';

/**
 * How many PVCs of the requested name are there and stay. It is read from the API server's cache, and may be behind: a PVC that was deleted meanwhile counts,
 * so whoever reads it must stay safe if the creation succeeds after all.
 */
export const existingPvc: ClusterPolicySpecRulesContext = {
  name: 'existing',
  apiCall: {
    method: Method.GET,
    urlPath: `/api/v1/namespaces/${requestedPvc.namespace}/persistentvolumeclaims?fieldSelector=metadata.name=${requestedPvc.name}&resourceVersion=0`,
    jmesPath: `length(items[?!(metadata.deletionTimestamp)] || ${literal('[]')})`,
    default: 0,
  },
};

/** A PVC of the requested name is there, and is not being deleted. */
export const isThere: Condition = { key: variable('existing'), operator: 'GreaterThan', value: 0 };

export const isNotThere: Condition = { key: variable('existing'), operator: 'Equals', value: 0 };
