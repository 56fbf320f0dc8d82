/** Kinds that stand outside namespaces, as far as they are known here. */
const clusterScoped = new Set([
  'APIService',
  'ClusterExternalSecret',
  'ClusterIssuer',
  'ClusterPolicy',
  'ClusterRole',
  'ClusterRoleBinding',
  'ClusterSecretStore',
  'CustomResourceDefinition',
  'GatewayClass',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeSnapshotClass',
]);

/** Kinds that live in a namespace, as far as they are known here. */
const namespaced = new Set([
  'AppProject',
  'Application',
  'ApplicationSet',
  'ConfigMap',
  'CronJob',
  'DaemonSet',
  'Deployment',
  'ExternalSecret',
  'HorizontalPodAutoscaler',
  'Ingress',
  'Job',
  'KopiaMaintenance',
  'LimitRange',
  'NetworkPolicy',
  'PersistentVolumeClaim',
  'Pod',
  'PodDisruptionBudget',
  'PodMonitor',
  'PrometheusRule',
  'ReplicationDestination',
  'ReplicationSource',
  'ResourceQuota',
  'Role',
  'RoleBinding',
  'Secret',
  'Service',
  'ServiceAccount',
  'ServiceMonitor',
  'StatefulSet',
]);

/** Where objects of a kind stand; undefined for a kind that only the cluster knows. */
export function scopeOf(kind: string): 'cluster' | 'namespace' | undefined {
  if (clusterScoped.has(kind)) return 'cluster';
  return namespaced.has(kind) ? 'namespace' : undefined;
}
