import { maxId } from '../../lib/model/mover-identity';
import { annotation, backupLabel, undecidedSourceName } from '../../lib/model/naming';
import { madeByVolsync, populatorLabel } from '../../lib/model/volsync-labels';
import { otherLabelRows } from './other-label-rows';
import { sourceRows } from './source-rows';
import { answer, decision, namespace, notOurs, type Row, row, skip, snapshot, source, stale, volume, why, withoutName } from './row';

/** The decision table: what pvc-plumber says, and what becomes of the PVC. */
export const rows: readonly Row[] = [
  row('restore', 'restore', []),
  row('fresh', 'fresh', [], { reason: /^proven$/ }),
  row('fresh, daily', 'fresh', [], { backup: 'daily' }),
  row('unknown', { decision: 'unknown', authoritative: false, reason: 'S3 is down' }, decision, { reason: /^S3 is down$/ }),
  row('no answer: 503, timeout, refused connection', null, decision),
  row('fresh, but not authoritative', { authoritative: false }, decision),
  row('authoritative as a text', { authoritative: 'true' }, decision),
  row('without authoritative', { authoritative: undefined }, decision),
  row('without exists', { exists: undefined }, decision),
  row('fresh, but exists', { exists: true }, decision),
  row('without a decision', { decision: undefined }, decision),
  row('another decision', { decision: 'maybe' }, decision, { reason: /^the answer of pvc-plumber is incomplete or contradicts itself$/ }),
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
  row('unknown, and a source of another kind that is named like a restore', null, decision, {
    name: 'g7',
    spec: { dataSourceRef: { ...stale('g7'), kind: 'ReplicationSource' } },
  }),
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
    reason: /^the manifest says that the PVC was restored from a backup, but the backup store has none now/,
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
  row('exported: a doubt about this PVC, and fresh', 'fresh', decision, {
    name: 'e4',
    annotations: { [annotation.decision]: 'unknown', [annotation.decidedFor]: 'app/e4' },
    reason: /^the manifest carries the decision unknown; remove the annotation/,
  }),
  row('exported: a doubt about this PVC, and a doubt now', { decision: 'unknown', authoritative: false, reason: 'S3 is down' }, decision, {
    name: 'e5',
    annotations: { [annotation.decision]: 'unknown', [annotation.decidedFor]: 'app/e5' },
    reason: /^S3 is down$/,
  }),
  row('exported: a conflict of this PVC, and fresh', 'fresh', decision, {
    name: 'e11',
    annotations: { [annotation.decision]: 'conflict', [annotation.decidedFor]: 'app/e11' },
  }),
  row('exported: the decision names this PVC, its reason another namespace, and fresh', 'fresh', decision, {
    name: 'e12',
    annotations: {
      [annotation.decision]: 'restore',
      [annotation.decidedFor]: 'app/e12',
      [annotation.reason]: 'a kopia repository with data in shop/data/',
    },
  }),
  row('exported: a restore of this PVC, and restore', 'restore', [], {
    name: 'e6',
    annotations: { [annotation.decision]: 'restore', [annotation.decidedFor]: 'app/e6' },
    reason: /^proven$/,
  }),
  row('exported, by an older release: a doubt whose reason names another namespace', 'fresh', decision, {
    annotations: { [annotation.decision]: 'unknown', [annotation.reason]: 'a kopia repository with data in shop/data/' },
  }),
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
  row('generateName, of which a name came', 'fresh', volume, { name: 'gen-x', metadata: { generateName: 'gen-' } }),
  row('generateName', null, volume, { metadata: withoutName('hourly'), decision: 'unknown', reason: /^the PVC has no name of its own$/ }),
  row('generateName, with skip-restore and a reason', null, volume, {
    metadata: withoutName('hourly'),
    annotations: { ...skip, ...why },
    decision: 'unknown',
  }),
  ...['kube-system', 'volsync-system', 'kyverno'].map((ns) => row(`namespace ${ns}`, null, 'unmatched', { namespace: ns })),
  ...sourceRows,
  ...otherLabelRows,
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
