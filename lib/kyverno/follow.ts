import type { GeneratedChild } from './generated-child';
import { backupLabel, followRule } from '../model/naming';
import { type Condition, equals, request, variable } from './jmespath';
import { anyTimeOutside, exceptCreateAndDelete, type Protected } from './match';

/**
 * Rules that keep schedule, retention and the mover of an existing ReplicationSource at those of its PVC's tier and of the site: after another label value,
 * and after another value in `main.ts`. Generation leaves what exists as it is. Nothing else of the object is touched, and nothing that
 * Kyverno did not make. The rules are plain data, because the generated class drops `targets[].preconditions`.
 */
export function followRules(scope: Protected, children: readonly GeneratedChild[]): object[] {
  return children
    .filter(({ object }) => object.kind === 'ReplicationSource')
    .map(({ rule, object, labels }) => {
      const {
        trigger,
        kopia: { retain, moverPodLabels, moverSecurityContext },
      } = object['spec'] as SourceSpec;
      return {
        name: followRule(rule),
        skipBackgroundRequests: true,
        match: anyTimeOutside({ ...scope, labels: labels ?? scope.labels }),
        exclude: exceptCreateAndDelete(),
        preconditions: { all: [equals(request.deletionTimestamp, ''), labelIsNew] },
        mutate: {
          // Its rounds find what was changed while Kyverno was away.
          mutateExistingOnPolicyUpdate: true,
          targets: [
            {
              apiVersion: object.apiVersion,
              kind: object.kind,
              name: object.metadata.name,
              namespace: object.metadata.namespace,
              preconditions: { all: [equals(`target.metadata.labels."app.kubernetes.io/managed-by"`, 'kyverno')] },
            },
          ],
          patchStrategicMerge: { spec: { trigger, kopia: { retain, moverPodLabels, moverSecurityContext } } },
        },
      };
    });
}

/** Every other update of a PVC would cost as much as its generation. Kyverno's rounds have no older object, and go over all. */
const labelIsNew: Condition = {
  key: variable(`request.oldObject.metadata.labels.${backupLabel} || ''`),
  operator: 'NotEquals',
  value: variable(`request.object.metadata.labels.${backupLabel} || ''`),
};

interface SourceSpec {
  readonly trigger: object;
  readonly kopia: { readonly retain: object; readonly moverPodLabels: object; readonly moverSecurityContext: object };
}
