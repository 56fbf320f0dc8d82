/** Kinds without a namespace among those that the tree may hold. Everything else is namespaced. */
const clusterScoped = new Set([
  'ClusterPolicy',
  'ClusterRole',
  'ClusterRoleBinding',
  'ClusterSecretStore',
  'CustomResourceDefinition',
  'Namespace',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'VolumeSnapshotClass',
]);

/** Whether objects of a kind stand outside namespaces. */
export function isClusterScoped(kind: string): boolean {
  return clusterScoped.has(kind);
}
