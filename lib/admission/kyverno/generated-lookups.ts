import { ClusterPolicySpecRulesContextApiCallMethod as Method, type ClusterPolicySpecRulesContext } from '../../../imports/kyverno.io';
import type { GeneratedResource } from '../../protection/generated-resource';
import { requestedPvc } from './jmespath';

/** What stands in place of a list that the API server did not give. */
export const unreadable = 'a list that could not be read';

/** Resources with a name that a second PVC would have too. A restore has one of its own for each creation. */
export function fixedNames(resources: readonly GeneratedResource[]): GeneratedResource[] {
  const named = resources.filter(({ onlyForRestore }) => onlyForRestore !== true);
  return [...new Map(named.map((resource) => [`${resource.object.kind}/${resource.object.metadata.name}`, resource])).values()];
}

/**
 * Looks whether a resource of a generated name is there. It yields the empty text, a text about the resource, or {@link unreadable}.
 *
 * @param about JMESPath of that text, from the resource
 */
export function lookUp(name: string, { object }: GeneratedResource, about: (plural: string) => string): ClusterPolicySpecRulesContext {
  // The kinds' plurals are regular. A list, because Kyverno can't tell "not found" from "not allowed" or "not now"; an empty one is proof.
  const plural = `${object.kind.toLowerCase()}s`;
  return {
    name,
    apiCall: {
      method: Method.GET,
      urlPath: `/apis/${object.apiVersion}/namespaces/${requestedPvc.namespace}/${plural}?fieldSelector=metadata.name=${object.metadata.name}&resourceVersion=0`,
      jmesPath: `type(items) != 'array' && '${unreadable}' || join(', ', items[].${about(plural)})`,
      default: unreadable,
    },
  };
}
