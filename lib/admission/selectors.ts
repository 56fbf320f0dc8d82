import { backupLabel } from '../model/naming';
import { madeByVolsync, populatorLabel } from '../model/volsync-labels';

/** A selector of labels, as Kyverno and the API server both write it. */
export interface Selector {
  readonly matchExpressions: { readonly key: string; readonly operator: string; readonly values?: string[] }[];
}

/** All namespaces but these. */
export function otherNamespaces(excluded: readonly string[]): Selector {
  return { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [...excluded] }] };
}

/** PVCs with the label of a tier. */
export function withTier(labels: readonly string[]): Selector {
  return { matchExpressions: [{ key: backupLabel, operator: 'In', values: [...labels] }, ...notOfVolsync()] };
}

/** PVCs with the label, with whatever value. */
export function withLabel(): Selector {
  return { matchExpressions: [{ key: backupLabel, operator: 'Exists' }, ...notOfVolsync()] };
}

/** PVCs whose label has another value than the tiers. */
export function withOtherLabel(labels: readonly string[]): Selector {
  return {
    matchExpressions: [{ key: backupLabel, operator: 'Exists' }, { key: backupLabel, operator: 'NotIn', values: [...labels] }, ...notOfVolsync()],
  };
}

/** Only these namespaces. */
export function onlyNamespaces(names: readonly string[]): Selector {
  return { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: [...names] }] };
}

/** Every PVC of an application, with or without the label. */
export function ofApplications(): Selector {
  return { matchExpressions: notOfVolsync() };
}

/** Not what VolSync makes for itself: a platform that labels every PVC would have copies of copies backed up. */
function notOfVolsync(): Selector['matchExpressions'] {
  return [
    { key: madeByVolsync.key, operator: 'NotIn', values: [madeByVolsync.value] },
    { key: populatorLabel, operator: 'DoesNotExist' },
  ];
}
