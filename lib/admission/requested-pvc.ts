import { settledDecisions } from '../model/decision';
import { annotation, backupLabel, restoreNamePrefix, undecidedSourceName } from '../model/naming';
import { madeByVolsync, populatorLabel } from '../model/volsync-labels';
import { put } from './api-server/cel';
import { all, annotationField, eq, field, isName, oneOf, type Predicate, startsWithName } from './predicate';

/** The PVC, in a message. */
export const pvcInMessage = `${put('object.metadata.namespace')}/${put('object.metadata.name')}`;

/** What the gate decided about the PVC. */
export const decision = annotationField(annotation.decision, 'none');

/** Why, in a message. */
export const decisionReason = put(annotationField(annotation.reason, 'the backup gate did not run').cel);

/** Words of remedies. */
export const skip = `set the annotations ${annotation.skipRestore}: "true" and ${annotation.skipRestoreReason}: "<why>"`;
export const checkKyverno = 'check Kyverno: kubectl get clusterpolicy,pods -n kyverno';

/** The PVC is really there afterwards, and gets its resources. */
export const isDecided: Predicate = oneOf(decision, settledDecisions);

/** A person wants an empty volume. */
export const asksToSkipRestore: Predicate = eq(annotationField(annotation.skipRestore), 'true');

/** Annotations that hold a user or group of the movers. */
export const moverIds = [annotation.runAsUser, annotation.runAsGroup, annotation.fsGroup] as const;

/** A block volume has no files, so nothing of it can be backed up. */
export const isBlockVolume: Predicate = eq(field('spec.volumeMode'), 'Block');

/** The two fields of a PVC that say what fills it; a cluster gives both out. */
type Source = 'dataSource' | 'dataSourceRef';

const isDestination = (source: Source): Predicate[] => [
  eq(field(`spec.${source}.kind`), 'ReplicationDestination'),
  eq(field(`spec.${source}.apiGroup`), 'volsync.backube'),
];

/** The PVC points to a restore of its own: of this creation, or of a previous PVC of its name. */
export function pointsToOwnRestore(source: Source): Predicate {
  return all(...isDestination(source), startsWithName(field(`spec.${source}.name`), restoreNamePrefix({ namespace: '', name: '' })));
}

/** What the PVC points to has the name of the restore that nobody makes. */
export const namesNobodysRestore: Predicate = isName(field('spec.dataSourceRef.name'), undecidedSourceName({ namespace: '', name: '' }));

/** The PVC points to the restore that nobody makes, so it is never bound. */
export const isHeld: Predicate = all(...isDestination('dataSourceRef'), namesNobodysRestore);

/** CEL: the new object has the label `backup`, with whatever value. */
export const hasLabel = `'${backupLabel}' in object.metadata.?labels.orValue({})`;

/** CEL: the value of the label `backup`; empty where there is none. */
export function labelOf(object: 'object' | 'oldObject'): string {
  return `${object}.metadata.?labels[?'${backupLabel}'].orValue('')`;
}

/** CEL: VolSync made the PVC for itself, as a copy for a backup or as the volume of a restore. */
export function ofVolsync(object: 'object' | 'oldObject'): string {
  const labels = `${object}.metadata.?labels.orValue({})`;
  return `${labels}[?'${madeByVolsync.key}'].orValue('') == '${madeByVolsync.value}' || '${populatorLabel}' in ${labels}`;
}
