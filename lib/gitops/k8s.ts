import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IJob } from 'kubernetes-models/batch/v1/Job';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import type { IClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import type { IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import type { IPolicyRule } from 'kubernetes-models/rbac.authorization.k8s.io/v1/PolicyRule';
import type { IRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role';
import type { IRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IEnvVar } from 'kubernetes-models/v1/EnvVar';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import type { IService } from 'kubernetes-models/v1/Service';
import type { IServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import type { IVolume } from 'kubernetes-models/v1/Volume';
import type { IVolumeMount } from 'kubernetes-models/v1/VolumeMount';

/**
 * The kinds of Kubernetes itself that the tree has, with the fields as they are spelt in YAML (`clusterIP`). Only types are taken from kubernetes-models;
 * the tests check every object against the closed schema of its kind.
 */

/** Lists and maps may be read-only. */
type Frozen<T> = T extends readonly (infer Item)[] ? readonly Frozen<Item>[] : T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

type Props<T> = Frozen<Omit<T, 'apiVersion' | 'kind' | 'status'>>;

type KindOf<T> = new (scope: Construct, id: string, props: Props<T>) => ApiObject;

function kindOf<T extends { apiVersion: string; kind: string }>(apiVersion: T['apiVersion'], kind: T['kind']): KindOf<T> {
  return class extends ApiObject {
    constructor(scope: Construct, id: string, props: Props<T>) {
      super(scope, id, { ...props, apiVersion, kind });
    }
  };
}

export type Container = Frozen<IContainer>;
export type EnvVar = Frozen<IEnvVar>;
export type PodSpec = Frozen<IPodSpec>;
export type PolicyRule = Frozen<IPolicyRule>;
export type Volume = Frozen<IVolume>;
export type VolumeMount = Frozen<IVolumeMount>;

export const KubeClusterRole = kindOf<IClusterRole>('rbac.authorization.k8s.io/v1', 'ClusterRole');
export const KubeClusterRoleBinding = kindOf<IClusterRoleBinding>('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding');
export const KubeConfigMap = kindOf<IConfigMap>('v1', 'ConfigMap');
export const KubeDeployment = kindOf<IDeployment>('apps/v1', 'Deployment');
export const KubeJob = kindOf<IJob>('batch/v1', 'Job');
export const KubeNamespace = kindOf<INamespace>('v1', 'Namespace');
export const KubeNetworkPolicy = kindOf<INetworkPolicy>('networking.k8s.io/v1', 'NetworkPolicy');
export const KubePersistentVolumeClaim = kindOf<IPersistentVolumeClaim>('v1', 'PersistentVolumeClaim');
export const KubePodDisruptionBudget = kindOf<IPodDisruptionBudget>('policy/v1', 'PodDisruptionBudget');
export const KubeRole = kindOf<IRole>('rbac.authorization.k8s.io/v1', 'Role');
export const KubeRoleBinding = kindOf<IRoleBinding>('rbac.authorization.k8s.io/v1', 'RoleBinding');
export const KubeService = kindOf<IService>('v1', 'Service');
export const KubeServiceAccount = kindOf<IServiceAccount>('v1', 'ServiceAccount');
