import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type * as generated from 'cdk8s-plus-28/lib/imports/k8s';

/**
 * The kinds of Kubernetes itself that the tree has, with the properties that cdk8s-plus-28 generated for 1.28. Only its types are taken: loading its 2.7 MB of
 * classes would make each synth a tenth of a second longer. What they do beside typing, renaming a few fields (`clusterIp` for `clusterIP`), is not done
 * here; a test checks every object against the closed schema of its kind.
 */

/** A property as it stands in YAML: plain numbers and texts in place of the wrapper classes `IntOrString` and `Quantity`. */
type Plain<T> = T extends generated.IntOrString
  ? generated.IntOrString extends T
    ? string | number
    : { readonly [Key in keyof T]: Plain<T[Key]> }
  : T extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Plain<T[Key]> }
      : T;

type KindOf<Props> = new (scope: Construct, id: string, props: Plain<Props>) => ApiObject;

function kindOf<Props>(apiVersion: string, kind: string): KindOf<Props> {
  return class extends ApiObject {
    constructor(scope: Construct, id: string, props: Plain<Props>) {
      super(scope, id, { ...props, apiVersion, kind });
    }
  };
}

export type EnvVar = Plain<generated.EnvVar>;
export type PolicyRule = Plain<generated.PolicyRule>;

export const KubeClusterRole = kindOf<generated.KubeClusterRoleProps>('rbac.authorization.k8s.io/v1', 'ClusterRole');
export const KubeClusterRoleBinding = kindOf<generated.KubeClusterRoleBindingProps>('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding');
export const KubeConfigMap = kindOf<generated.KubeConfigMapProps>('v1', 'ConfigMap');
export const KubeDeployment = kindOf<generated.KubeDeploymentProps>('apps/v1', 'Deployment');
export const KubeNamespace = kindOf<generated.KubeNamespaceProps>('v1', 'Namespace');
export const KubeNetworkPolicy = kindOf<generated.KubeNetworkPolicyProps>('networking.k8s.io/v1', 'NetworkPolicy');
export const KubePersistentVolumeClaim = kindOf<generated.KubePersistentVolumeClaimProps>('v1', 'PersistentVolumeClaim');
export const KubePodDisruptionBudget = kindOf<generated.KubePodDisruptionBudgetProps>('policy/v1', 'PodDisruptionBudget');
export const KubeService = kindOf<generated.KubeServiceProps>('v1', 'Service');
export const KubeServiceAccount = kindOf<generated.KubeServiceAccountProps>('v1', 'ServiceAccount');
