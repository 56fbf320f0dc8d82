import type { Manifest } from '../../gitops/manifest';
import type { BackedUpStorage } from '../../model/backed-up-storage';
import { quotaPolicy, storageClassPolicy } from '../../model/policy-names';
import { validationOf } from '../denial';
import { labelOf, pvcInMessage } from '../requested-pvc';
import { otherNamespaces, withTier } from '../selectors';
import { noSnapshots } from '../storage-denials';
import { admissionPolicy } from './admission-policy';
import { list, put, text, type Validation } from './cel';

/** Resources of a container, as Kubernetes writes them. */
export interface ContainerResources {
  readonly requests?: Readonly<Record<string, unknown>> | undefined;
  readonly limits?: Readonly<Record<string, unknown>> | undefined;
}

export interface StorageProps extends Omit<BackedUpStorage, 'storageClasses'> {
  /** Label values of the tiers. */
  readonly labels: readonly string[];
  readonly excludedNamespaces: readonly string[];
  /** Resources of the movers' containers. @default none */
  readonly moverResources?: ContainerResources | undefined;
}

/** A restore holds three volumes of the PVC's size for a while: the PVC's own, the one that the mover fills, and the one that the populator hands over. */
const volumesOfRestore = 3;

/** What the cluster itself says about a labelled PVC: whether its storage can be snapshotted, and whether the namespace's quotas leave room for movers and copies. */
export function storagePolicies(file: Manifest, props: StorageProps): void {
  const { labels, excludedNamespaces } = props;
  const about = { objectSelector: withTier(labels), namespaceSelector: otherNamespaces(excludedNamespaces) };
  const of = { apiGroup: '', apiVersion: 'v1', resource: 'persistentvolumeclaims' } as const;
  admissionPolicy(file, {
    ...about,
    name: storageClassPolicy,
    action: 'Deny',
    of: { ...of, operation: ['CREATE', 'UPDATE'] },
    // One that had a tier before stays as it is.
    matchCondition: { name: 'label-is-new', expression: `oldObject == null || !(${labelOf('oldObject')} in ${list(labels)})` },
    params: { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', selector: {} },
    variables: { drivers: list(props.snapshotDrivers), classes: list(props.snapshotClasses) },
    validations: [validationOf(noSnapshots)],
  });
  admissionPolicy(file, {
    ...about,
    name: quotaPolicy,
    action: 'Warn',
    of: { ...of, operation: 'CREATE' },
    params: { apiVersion: 'v1', kind: 'ResourceQuota', selector: {} },
    variables: {
      // A quota with a scope is about some Pods only, which may not be movers.
      hard: `has(params.spec.scopes) || has(params.spec.scopeSelector) ? {} : params.spec.?hard.orValue({})`,
      used: 'params.?status.?used.orValue({})',
      counted: `${list(countedByQuotas)}.filter(key, key in variables.hard && !(key in ${list(givenBy(props.moverResources))}))`,
      storage: `['requests.storage', object.spec.?storageClassName.orValue('') + '.storageclass.storage.k8s.io/requests.storage'].filter(key, key in variables.hard)`,
      size: 'quantity(object.spec.resources.requests.storage)',
    },
    validations: quotaValidations,
  });
}

/** What a quota can demand of each container. */
const countedByQuotas = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'] as const;

/** What the movers' containers have of it. A limit is a request, too, where none is given. */
function givenBy({ requests = {}, limits = {} }: ContainerResources = {}): string[] {
  return (['cpu', 'memory'] as const).flatMap((resource) => [
    ...(resource in requests || resource in limits ? [resource, `requests.${resource}`] : []),
    ...(resource in limits ? [`limits.${resource}`] : []),
  ]);
}

const warning = (words: string): string => text(`PVC ${pvcInMessage}: the ResourceQuota ${put('params.metadata.name')} ${words}`);
const free = (key: string): string => `quantity(variables.hard[${key}]).sub(quantity(variables.used[?${key}].orValue('0')))`;
const claims = `'persistentvolumeclaims'`;

const quotaValidations: readonly Validation[] = [
  {
    expression: 'size(variables.counted) == 0',
    messageExpression: warning(
      `counts ${put(`variables.counted.join(', ')`)}, which mover Pods do not set, so it is NOT backed up unless a LimitRange sets them. Set mover.resources in main.ts`,
    ),
  },
  {
    expression: `!variables.storage.exists(key, ${free('key')}.isLessThan(${'variables.size'.concat('.add(variables.size)'.repeat(volumesOfRestore - 1))}))`,
    messageExpression: warning(
      `leaves less than ${volumesOfRestore} times the size of the PVC, which a restore needs for a while, and a backup twice. Raise ${put(`variables.storage.join(', ')`)}`,
    ),
  },
  {
    expression: `!(${claims} in variables.hard) || !${free(claims)}.isLessThan(quantity('${volumesOfRestore}'))`,
    messageExpression: warning(
      `leaves less than ${volumesOfRestore} PVCs, which a restore needs for a while, and a backup two. Raise persistentvolumeclaims`,
    ),
  },
];
