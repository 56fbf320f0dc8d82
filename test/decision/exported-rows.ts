import { annotation } from '../../lib/model/naming';
import { decision, type Row, row } from './row';

/** PVCs whose manifests carry a decision: cloned, exported, or written by a person. */
export const exportedRows: readonly Row[] = [
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
];
