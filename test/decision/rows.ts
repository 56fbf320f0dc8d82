import type { Answer, GateDecision } from '../../lib/model/decision';
import { maxId } from '../../lib/model/mover-identity';
import { annotation, backupLabel, undecidedSourceName } from '../../lib/model/naming';
import { madeByVolsync, populatorLabel } from '../../lib/model/volsync-labels';
import type { DenialId } from '../../lib/admission/denials';
import { type Pvc, pvc, type PvcOptions } from '../support/pvc';

/** A row of the decision table. */
export interface Row {
  readonly name: string;
  readonly object: Pvc;
  /** Answer of pvc-plumber; undefined where the call fails and the policy's default counts. */
  readonly answer: unknown;
  readonly operation?: 'UPDATE' | 'DELETE';
  /** What was generated for an previous PVC, as the policy's three look-ups find it. @default - nothing */
  readonly left?: readonly [string, string, string];
  /** A PVC of this name is there and stays. @default false */
  readonly exists?: boolean;
  /** Why it is refused; `unmatched` where neither the gate nor the policy that refuses is about it. Empty: admitted. */
  readonly refused: readonly DenialId[] | 'unmatched';
  /** What the gate writes; undefined where it is not asked. */
  readonly decision: GateDecision | 'unknown' | 'wait' | 'foreign' | 'conflict' | undefined;
}

/** What stands behind a resource in {@link Row.left} that no PVC of the name owns. */
export const notOurs = ', not owned by a PVC of this name';

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
  readonly exists?: boolean;
  /** @default - the decision of the answer, or what the refusal tells */
  readonly decision?: Row['decision'];
}

/** @param change the answer: a decision, changes of a fresh one, or null where the call fails */
function row(name: string, change: 'restore' | 'fresh' | Record<string, unknown> | null, refused: Row['refused'], options: RowOptions = {}): Row {
  count += 1;
  const { name: pvcName = `pvc-${count}`, namespace: ns = namespace, operation, left, exists, decision, ...rest } = options;
  const given = typeof change === 'string' ? answer(change, pvcName) : change === null ? undefined : { ...answer('fresh', pvcName), ...change };
  return {
    name,
    object: pvc(ns, pvcName, rest),
    answer: given,
    refused,
    decision: decision ?? decisionOf(given as Answer | undefined, refused, rest),
    ...(exists === undefined ? {} : { exists }),
    ...(operation === undefined ? {} : { operation }),
    ...(left === undefined ? {} : { left }),
  };
}

function decisionOf(given: Answer | undefined, refused: Row['refused'], { annotations = {} }: PvcOptions): Row['decision'] {
  if (refused === 'unmatched' || refused.includes('undecided')) return undefined;
  if (refused.includes('previousPvc')) return 'wait';
  if (refused.includes('foreignResource')) return 'foreign';
  if (refused.includes('otherLabelConflict')) return 'conflict';
  if (refused.includes('unknown') || refused.includes('nearTier')) return 'unknown';
  return annotations[annotation.skipRestore] === 'true' ? 'skipped' : given?.decision;
}

const skip = { [annotation.skipRestore]: 'true' };
const why = { [annotation.skipRestoreReason]: 'on purpose' };
const decision = ['unknown'] as const;
const source = ['foreignSource'] as const;
const volume = ['unsupported'] as const;
const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'mine' };
const stale = (pvcName: string): object => ({ apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: `${pvcName}-restore-old` });

export const rows: readonly Row[] = [
  row('restore', 'restore', []),
  row('fresh', 'fresh', []),
  row('fresh, daily', 'fresh', [], { backup: 'daily' }),
  row('unknown', { decision: 'unknown', authoritative: false, error: 'S3 is down' }, decision),
  row('no answer: 503, timeout, refused connection', null, decision),
  row('fresh, but not authoritative', { authoritative: false }, decision),
  row('authoritative as a text', { authoritative: 'true' }, decision),
  row('without authoritative', { authoritative: undefined }, decision),
  row('without exists', { exists: undefined }, decision),
  row('fresh, but exists', { exists: true }, decision),
  row('without a decision', { decision: undefined }, decision),
  row('another decision', { decision: 'maybe' }, decision),
  row('about another PVC', { pvc: 'other' }, decision),
  row('about another namespace', { namespace: 'other' }, decision),
  row('without pvc and namespace', { pvc: undefined, namespace: undefined }, decision),
  row('restore, but not authoritative', { ...answer('restore', 'r1'), authoritative: false }, decision, { name: 'r1' }),
  row('restore, but exists is false', { ...answer('restore', 'r2'), exists: false }, decision, { name: 'r2' }),
  row('restore about another PVC', { ...answer('restore', 'r3'), pvc: 'other' }, decision, { name: 'r3' }),
  row('restore about another namespace', { ...answer('restore', 'r4'), namespace: 'other' }, decision, { name: 'r4' }),
  row('restore under another word', { ...answer('restore', 'r5'), decision: 'fresh' }, decision, { name: 'r5' }),
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
    decision,
  ),
  row('skip-restore with a reason', 'restore', [], { annotations: { ...skip, ...why } }),
  row('skip-restore with a reason, and no answer', null, [], { annotations: { ...skip, ...why } }),
  row('skip-restore without a reason', 'fresh', ['noSkipReason'], { annotations: skip }),
  row('skip-restore with an empty reason', 'fresh', ['noSkipReason'], {
    annotations: { ...skip, [annotation.skipRestoreReason]: '  ' },
  }),
  ...['\u200b', '\ufeff\u200b', '\u3000', '-', '1', '\u00ad'].map((blank) =>
    row(`skip-restore with a reason without letters: ${JSON.stringify(blank)}`, 'fresh', ['noSkipReason'], {
      annotations: { ...skip, [annotation.skipRestoreReason]: blank },
    }),
  ),
  ...['x', 'größer', 'テスト', 'проба'].map((reason) =>
    row(`skip-restore because of ${reason}`, 'fresh', [], { annotations: { ...skip, [annotation.skipRestoreReason]: reason } }),
  ),
  row('skip-restore: false', 'restore', [], { annotations: { [annotation.skipRestore]: 'false' } }),
  row('restore over a dataSource', 'restore', source, { spec: { dataSource: snapshot } }),
  row('restore over a dataSourceRef', 'restore', source, { spec: { dataSourceRef: snapshot } }),
  row('fresh with a dataSourceRef', 'fresh', [], { spec: { dataSourceRef: snapshot } }),
  row('fresh with a restore of an previous PVC', 'fresh', ['staleSource'], { name: 's1', spec: { dataSourceRef: stale('s1') } }),
  row('restore with a restore of an previous PVC', 'restore', [], { name: 's2', spec: { dataSourceRef: stale('s2') } }),
  row('skipped with a restore of an previous PVC', 'fresh', ['staleSource'], {
    name: 's3',
    annotations: { ...skip, ...why },
    spec: { dataSourceRef: stale('s3') },
  }),
  row('restore with a source that is named like one, of another group', 'restore', source, {
    name: 'g4',
    spec: { dataSourceRef: { ...stale('g4'), apiGroup: 'example.com' } },
  }),
  row('fresh with a source that is named like a restore, of another group', 'fresh', [], {
    name: 'g5',
    spec: { dataSourceRef: { ...stale('g5'), apiGroup: 'example.com' } },
  }),
  row('fresh with a source that is named like a restore, of another kind', 'fresh', [], {
    name: 'g6',
    spec: { dataSourceRef: { ...stale('g6'), kind: 'ReplicationSource' } },
  }),
  row('restore with a ReplicationDestination of somebody else', 'restore', source, { spec: { dataSourceRef: stale('other') } }),
  row('restore with the two sources that a cluster gives out', 'restore', [], {
    name: 's4',
    spec: { dataSource: stale('s4'), dataSourceRef: stale('s4') },
  }),
  row('restore with the older of the two fields', 'restore', [], { name: 's5', spec: { dataSource: stale('s5') } }),
  row('restore over both fields', 'restore', source, { spec: { dataSource: snapshot, dataSourceRef: snapshot } }),
  row('restore, and a volume of its own', 'restore', ['ownVolume'], { spec: { volumeName: 'leftover' } }),
  row('restore, and no class', 'restore', ['noClass'], { spec: { storageClassName: '' } }),
  row('fresh, and no class', 'fresh', ['noClass'], { spec: { storageClassName: '' } }),
  row('skip-restore, and no class', 'restore', ['noClass'], { spec: { storageClassName: '' }, annotations: { ...skip, ...why } }),
  row('fresh, and a volume of its own', 'fresh', [], { spec: { volumeName: 'leftover' } }),
  row('skip-restore with a volume of its own', 'restore', [], { spec: { volumeName: 'leftover' }, annotations: { ...skip, ...why } }),
  row('no answer, and a dataSourceRef', null, decision, { spec: { dataSourceRef: snapshot } }),
  row('cloned: the decision names another namespace, and fresh', 'fresh', [], {
    annotations: { [annotation.decision]: 'restore', [annotation.decidedFor]: 'shop/data', [annotation.reason]: 'proven' },
  }),
  row('cloned: the decision names another claim, and no answer', null, decision, {
    annotations: { [annotation.decision]: 'fresh', [annotation.decidedFor]: 'app/other' },
  }),
  row('cloned, by an older release: only the reason names another namespace', 'fresh', [], {
    annotations: { [annotation.decision]: 'restore', [annotation.reason]: 'a kopia repository with data in shop/data/' },
  }),
  row('exported, by an older release: the reason names this PVC', 'fresh', decision, {
    name: 'e1',
    annotations: { [annotation.decision]: 'restore', [annotation.reason]: 'a kopia repository with data in app/e1/' },
  }),
  row('exported: the decision names this PVC, and fresh', 'fresh', decision, {
    name: 'e2',
    annotations: { [annotation.decision]: 'restore', [annotation.decidedFor]: 'app/e2' },
  }),
  row('the PVC exists: what was generated for it is no hindrance', 'restore', [], { exists: true, left: ['', 'replicationsources/a', ''] }),
  row('the PVC exists, and no answer', null, [], { exists: true, decision: 'exists', left: ['a', '', ''] }),
  row('the PVC exists, no answer, and a source of its own', null, decision, { exists: true, spec: { dataSourceRef: snapshot } }),
  row('forged exists, and no answer', null, decision, { annotations: { [annotation.decision]: 'exists' } }),
  row('forged exists with its source, and fresh', 'fresh', ['staleSource'], {
    name: 'f1',
    annotations: { [annotation.decision]: 'exists' },
    spec: { dataSourceRef: { ...stale('f1'), name: undecidedSourceName({ namespace, name: 'f1' }) } },
  }),
  row('a name that is an expression', 'fresh', ['undecided'], { name: "{{to_upper('a')}}" }),
  row('forged fresh, and no answer', null, decision, { annotations: { [annotation.decision]: 'fresh' } }),
  row('forged skipped, and no answer', null, decision, { annotations: { [annotation.decision]: 'skipped' } }),
  row('forged restore, and fresh', 'fresh', decision, { annotations: { [annotation.decision]: 'restore' } }),
  row('forged restore with a reason that names no place, and fresh', 'fresh', decision, {
    annotations: { [annotation.decision]: 'restore', [annotation.reason]: 'forged' },
  }),
  row('forged unknown, and fresh', 'fresh', decision, { annotations: { [annotation.decision]: 'unknown' } }),
  row('generated for an previous PVC: credentials', 'fresh', ['previousPvc'], { left: ['externalsecrets/a', '', ''] }),
  row('generated for an previous PVC: backup', 'restore', ['previousPvc'], { left: ['', 'replicationsources/a', ''] }),
  row('generated for an previous PVC: maintenance', 'fresh', ['previousPvc'], { left: ['', '', 'kopiamaintenances/a'] }),
  row('generated for an previous PVC, and skip-restore', 'fresh', ['previousPvc'], {
    left: ['a', '', ''],
    annotations: { ...skip, ...why },
  }),
  row('generated for an previous PVC, and unknown', { authoritative: false }, decision, { left: ['a', '', ''] }),
  row('credentials of the name that a person made', 'fresh', ['foreignResource'], { left: [`externalsecrets/a${notOurs}`, '', ''] }),
  row('a backup of the name that a person made', 'restore', ['foreignResource'], { left: ['', `replicationsources/a${notOurs}`, ''] }),
  row('a maintenance of the name that a person made', 'fresh', ['foreignResource'], { left: ['', '', `kopiamaintenances/a${notOurs}`] }),
  row('a backup that a person made, and skip-restore', 'restore', ['foreignResource'], {
    left: ['', `replicationsources/a${notOurs}`, ''],
    annotations: { ...skip, ...why },
  }),
  row('a backup that a person made, beside what is left of a previous PVC', 'fresh', ['foreignResource'], {
    left: ['externalsecrets/a', `replicationsources/a${notOurs}`, ''],
  }),
  row('the PVC exists, and a backup that a person made', 'restore', [], { exists: true, left: ['', `replicationsources/a${notOurs}`, ''] }),
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
  ...['weekly', 'Hourly', 'hourly-', 'dayly', 'velero', 'true', ''].flatMap((backup) => [
    row(`label "${backup}" over a backup`, 'restore', ['otherLabelConflict'], { backup }),
    row(`label "${backup}", no backup`, 'fresh', [], { backup }),
    row(`label "${backup}" over a backup, with skip-restore and a reason`, 'restore', [], { backup, annotations: { ...skip, ...why } }),
    row(`label "${backup}" over a backup, with skip-restore alone`, 'restore', ['noSkipReason'], { backup, annotations: skip }),
  ]),
  ...['weekly', 'Hourly', 'hourly-', 'dayly', 'nightli'].map((backup) => row(`label "${backup}", no answer`, null, ['nearTier'], { backup })),
  ...['velero', 'true', '', 'gold'].map((backup) => row(`label "${backup}", no answer`, null, [], { backup, decision: 'unknown' })),
  ...(
    [
      ['fresh, but not authoritative', { authoritative: false }],
      ['fresh, but exists', { exists: true }],
      ['another decision', { decision: 'maybe' }],
      ['about another PVC', { pvc: 'other' }],
      ['about another namespace', { namespace: 'other' }],
      ['restore, but not authoritative', { ...answer('restore', 'near1'), authoritative: false }, 'near1'],
      ['restore, but exists is false', { ...answer('restore', 'near2'), exists: false }, 'near2'],
      ['restore about another PVC', { ...answer('restore', 'near3'), pvc: 'other' }, 'near3'],
      ['restore about another namespace', { ...answer('restore', 'near4'), namespace: 'other' }, 'near4'],
    ] as const
  ).map(([what, change, name]) =>
    row(`label "Hourly", ${what}`, change, ['nearTier'], { backup: 'Hourly', ...(name === undefined ? {} : { name }) }),
  ),
  row('label "Hourly" with the decision of an exported manifest, no answer', null, ['nearTier'], {
    backup: 'Hourly',
    annotations: { [annotation.decision]: 'fresh', [annotation.decidedFor]: 'app/e3' },
    name: 'e3',
  }),
  ...[
    { [madeByVolsync.key]: madeByVolsync.value, [backupLabel]: 'hourly' },
    { [populatorLabel]: 'data', [backupLabel]: 'hourly' },
    { [madeByVolsync.key]: madeByVolsync.value, [backupLabel]: 'Hourly' },
  ].map((labels) => row(`made by VolSync for itself: ${JSON.stringify(labels)}`, 'restore', 'unmatched', { metadata: { labels } })),
  row('no label', null, 'unmatched', { backup: null }),
  row('UPDATE', null, 'unmatched', { operation: 'UPDATE' }),
  row('UPDATE of a terminating PVC', null, 'unmatched', {
    operation: 'UPDATE',
    name: 'term',
    metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
  }),
  row('DELETE', null, 'unmatched', { operation: 'DELETE' }),
];
