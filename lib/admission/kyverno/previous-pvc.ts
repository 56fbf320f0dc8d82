import {
  ClusterPolicySpecRulesContextApiCallMethod as Method,
  type ClusterPolicySpecRules,
  type ClusterPolicySpecRulesContext,
} from '../../../imports/kyverno.io';
import { settledDecisions, waitDecision } from '../../model/decision';
import { annotation } from '../../model/naming';
import { existingPvc, isNotThere } from './existing-pvc';
import type { GeneratedResource } from '../../protection/generated-resource';
import { request, requestedPvc, variable } from './jmespath';
import { exceptNamespaces, onCreate, type Protected } from './match';
import { decisionAnnotations } from './decision-annotations';

const unreadable = 'a list that could not be read';

/**
 * Lets a PVC wait while resources that were generated for a previous one of its name are there. Kyverno finds them and makes none, and then the garbage
 * collector takes them away: the new PVC would have no credentials, no backup and, where it waits for its restore, nothing that ever moves it on.
 *
 * Where the previous PVC itself is there and stays, nobody has to wait: the API server answers 409, which clients take for success that create first and ask
 * afterwards.
 */
export function waitForPreviousPvc(scope: Protected, resources: readonly GeneratedResource[]): ClusterPolicySpecRules {
  const kinds = distinct(resources);
  const found = kinds.map((_, index) => `left${index}`);
  return {
    name: 'wait-for-earlier-pvc',
    skipBackgroundRequests: true,
    match: onCreate(scope.labels),
    exclude: exceptNamespaces(scope.excludedNamespaces),
    context: [
      ...kinds.map((resource, index) => leftover(`left${index}`, resource)),
      { name: 'left', variable: { jmesPath: `join(', ', [${found.join(', ')}][?@ != ''])`, default: unreadable } },
      existingPvc,
    ],
    preconditions: {
      all: [
        // First: for a PVC that is refused anyhow nothing is looked up.
        { key: variable(`${request.annotation(annotation.decision)} || ''`), operator: 'AnyIn', value: [...settledDecisions] },
        { key: variable('left'), operator: 'NotEquals', value: '' },
        isNotThere,
      ],
    },
    mutate: {
      patchStrategicMerge: {
        metadata: {
          annotations: decisionAnnotations(waitDecision, `resources of the deleted PVC with this name still exist (${variable('left')})`),
        },
      },
    },
  };
}

/** Resources with a name that a second PVC would have too. A restore has one of its own for each creation. */
function distinct(resources: readonly GeneratedResource[]): GeneratedResource[] {
  const named = resources.filter(({ onlyForRestore }) => onlyForRestore !== true);
  return [...new Map(named.map((resource) => [`${resource.object.kind}/${resource.object.metadata.name}`, resource])).values()];
}

/** A resource that some PVC owns. One that a person made has no such owner, stays, and is no hindrance. */
function leftover(name: string, { object }: GeneratedResource): ClusterPolicySpecRulesContext {
  // The kinds' plurals are regular. A list, because Kyverno can't tell "not found" from "not allowed" or "not now"; an empty one is proof.
  const plural = `${object.kind.toLowerCase()}s`;
  const owned = `metadata.ownerReferences[?kind == 'PersistentVolumeClaim']`;
  return {
    name,
    apiCall: {
      method: Method.GET,
      urlPath: `/apis/${object.apiVersion}/namespaces/${requestedPvc.namespace}/${plural}?fieldSelector=metadata.name=${object.metadata.name}&resourceVersion=0`,
      jmesPath: `type(items) != 'array' && '${unreadable}' || join(', ', items[?${owned}].join('/', ['${plural}', metadata.name]))`,
      default: unreadable,
    },
  };
}
