import type {
  ClusterPolicySpecRules,
  ClusterPolicySpecRulesGenerateForeach,
  ClusterPolicySpecRulesGenerateForeachPreconditions as Preconditions,
} from '../../../imports/kyverno.io';
import { settledDecisions } from '../../model/decision';
import { annotation, backupLabel } from '../../model/naming';
import type { GeneratedResource } from '../../protection/generated-resource';
import { all, eq, not, oneOf } from '../predicate';
import { decision, isBlockVolume, isDecided, pointsToOwnRestore } from '../requested-pvc';
import { type Condition, differs, equals, holds, literal, request, variable } from './jmespath';
import { anyTimeOutside, exceptCreateAndDelete, onCreateOutside, type Protected } from './match';

/**
 * The rule that generates when a PVC is created. One rule for all kinds: for each rule of each request Kyverno lists the PVCs of the namespace, to find the one
 * that it is for (pkg/background/common/resource.go, 1.19.0).
 */
export function creationRule(scope: Protected, resources: readonly GeneratedResource[]): ClusterPolicySpecRules {
  return {
    name: 'generate',
    skipBackgroundRequests: true,
    match: onCreateOutside(scope),
    preconditions: { all: [hasFiles, decided] },
    generate: generation(resources, [restoring]),
  };
}

/**
 * The rule that generates for PVCs that were there before, got their label later, or lost what was generated. A PVC that is being deleted gets
 * nothing, and a restore is only repeated while the PVC still waits for it.
 *
 * It acts when the label is another one, when pvc-plumber asks for it, and in Kyverno's rounds: most updates of a PVC are none of its business, and each
 * costs a request for generation.
 */
export function repairRule(scope: Protected, resources: readonly GeneratedResource[]): ClusterPolicySpecRules {
  return {
    name: 'repair',
    skipBackgroundRequests: true,
    match: anyTimeOutside(scope),
    exclude: exceptCreateAndDelete(),
    preconditions: { all: [equals(request.deletionTimestamp, ''), hasFiles, notHeld, labelIsNewOrRepairIsAsked] },
    generate: { ...generation(resources, [restoring, differs(request.phase, 'Bound')]), generateExisting: true },
  };
}

/** Block volumes have no files for the mover. */
const hasFiles: Condition = holds(not(isBlockVolume));

/** Nothing is ever generated for a PVC on which the gate did not decide. */
const decided: Condition = holds(isDecided);

/** A PVC from before the policies has no decision. One with another decision is held, and waits for nothing. */
const notHeld: Condition = holds(oneOf(decision, [...settledDecisions, 'none']));

/** Kyverno's rounds have no older object, and go over all. */
const labelIsNewOrRepairIsAsked: Condition = {
  key: variable(
    `!(request.oldObject) || request.oldObject.metadata.labels.${backupLabel} != request.object.metadata.labels.${backupLabel} || ` +
      `request.oldObject.metadata.annotations."${annotation.repairRequestedAt}" != ${request.annotation(annotation.repairRequestedAt)}`,
  ),
  operator: 'Equals',
  value: true,
};

const restoring: Condition = holds(all(eq(decision, 'restore'), pointsToOwnRestore('dataSourceRef')));

/** Runs once. */
const once = `[${literal(true)}]`;

function generation(resources: readonly GeneratedResource[], forRestore: readonly Condition[]): NonNullable<ClusterPolicySpecRules['generate']> {
  return {
    // Synchronizing over hundreds of objects, with Argo CD on the other side, has overloaded an API server for a day.
    synchronize: false,
    orphanDownstreamOnPolicyDelete: true,
    foreach: resources.map((resource) => each(resource, resource.onlyForRestore === true ? forRestore : [])),
  };
}

function each({ object, labels }: GeneratedResource, conditions: readonly Condition[]): ClusterPolicySpecRulesGenerateForeach {
  const { apiVersion, kind, metadata, ...body } = object;
  const { name, namespace, ...rest } = metadata;
  const ofTier: Condition[] =
    labels === undefined ? [] : [{ key: variable(`request.object.metadata.labels.${backupLabel}`), operator: 'AnyIn', value: [...labels] }];
  const every = [...ofTier, ...conditions];
  // The generated class has an enum for the operators.
  const preconditions = { all: every } as unknown as Preconditions;
  return {
    list: once,
    preconditions: every.length === 0 ? undefined : preconditions,
    apiVersion,
    kind,
    name,
    namespace,
    data: { metadata: rest, ...body },
  };
}
