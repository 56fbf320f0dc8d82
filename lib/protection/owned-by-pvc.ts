import type { PvcValues } from './pvc-values';

interface OwnedMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly ownerReferences: { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly uid: string }[];
}

/** Metadata of a generated resource. The PVC owns it: the garbage collector removes it with the PVC, so that no old restore is met again. */
export function ownedByPvc(name: string, pvc: PvcValues): OwnedMetadata {
  return {
    name,
    namespace: pvc.namespace,
    ownerReferences: [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: pvc.name, uid: pvc.uid }],
  };
}
