import type { KubeObject } from '../../harness/api';
import type { ArgoCluster } from '../../harness/argocd/cluster';
import { pvcRef } from '../../harness/pvc';
import { eventually } from '../../harness/waiting';

/** A labelled PVC as a person writes it. */
export const claim = (namespace: string, name: string, labels = '{ backup: hourly }', size = '1Gi', note = 'none'): string =>
  `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: ${name}, namespace: ${namespace}, labels: ${labels}, annotations: { note: ${note} } }\nspec: { accessModes: [ReadWriteOnce], storageClassName: longhorn, resources: { requests: { storage: ${size} } } }\n`;

/** Makes the volume that a restore would have made, so that Kubernetes binds the claim to it. */
export async function bound(cluster: ArgoCluster, namespace: string, name: string): Promise<KubeObject> {
  const live = await eventually(`PVC ${namespace}/${name}`, 300, () => cluster.api.find(pvcRef(namespace, name)));
  await cluster.applied({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `${namespace}-${name}` },
    spec: {
      capacity: live['spec'].resources.requests,
      accessModes: live['spec'].accessModes,
      storageClassName: live['spec'].storageClassName,
      persistentVolumeReclaimPolicy: 'Retain',
      csi: { driver: 'driver.longhorn.io', volumeHandle: `${namespace}-${name}` },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid: live.metadata.uid },
    },
  });
  return eventually(`PVC ${namespace}/${name} is bound`, 120, async () => {
    const found = await cluster.api.find(pvcRef(namespace, name));
    return found?.['status']?.phase === 'Bound' ? found : undefined;
  });
}
