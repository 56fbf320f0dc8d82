import type { ClusterPolicySpecRules } from '../../imports/kyverno.io';
import { annotation } from '../model/naming';
import type { GeneratedChild } from './generated-child';
import { type Condition, differs, equals, request, variable } from './jmespath';
import { anyTimeOutside, exceptCreateAndDelete, onCreateOutside, type Protected } from './match';
import { pointsToRestore } from './verdict';

/** Rules that make the children when a PVC is created. */
export function creationRules(scope: Protected, children: readonly GeneratedChild[]): ClusterPolicySpecRules[] {
  return children.map((child) => ({
    ...generation(child),
    match: onCreateOutside({ ...scope, labels: child.labels ?? scope.labels }),
    preconditions: { all: [supported, ...(child.onlyForRestore === true ? [restoring] : [])] },
  }));
}

/**
 * Rules that make the children for PVCs that were there before, got their label later, or lost their children. A PVC that is being deleted gets
 * none, and a restore is only repeated while the PVC still waits for it.
 */
export function repairRules(scope: Protected, children: readonly GeneratedChild[]): ClusterPolicySpecRules[] {
  const alive = equals(request.deletionTimestamp, '');
  const unbound = differs(request.phase, 'Bound');
  return children.map((child) => {
    const rule = generation(child);
    return {
      ...rule,
      match: anyTimeOutside({ ...scope, labels: child.labels ?? scope.labels }),
      exclude: exceptCreateAndDelete(),
      preconditions: { all: [alive, supported, ...(child.onlyForRestore === true ? [restoring, unbound] : [])] },
      generate: { ...rule.generate, generateExisting: true },
    };
  });
}

/** Block volumes have no files for the mover. */
const supported: Condition = differs(request.volumeMode, 'Block');

const restoring: Condition = {
  key: variable(`${request.annotation(annotation.decision)} == 'restore' && ${pointsToRestore}`),
  operator: 'Equals',
  value: true,
};

function generation({ rule, object }: GeneratedChild): Omit<ClusterPolicySpecRules, 'match'> {
  const { apiVersion, kind, metadata, ...body } = object;
  const { name, namespace, ...rest } = metadata;
  return {
    name: rule,
    skipBackgroundRequests: true,
    generate: {
      apiVersion,
      kind,
      name,
      namespace,
      // Synchronizing over hundreds of objects, with Argo CD on the other side, has overloaded an API server for a day.
      synchronize: false,
      orphanDownstreamOnPolicyDelete: true,
      data: { metadata: rest, ...body },
    },
  };
}
