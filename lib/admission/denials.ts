import { admittingDecisions, type Decision, foreignDecision, type GateDecision, waitDecision } from '../model/decision';
import { idPattern, maxId } from '../model/mover-identity';
import { annotation, maxPvcNameLength, plumber } from '../model/naming';
import { gatePolicy } from '../model/policy-names';
import { olderBackupDenials } from './older-backup-denials';
import { put } from './api-server/cel';
import type { Denial } from './denial';
import { all, annotationField, any, type CelCondition, eq, field, matches, not, oneOf, cel } from './predicate';
import { optInDenials } from './opt-in-denials';
import { noSnapshots } from './storage-denials';
import { conflictDenials, nearTierDenials, otherLabelDenials, relabelDenials } from './label-denials';
import {
  asksToSkipRestore,
  checkKyverno,
  decision,
  decisionReason as reason,
  isBlockVolume,
  isDecided,
  isHeld,
  moverIds,
  namesNobodysRestore,
  pointsToOwnRestore,
  pvcInMessage as pvc,
  skip,
} from './requested-pvc';

const decidedAt = annotationField(annotation.decidedAt, '1970-01-01T00:00:00Z').cel;

/**
 * How far apart the clocks of Kyverno's nodes and of the API server may be, with the slowest admission in between. The API server sets creationTimestamp
 * itself, whatever the manifest says.
 */
const decisionMinutes = 5;
const age = `timestamp(object.metadata.creationTimestamp) - timestamp(${decidedAt})`;

const decided = (word: GateDecision | Decision | typeof waitDecision | typeof foreignDecision): CelCondition => eq(decision, word);

/** Nothing can be made for a PVC like this, whenever it gets its label. */
export const cantBeProtected: CelCondition = any(
  cel(`size(object.metadata.name) > ${maxPvcNameLength}`),
  isBlockVolume,
  ...moverIds.map((key) => not(matches(annotationField(key, '0'), idPattern))),
);

/** A letter of any script. White space that nobody sees, of whatever width, is not a reason. The API server knows letters by a class; JavaScript, in tests, does not. */
const letter = '[a-zA-ZÀ-ῼⰀ-ⷿぁ-힣]';

/**
 * When the creation of a labelled PVC is refused, and what its author reads. The order counts: the API server says the first one only. What the gate decided
 * stands on the object, and nothing is looked up here, so two looks at the object can't disagree.
 */
export const denials = [
  {
    id: 'unsupported',
    when: any(not(eq(field('metadata.generateName'), '')), cantBeProtected),
    problem:
      `PVC ${pvc} can't be backed up and restored. A PVC with a backup label needs a fixed name (no generateName) of at most ${maxPvcNameLength} characters ` +
      `and volumeMode Filesystem, and the annotations ${moverIds.join(', ')} must be numbers from 0 to ${maxId}.`,
    remedy: 'Change the PVC, or remove the label.',
  },
  {
    id: 'undecided',
    when: not(oneOf(decision, [...admittingDecisions, 'unknown', waitDecision, foreignDecision])),
    problem: `PVC ${pvc} has no backup decision, because the backup gate did not see it with its label.`,
    remedy:
      `If Kyverno or its policy ${gatePolicy} is missing, or its webhook skips this namespace, Argo CD retries until the gate is there; ${checkKyverno}. ` +
      `If another admission webhook set the label after the gate ran, write the label into the manifest, or give that webhook a name that sorts before "kyverno".`,
  },
  {
    id: 'unknown',
    when: any(decided('unknown'), all(decided('exists'), not(isHeld))),
    problem: `PVC ${pvc} can't be created, because the backup check failed: ${reason}. Creating it empty could overwrite an existing backup.`,
    remedy:
      `Argo CD retries. To see why the check fails: kubectl logs -n ${plumber.namespace} -l app.kubernetes.io/name=${plumber.name}. ` +
      `To create the PVC now, without a backup check, ${skip}.`,
  },
  {
    id: 'previousPvc',
    when: decided(waitDecision),
    problem: `PVC ${pvc} can't be created yet: ${reason}. They would be garbage-collected together with the new ones.`,
    remedy:
      'This takes a few seconds; Argo CD retries. If an ExternalSecret stays, check that External Secrets is running, because it has to remove its finalizer. ' +
      'If another resource stays, read its finalizers: kubectl get -o yaml.',
  },
  {
    id: 'foreignResource',
    when: decided(foreignDecision),
    problem: `PVC ${pvc} can't be created, because ${reason}. Its backups could go to another place, or never run.`,
    remedy:
      'Remove that resource, or give it another name. Where it is left of a PVC of this name that was deleted without its resources, deleting it loses nothing: ' +
      'the backups stay in the store.',
  },
  {
    id: 'otherCreation',
    when: any(cel(`${age} >= duration('${decisionMinutes}m')`), cel(`${age} <= duration('-${decisionMinutes}m')`)),
    problem:
      `PVC ${pvc} has a backup decision from an earlier creation, at ${put(decidedAt)}: the manifest was exported from a cluster, and the backup gate did ` +
      'not decide again.',
    remedy:
      `Remove the annotations ${annotation.decision} and ${annotation.decidedAt}, and ${checkKyverno}. If the gate did run, the clocks of its node and of the ` +
      `API server differ by more than ${decisionMinutes} minutes.`,
  },
  {
    id: 'foreignSource',
    when: all(decided('restore'), any(not(pointsToOwnRestore('dataSourceRef')), namesNobodysRestore)),
    problem: `PVC ${pvc} has a backup, but its own spec.dataSource or spec.dataSourceRef would fill it with other data.`,
    remedy: `Remove these fields to restore the backup. To keep them and ignore the backup, ${skip}.`,
  },
  {
    id: 'noClass',
    when: eq(field('spec.storageClassName', 'default'), ''),
    problem:
      `PVC ${pvc} can't be backed up: its spec.storageClassName is empty, so it waits for a volume that a person made. VolSync makes the copy that it backs up in the ` +
      'same class, and nobody would make a volume for it.',
    remedy: 'Name a StorageClass, or remove the label.',
  },
  {
    id: 'ownVolume',
    when: all(decided('restore'), not(eq(field('spec.volumeName'), ''))),
    problem: `PVC ${pvc} has a backup, but spec.volumeName asks for a volume that exists already, which would be bound in place of the restored one.`,
    remedy: `Remove spec.volumeName to restore the backup. To bind the existing volume and ignore the backup, ${skip}.`,
  },
  {
    id: 'staleSource',
    when: all(isDecided, not(decided('restore')), pointsToOwnRestore('dataSourceRef')),
    problem:
      `spec.dataSourceRef of PVC ${pvc} names ${put(field('spec.dataSourceRef.name').cel)}, the restore of a previous PVC of this name. Nothing is restored ` +
      'this time, so the PVC would stay Pending.',
    remedy: 'Remove spec.dataSource and spec.dataSourceRef from the manifest.',
  },
  {
    id: 'noSkipReason',
    when: all(
      any(decided('skipped'), asksToSkipRestore),
      any(not(asksToSkipRestore), not(matches(annotationField(annotation.skipRestoreReason), letter))),
    ),
    problem: `PVC ${pvc} skips its restore, but does not say why.`,
    remedy: `Set the annotation ${annotation.skipRestoreReason}, explaining why, so that it can be removed later: while it is in Git, nothing is restored.`,
  },
  ...olderBackupDenials,
] as const satisfies readonly Denial[];

/** All of them: of the creation of a labelled PVC, of a label that is set later, of a label of no tier, and of a PVC that the site names. */
export const everyDenial = [
  ...denials,
  ...conflictDenials,
  ...relabelDenials,
  ...otherLabelDenials,
  ...nearTierDenials,
  ...optInDenials,
  noSnapshots,
] as const;

export type DenialId = (typeof everyDenial)[number]['id'];

/** A denial of the table. */
export function denialNamed(id: DenialId): Denial {
  return everyDenial.find((denial) => denial.id === id)!;
}
