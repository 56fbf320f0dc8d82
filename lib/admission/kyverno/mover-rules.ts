import {
  ClusterPolicySpecRulesContextApiCallMethod as Method,
  ClusterPolicySpecRulesMatchAnyResourcesOperations as Operation,
  ClusterPolicySpecRulesValidateFailureAction as FailureAction,
  type ClusterPolicySpecRules,
  type ClusterPolicySpecRulesMatchAnyResources,
} from '../../../imports/kyverno.io';
import { toYaml } from '../../gitops/yaml';
import { moverCommand } from '../../model/mover';
import { podLabel, podSecurityLabel } from '../../model/naming';
import { populatorLabel } from '../../model/volsync-labels';
import { type Condition, request, variable } from './jmespath';

/** Name of the mover's container (fork v0.17.11, internal/controller/mover/kopia/mover.go). */
const container = 'kopia';

/**
 * What a mover Pod gets that VolSync can't be told: the script around its entry script, and, where owners and modes come back, the user and the
 * capabilities for that.
 */
export function moverRules(script: string): ClusterPolicySpecRules[] {
  return [
    {
      name: 'run-mover-script',
      skipBackgroundRequests: true,
      match: onPodCreation({ matchExpressions: [{ key: podLabel.mover, operator: 'Exists' }] }),
      mutate: { patchStrategicMerge: { spec: { containers: [{ name: container, command: [...moverCommand(script)] }] } } },
    },
    ...(['backup', 'restore'] as const).map((task) => ({
      name: `keep-owners-${task}`,
      skipBackgroundRequests: true,
      // Pod Security "restricted" permits no root: movers keep the fixed user there, and the PVC's creation draws a warning.
      match: onPodCreation(
        { matchLabels: { [podLabel.mover]: task, [podLabel.owners]: 'keep' } },
        { matchExpressions: [{ key: podSecurityLabel, operator: 'NotIn', values: ['restricted'] }] },
      ),
      mutate: { patchesJson6902: toYaml([asRoot(capabilities[task])]) },
    })),
  ];
}

/**
 * What root needs without being privileged; each is permitted by Pod Security "baseline". Reading another user's file takes DAC_OVERRIDE; owner and mode
 * take CHOWN and FOWNER, and without FSETID the kernel drops the setgid bit of a folder of another group.
 */
const capabilities = {
  backup: ['DAC_OVERRIDE'],
  restore: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID'],
} as const;

/** In place of the whole security context of the Pod, without fsGroup: the kubelet would give every file to that group before a backup reads it. */
function asRoot(add: readonly string[]): object[] {
  return [
    {
      op: 'add',
      path: '/spec/securityContext',
      value: { runAsUser: 0, runAsGroup: 0, runAsNonRoot: false, seccompProfile: { type: 'RuntimeDefault' } },
    },
    { op: 'add', path: '/spec/containers/0/securityContext/capabilities/add', value: add },
  ];
}

function onPodCreation(
  selector: ClusterPolicySpecRulesMatchAnyResources['selector'],
  namespaceSelector?: ClusterPolicySpecRulesMatchAnyResources['namespaceSelector'],
): ClusterPolicySpecRules['match'] {
  const resources = { kinds: ['Pod'], operations: [Operation.CREATE], selector };
  return { any: [{ resources: namespaceSelector === undefined ? resources : { ...resources, namespaceSelector } }] };
}

/**
 * Storage rounds sizes up, and a provisioner makes no volume that is smaller than the snapshot it is made from (external-provisioner). VolSync's
 * populator asks for the PVC's own size, so a PVC of `10G` could never be restored. Its claim gets the snapshot's size; the PVC itself stays as it is in Git.
 *
 * VolSync makes the claim as soon as the snapshot is bound, which is before the storage has cut it and said how large it is. The claim is refused until then;
 * VolSync tries again.
 */
export function restoreSizeRules(): ClusterPolicySpecRules[] {
  const onClaimCreation = {
    any: [
      {
        resources: {
          kinds: ['PersistentVolumeClaim'],
          operations: [Operation.CREATE],
          selector: { matchExpressions: [{ key: populatorLabel, operator: 'Exists' }] },
        },
      },
    ],
  };
  const snapshotSize = {
    name: 'snapshotSize',
    apiCall: {
      method: Method.GET,
      urlPath: `/apis/snapshot.storage.k8s.io/v1/namespaces/${variable(request.namespace)}/volumesnapshots/${variable(`${request.dataSourceRef}.name`)}`,
      jmesPath: `status.readyToUse && status.restoreSize || '0'`,
    },
  };
  const smallerThanSnapshot: Condition = { key: variable('snapshotSize'), operator: 'GreaterThan', value: variable(request.storageRequest) };
  return [
    {
      name: 'as-large-as-the-snapshot',
      skipBackgroundRequests: true,
      match: onClaimCreation,
      context: [snapshotSize],
      preconditions: { all: [smallerThanSnapshot] },
      mutate: { patchStrategicMerge: { spec: { resources: { requests: { storage: variable('snapshotSize') } } } } },
    },
    {
      name: 'wait-for-the-snapshot',
      skipBackgroundRequests: true,
      match: onClaimCreation,
      context: [snapshotSize],
      validate: {
        failureAction: FailureAction.ENFORCE,
        allowExistingViolations: true,
        message: `the snapshot ${variable(`${request.dataSourceRef}.name`)} of the restore is still being cut, and its size is known only afterwards. VolSync retries, so there is nothing to do. If it takes long: kubectl get volumesnapshot -n ${variable(request.namespace)}`,
        // The snapshot may have become ready since the rule above looked.
        deny: { conditions: { any: [{ key: variable('snapshotSize'), operator: 'Equals', value: '0' }, smallerThanSnapshot] } },
      },
    },
  ];
}
