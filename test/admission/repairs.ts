import { annotation, backupLabel } from '../../lib/model/naming';
import { type Pvc, pvc } from '../support/pvc';
import type { AdmissionCase } from './case';

const repairer = 'system:serviceaccount:volsync-system:pvc-plumber-repair';
const there = pvc('app', 'data', {
  annotations: { note: 'x', other: 'y' },
  metadata: {
    labels: { [backupLabel]: 'hourly' },
    finalizers: ['kubernetes.io/pvc-protection'],
    ownerReferences: [{ kind: 'StatefulSet', name: 'db' }],
  },
});
const asked = { ...there.metadata.annotations, [annotation.repairRequestedAt]: '2026-01-31T18:00:00Z' };

function row(name: string, change: { readonly metadata?: object; readonly spec?: object }, isRefused: boolean, user = repairer): AdmissionCase {
  const object: Pvc = { ...there, metadata: { ...there.metadata, annotations: asked, ...change.metadata }, spec: { ...there.spec, ...change.spec } };
  return {
    name: `${user === repairer ? 'the process that asks for repairs' : 'a person'} ${name}`,
    resource: 'persistentvolumeclaims',
    request: { operation: 'UPDATE', object, oldObject: there, user },
    refused: isRefused ? [/changes more of PVC app\/data than the annotation/] : [],
  };
}

/** Whoever has the token of the process can change PVCs, and in them nothing but its question. */
export const repairCases: readonly AdmissionCase[] = [
  row('asks for a repair', {}, false),
  row('takes its question back', { metadata: { annotations: there.metadata.annotations } }, false),
  row('changes the spec', { spec: { volumeName: 'leftover' } }, true),
  row('changes the label', { metadata: { labels: { [backupLabel]: 'daily' } } }, true),
  row('takes a finalizer off', { metadata: { finalizers: [] } }, true),
  row('changes the owners', { metadata: { ownerReferences: [] } }, true),
  row('adds an annotation', { metadata: { annotations: { ...asked, [annotation.skipRestore]: 'true' } } }, true),
  row('takes an annotation off', { metadata: { annotations: { note: 'x', [annotation.repairRequestedAt]: 'now' } } }, true),
  row('changes an annotation', { metadata: { annotations: { ...asked, note: 'changed' } } }, true),
  row('puts an annotation in the place of another', { metadata: { annotations: { note: 'x', third: 'y' } } }, true),
  row(
    'may change all of that',
    { metadata: { finalizers: [], ownerReferences: [], annotations: {} }, spec: { volumeName: 'leftover' } },
    false,
    'a-person',
  ),
];
