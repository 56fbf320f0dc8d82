import type { ClusterPolicySpecRules } from '../../../imports/kyverno.io';
import type { KubernetesObject } from '../../gitops/manifest';
import type { GeneratedResource } from '../../protection/generated-resource';
import { backupLabel } from '../../model/naming';
import { followRule } from '../../model/policy-names';
import { type Condition, equals, literal, request, variable } from './jmespath';
import { anyTimeOutside, exceptCreateAndDelete, type Protected } from './match';

/**
 * Rules that keep existing objects at what the site says now: schedule, retention and mover of a ReplicationSource, location and item fields of an
 * ExternalSecret. Generation leaves what exists as it is. Nothing else of the object is touched, and nothing that does not belong to the PVC.
 */
export function followRules(scope: Protected, resources: readonly GeneratedResource[]): ClusterPolicySpecRules[] {
  return resources.flatMap(({ rule, object, labels }) => {
    const spec = followed(object);
    return spec === undefined ? [] : [followRuleOf(rule, object, spec, { ...scope, labels: labels ?? scope.labels })];
  });
}

/** What follows of a kind. */
function followed(object: KubernetesObject): object | undefined {
  if (object.kind === 'ReplicationSource') {
    const {
      trigger,
      kopia: { retain, moverPodLabels, moverSecurityContext, moverResources },
    } = object['spec'] as SourceSpec;
    const resources = moverResources === undefined ? {} : { moverResources };
    return { trigger, kopia: { retain, moverPodLabels, moverSecurityContext, ...resources } };
  }
  if (object.kind === 'ExternalSecret') {
    const { secretStoreRef, target, data } = object['spec'] as SecretSpec;
    return { secretStoreRef, target: { template: { data: target.template.data } }, data };
  }
  return undefined;
}

function followRuleOf(rule: string, { apiVersion, kind, metadata }: KubernetesObject, spec: object, scope: Protected): ClusterPolicySpecRules {
  return {
    name: followRule(rule),
    skipBackgroundRequests: true,
    match: anyTimeOutside(scope),
    exclude: exceptCreateAndDelete(),
    preconditions: { all: [equals(request.deletionTimestamp, ''), labelIsNew] },
    mutate: {
      // Its rounds find what was changed while Kyverno was away.
      mutateExistingOnPolicyUpdate: true,
      targets: [
        {
          apiVersion,
          kind,
          name: metadata.name,
          namespace: metadata.namespace,
          preconditions: { all: [ownedByPvc] },
        },
      ],
      patchStrategicMerge: { spec },
    },
  };
}

/**
 * It belongs to this very PVC. What has the name and belongs to nobody or to another PVC is somebody else's, and not overwritten. Labels don't tell: tools that adopt
 * objects overwrite them.
 */
const ownedByPvc: Condition = {
  key: variable(`contains(target.metadata.ownerReferences[].uid || ${literal('[]')}, request.object.metadata.uid)`),
  operator: 'Equals',
  value: true,
};

/** Every other update of a PVC would cost as much as its generation. Kyverno's rounds have no older object, and go over all. */
const labelIsNew: Condition = {
  key: variable(`request.oldObject.metadata.labels.${backupLabel} || ''`),
  operator: 'NotEquals',
  value: variable(`request.object.metadata.labels.${backupLabel} || ''`),
};

interface SourceSpec {
  readonly trigger: object;
  readonly kopia: {
    readonly retain: object;
    readonly moverPodLabels: object;
    readonly moverSecurityContext: object;
    readonly moverResources?: object;
  };
}

interface SecretSpec {
  readonly secretStoreRef: object;
  readonly target: { readonly template: { readonly data: object } };
  readonly data: object;
}
