import type { ClusterPolicySpecRules } from '../../../imports/kyverno.io';
import { foreignDecision, settledDecisions, waitDecision } from '../../model/decision';
import { annotation } from '../../model/naming';
import type { GeneratedResource } from '../../protection/generated-resource';
import { decisionAnnotations } from './decision-annotations';
import { existingPvc, isNotThere } from './existing-pvc';
import { fixedNames, lookUp, unreadable } from './generated-lookups';
import { request, requestedPvc, variable } from './jmespath';
import { exceptNamespaces, onCreate, type Protected } from './match';

/** Behind the name of a resource that will not go by itself. */
const notOurs = 'not owned by a PVC of this name';

const leftBehind = 'resources of the deleted PVC with this name still exist';

/**
 * Refuses a PVC while resources of generated names are there: Kyverno would find them and make none.
 *
 * Those of a previous PVC of the name are garbage-collected in a moment, and the new PVC would be left without credentials and backup: it waits. What no PVC of
 * the name owns was made by a person, or is left of a PVC that was deleted without it (`--cascade=orphan`). It may point to another place, so a person decides.
 * The owner tells the two apart; labels are overwritten by tools that adopt objects.
 *
 * Where the previous PVC itself is there and stays, nobody has to wait: the API server answers 409, which clients take for success that create first and ask
 * afterwards.
 */
export function waitForPreviousPvc(scope: Protected, resources: readonly GeneratedResource[]): ClusterPolicySpecRules {
  const kinds = fixedNames(resources);
  const found = kinds.map((_, index) => `left${index}`);
  const ofPrevious = `metadata.ownerReferences[?kind == 'PersistentVolumeClaim' && name == '${requestedPvc.name}']`;
  // One that is being deleted goes, whoever made it.
  const about = (plural: string): string =>
    `join('', ['${plural}/', metadata.name, (!(${ofPrevious} || metadata.deletionTimestamp) && ', ${notOurs}' || '')])`;
  const foreign = `contains(left, '${notOurs}')`;
  return {
    name: 'wait-for-earlier-pvc',
    skipBackgroundRequests: true,
    match: onCreate(scope.labels),
    exclude: exceptNamespaces(scope.excludedNamespaces),
    context: [
      ...kinds.map((resource, index) => lookUp(`left${index}`, resource, about)),
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
          annotations: decisionAnnotations(
            variable(`(${foreign}) && '${foreignDecision}' || '${waitDecision}'`),
            variable(`join('', [(${foreign}) && 'a resource has the name of one that is generated for it' || '${leftBehind}', ' (', left, ')'])`),
          ),
        },
      },
    },
  };
}
