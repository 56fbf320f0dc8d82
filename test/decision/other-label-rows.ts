import { annotation } from '../../lib/model/naming';
import { answer, type Row, row, skip, snapshot, why, withoutName } from './row';

/** PVCs with a label of no tier. */
export const otherLabelRows: readonly Row[] = [
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
  row('label "Hourly", cloned: the decision names another namespace, and fresh', 'fresh', [], {
    backup: 'Hourly',
    annotations: { [annotation.decision]: 'restore', [annotation.decidedFor]: 'shop/data', [annotation.reason]: 'proven' },
  }),
  row('label "Hourly", cloned, by an older release: only the reason names another namespace', 'fresh', [], {
    backup: 'Hourly',
    annotations: { [annotation.decision]: 'restore', [annotation.reason]: 'a kopia repository with data in shop/data/' },
  }),
  row('label "Hourly", exported, by an older release: the reason names this PVC', 'fresh', ['nearTier'], {
    backup: 'Hourly',
    name: 'e13',
    annotations: { [annotation.decision]: 'restore', [annotation.reason]: 'a kopia repository with data in app/e13/' },
  }),
  row('label "Hourly", forged restore with a reason that names no place', 'fresh', ['nearTier'], {
    backup: 'Hourly',
    annotations: { [annotation.decision]: 'restore', [annotation.reason]: 'forged' },
  }),
  row('label "Hourly", exported: the decision names this PVC, its reason another namespace', 'fresh', ['nearTier'], {
    backup: 'Hourly',
    name: 'e14',
    annotations: {
      [annotation.decision]: 'restore',
      [annotation.decidedFor]: 'app/e14',
      [annotation.reason]: 'a kopia repository with data in shop/data/',
    },
  }),
  row('label "Hourly", exported: a conflict of this PVC, and fresh', 'fresh', ['nearTier'], {
    backup: 'Hourly',
    name: 'e15',
    annotations: { [annotation.decision]: 'conflict', [annotation.decidedFor]: 'app/e15' },
  }),
  row('label "Hourly", fresh', 'fresh', [], { backup: 'Hourly', reason: /^proven$/ }),
  row('label "Hourly", unknown', { decision: 'unknown', authoritative: false, reason: 'S3 is down' }, ['nearTier'], {
    backup: 'Hourly',
    reason: /^S3 is down$/,
  }),
  row('label "Hourly", an answer that contradicts itself', { authoritative: false }, ['nearTier'], {
    backup: 'Hourly',
    reason: /^the answer of pvc-plumber is incomplete or contradicts itself$/,
  }),
  row('label "Hourly" with an exported restore of this PVC, and fresh', 'fresh', ['nearTier'], {
    backup: 'Hourly',
    name: 'e7',
    annotations: { [annotation.decision]: 'restore', [annotation.decidedFor]: 'app/e7' },
    reason: /^the manifest says that the PVC was restored from a backup, but the backup store has none now/,
  }),
  row('label "Hourly" with an exported restore of this PVC, and restore', 'restore', ['otherLabelConflict'], {
    backup: 'Hourly',
    name: 'e8',
    annotations: { [annotation.decision]: 'restore', [annotation.decidedFor]: 'app/e8' },
    reason: /^proven$/,
  }),
  row('label "Hourly" with an exported doubt, and fresh', 'fresh', ['nearTier'], {
    backup: 'Hourly',
    name: 'e9',
    annotations: { [annotation.decision]: 'unknown', [annotation.decidedFor]: 'app/e9' },
    reason: /^the manifest carries the decision unknown; remove the annotation/,
  }),
  row('label "Hourly" with an exported doubt, and a doubt now', { decision: 'unknown', authoritative: false, reason: 'S3 is down' }, ['nearTier'], {
    backup: 'Hourly',
    name: 'e10',
    annotations: { [annotation.decision]: 'unknown', [annotation.decidedFor]: 'app/e10' },
    reason: /^S3 is down$/,
  }),
  row('label "Hourly" with a doubt of an older release whose reason names another namespace', 'fresh', ['nearTier'], {
    backup: 'Hourly',
    annotations: { [annotation.decision]: 'unknown', [annotation.reason]: 'a kopia repository with data in shop/data/' },
  }),
  row('label "Hourly" over a backup, and a source of its own', 'restore', ['otherLabelConflict'], {
    backup: 'Hourly',
    spec: { dataSourceRef: snapshot },
  }),
  row('label "velero", generateName', null, [], { metadata: withoutName('velero'), decision: 'none' }),
];
