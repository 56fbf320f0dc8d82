import { admittingVerdicts, decidedVerdicts, type Decision, type Verdict, waitVerdict } from '../../model/decision';
import { idPattern } from '../../model/mover-identity';
import { annotation, maxPvcNameLength, restoreNamePrefix, undecidedSourceName } from '../../model/naming';
import { list, put, text, type Validation } from './admission-policy';
import { annotationOf } from './cel';
import { pointInTimeValidations } from './point-in-time';
import { refusalMessages } from './denial-messages';

const decision = annotationOf(annotation.decision, 'none');
const decidedAt = annotationOf(annotation.decidedAt, '1970-01-01T00:00:00Z');
const skipRestore = annotationOf(annotation.skipRestore, '');
const reference = 'object.spec.?dataSourceRef';
const sourceName = `${reference}.?name.orValue('')`;
const isDestination = `${reference}.?kind.orValue('') == 'ReplicationDestination' && ${reference}.?apiGroup.orValue('') == 'volsync.backube'`;
/** The PVC points to a restore of its own. */
const pointsToRestore = `${isDestination} && ${sourceName}.startsWith(object.metadata.name + '${restoreNamePrefix({ namespace: '', name: '' })}')`;
/** The PVC points to the restore that nobody makes, so it is never bound. */
const isHeld = `${isDestination} && ${sourceName} == object.metadata.name + '${undecidedSourceName({ namespace: '', name: '' })}'`;

/**
 * How far apart the clocks of Kyverno's nodes and of the API server may be, with the slowest admission in between. The API server sets creationTimestamp
 * itself, whatever the manifest says.
 */
const decisionMinutes = 5;
const age = `timestamp(object.metadata.creationTimestamp) - timestamp(${decidedAt})`;

const pvc = `${put('object.metadata.namespace')}/${put('object.metadata.name')}`;
const reason = put(annotationOf(annotation.reason, 'the backup gate did not look'));

/** A condition that must hold, or the PVC is refused with the message. */
function refusal(message: string, ...all: readonly string[]): Validation {
  return { expression: all.join(' && '), messageExpression: text(message) };
}

/**
 * When the creation of a labelled PVC is refused, in this order: the API server says the first message only. What the gate decided stands on the object;
 * nothing is asked here, so two looks at the object can't disagree.
 */
export const pvcRefusals: readonly Validation[] = [
  refusal(
    refusalMessages.unsupported(pvc),
    `size(object.metadata.name) <= ${maxPvcNameLength}`,
    `object.metadata.?generateName.orValue('') == ''`,
    `object.spec.?volumeMode.orValue('') != 'Block'`,
    ...[annotation.runAsUser, annotation.runAsGroup, annotation.fsGroup].map((key) => `${annotationOf(key, '0')}.matches('${idPattern}')`),
  ),
  refusal(refusalMessages.undecided(pvc), `${decision} in ${list([...admittingVerdicts, 'unknown' satisfies Decision, waitVerdict])}`),
  refusal(
    refusalMessages.unknown(pvc, reason),
    `${decision} != '${'unknown' satisfies Decision}'`,
    `(${decision} != '${'exists' satisfies Verdict}' || (${isHeld}))`,
  ),
  refusal(refusalMessages.earlierPvc(pvc, reason), `${decision} != '${waitVerdict}'`),
  refusal(
    refusalMessages.otherCreation(pvc, put(decidedAt), decisionMinutes),
    `${age} < duration('${decisionMinutes}m')`,
    `${age} > duration('-${decisionMinutes}m')`,
  ),
  refusal(
    refusalMessages.foreignSource(pvc),
    `(${decision} != '${'restore' satisfies Decision}' || (${pointsToRestore}))`,
    `(${decision} != '${'restore' satisfies Decision}' || !(${isHeld}))`,
  ),
  refusal(
    refusalMessages.staleSource(pvc, put(sourceName)),
    `(!(${decision} in ${list(decidedVerdicts.filter((verdict) => verdict !== 'restore'))}) || !(${pointsToRestore}))`,
  ),
  refusal(
    refusalMessages.noSkipReason(pvc),
    `(!(${decision} == '${'skipped' satisfies Verdict}' || ${skipRestore} == 'true') || (${skipRestore} == 'true' && ${annotationOf(annotation.skipRestoreReason, '')}.trim() != ''))`,
  ),
  ...pointInTimeValidations(pvc, decision, annotationOf),
];
