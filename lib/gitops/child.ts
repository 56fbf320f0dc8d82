import type { PvcValues } from '../model/pvc-values';
import type { KubernetesObject } from './manifest';

/** An object that Kyverno makes for a PVC. */
export interface Child {
  /** Name of the generate rule. */
  readonly rule: string;
  readonly object: KubernetesObject;
}

/** Metadata of a child. The PVC owns it: the garbage collector removes it with the PVC, so that no stale restore image is met again. */
export function childMetadata(name: string, pvc: PvcValues): ChildMetadata {
  return {
    name,
    namespace: pvc.namespace,
    ownerReferences: [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: pvc.name, uid: pvc.uid }],
  };
}

interface ChildMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly ownerReferences: { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly uid: string }[];
}
