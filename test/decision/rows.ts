import type { Answer } from '../../lib/model/decision';
import { maxId } from '../../lib/model/mover-identity';
import { annotation } from '../../lib/model/naming';
import type { words } from '../../lib/model/words';
import { type Pvc, pvc, type PvcOptions } from '../support/pvc';

/** Why a PVC is refused: the words that its author reads. */
export type Refusal = keyof typeof words;

/** A row of the decision table. */
export interface Row {
  readonly name: string;
  readonly object: Pvc;
  /** Answer of pvc-plumber; undefined where the call fails and the policy's default counts. */
  readonly answer: unknown;
  readonly operation?: 'UPDATE' | 'DELETE';
  /** Children of an earlier life, as the policy's three look-ups find them. @default - none */
  readonly left?: readonly [string, string, string];
  /** Why it is refused; `unmatched` where neither the gate nor the fallback policy is about it. Empty: admitted. */
  readonly refused: readonly Refusal[] | 'unmatched';
}

const namespace = 'app';
let count = 0;

function answer(decision: 'restore' | 'fresh', name: string): Answer {
  const exists = decision === 'restore';
  return { exists, keyCount: exists ? 8 : 0, decision, authoritative: true, namespace, pvc: name, reason: 'proven' };
}

interface RowOptions extends PvcOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly operation?: 'UPDATE' | 'DELETE';
  readonly left?: readonly [string, string, string];
}

/** @param change the answer: a decision, changes of a fresh one, or null where the call fails */
function row(name: string, change: 'restore' | 'fresh' | Record<string, unknown> | null, refused: Row['refused'], options: RowOptions = {}): Row {
  count += 1;
  const { name: pvcName = `pvc-${count}`, namespace: ns = namespace, operation, left, ...rest } = options;
  const given = typeof change === 'string' ? answer(change, pvcName) : change === null ? undefined : { ...answer('fresh', pvcName), ...change };
  return {
    name,
    object: pvc(ns, pvcName, rest),
    answer: given,
    refused,
    ...(operation === undefined ? {} : { operation }),
    ...(left === undefined ? {} : { left }),
  };
}

const skip = { [annotation.skipRestore]: 'true' };
const why = { [annotation.skipRestoreReason]: 'on purpose' };
const verdict = ['unknown'] as const;
const source = ['foreignSource'] as const;
const volume = ['unsupported'] as const;
const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'mine' };
const stale = (pvcName: string): object => ({ apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: `${pvcName}-restore-old` });

export const rows: readonly Row[] = [
  row('restore', 'restore', []),
  row('fresh', 'fresh', []),
  row('fresh, daily', 'fresh', [], { backup: 'daily' }),
  row('unknown', { decision: 'unknown', authoritative: false, error: 'S3 is down' }, verdict),
  row('no answer: 503, timeout, refused connection', null, verdict),
  row('fresh, but not authoritative', { authoritative: false }, verdict),
  row('authoritative as a text', { authoritative: 'true' }, verdict),
  row('without authoritative', { authoritative: undefined }, verdict),
  row('without exists', { exists: undefined }, verdict),
  row('fresh, but exists', { exists: true }, verdict),
  row('without a decision', { decision: undefined }, verdict),
  row('another decision', { decision: 'maybe' }, verdict),
  row('about another PVC', { pvc: 'other' }, verdict),
  row('about another namespace', { namespace: 'other' }, verdict),
  row('without pvc and namespace', { pvc: undefined, namespace: undefined }, verdict),
  row('restore, but not authoritative', { ...answer('restore', 'r1'), authoritative: false }, verdict, { name: 'r1' }),
  row('restore, but exists is false', { ...answer('restore', 'r2'), exists: false }, verdict, { name: 'r2' }),
  row('restore about another PVC', { ...answer('restore', 'r3'), pvc: 'other' }, verdict, { name: 'r3' }),
  row('restore about another namespace', { ...answer('restore', 'r4'), namespace: 'other' }, verdict, { name: 'r4' }),
  row('restore under another word', { ...answer('restore', 'r5'), decision: 'fresh' }, verdict, { name: 'r5' }),
  row(
    'an empty object',
    {
      exists: undefined,
      keyCount: undefined,
      decision: undefined,
      authoritative: undefined,
      namespace: undefined,
      pvc: undefined,
      reason: undefined,
    },
    verdict,
  ),
  row('skip-restore with a reason', 'restore', [], { annotations: { ...skip, ...why } }),
  row('skip-restore with a reason, and no answer', null, [], { annotations: { ...skip, ...why } }),
  row('skip-restore without a reason', 'fresh', ['noSkipReason'], { annotations: skip }),
  row('skip-restore with an empty reason', 'fresh', ['noSkipReason'], {
    annotations: { ...skip, [annotation.skipRestoreReason]: '  ' },
  }),
  row('skip-restore: false', 'restore', [], { annotations: { [annotation.skipRestore]: 'false' } }),
  row('restore over a dataSource', 'restore', source, { spec: { dataSource: snapshot } }),
  row('restore over a dataSourceRef', 'restore', source, { spec: { dataSourceRef: snapshot } }),
  row('fresh with a dataSourceRef', 'fresh', [], { spec: { dataSourceRef: snapshot } }),
  row('fresh with a restore of an earlier life', 'fresh', ['staleSource'], { name: 's1', spec: { dataSourceRef: stale('s1') } }),
  row('restore with a restore of an earlier life', 'restore', [], { name: 's2', spec: { dataSourceRef: stale('s2') } }),
  row('skipped with a restore of an earlier life', 'fresh', ['staleSource'], {
    name: 's3',
    annotations: { ...skip, ...why },
    spec: { dataSourceRef: stale('s3') },
  }),
  row('restore with a ReplicationDestination of somebody else', 'restore', source, { spec: { dataSourceRef: stale('other') } }),
  row('forged fresh, and no answer', null, verdict, { annotations: { [annotation.decision]: 'fresh' } }),
  row('forged skipped, and no answer', null, verdict, { annotations: { [annotation.decision]: 'skipped' } }),
  row('forged restore, and fresh', 'fresh', verdict, { annotations: { [annotation.decision]: 'restore' } }),
  row('forged unknown, and fresh', 'fresh', verdict, { annotations: { [annotation.decision]: 'unknown' } }),
  row('children of an earlier life: credentials', 'fresh', ['earlierLife'], { left: ['externalsecrets/a', '', ''] }),
  row('children of an earlier life: backup', 'restore', ['earlierLife'], { left: ['', 'replicationsources/a', ''] }),
  row('children of an earlier life: maintenance', 'fresh', ['earlierLife'], { left: ['', '', 'kopiamaintenances/a'] }),
  row('children of an earlier life, and skip-restore', 'fresh', ['earlierLife'], {
    left: ['a', '', ''],
    annotations: { ...skip, ...why },
  }),
  row('children of an earlier life, and unknown', { authoritative: false }, verdict, { left: ['a', '', ''] }),
  row('block volume', 'fresh', volume, { spec: { volumeMode: 'Block' } }),
  row('file system volume', 'fresh', [], { spec: { volumeMode: 'Filesystem' } }),
  ...[annotation.runAsUser, annotation.runAsGroup, annotation.fsGroup].flatMap((key) => [
    row(`${key}: a name`, 'fresh', volume, { annotations: { [key]: 'root' } }),
    row(`${key}: a number`, 'fresh', [], { annotations: { [key]: '1000' } }),
    row(`${key}: the largest id`, 'fresh', [], { annotations: { [key]: String(maxId) } }),
    row(`${key}: one above the largest id`, 'fresh', volume, { annotations: { [key]: String(maxId + 1) } }),
  ]),
  ...[43, 50, 55, 63].map((length) => row(`name of ${length} characters`, 'fresh', [], { name: 'n'.repeat(length) })),
  ...[64, 200, 253].map((length) => row(`name of ${length} characters`, 'fresh', volume, { name: 'n'.repeat(length) })),
  row('name with dots', 'restore', [], { name: 'with.dots' }),
  row('generateName', 'fresh', volume, { name: 'gen-x', metadata: { generateName: 'gen-' } }),
  ...['kube-system', 'volsync-system', 'kyverno'].map((ns) => row(`namespace ${ns}`, null, 'unmatched', { namespace: ns })),
  ...['weekly', 'Hourly', 'true'].map((backup) => row(`label ${backup}`, null, 'unmatched', { backup })),
  row('no label', null, 'unmatched', { backup: null }),
  row('UPDATE', null, 'unmatched', { operation: 'UPDATE' }),
  row('UPDATE of a terminating PVC', null, 'unmatched', {
    operation: 'UPDATE',
    name: 'term',
    metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
  }),
  row('DELETE', null, 'unmatched', { operation: 'DELETE' }),
];
