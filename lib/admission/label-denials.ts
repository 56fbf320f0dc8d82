import { admittingDecisions, conflictDecision, type Decision, foreignDecision } from '../model/decision';
import { annotation, backupLabel } from '../model/naming';
import { put } from './api-server/cel';
import type { Denial } from './denial';
import { annotationField, any, cel, eq, not, oneOf } from './predicate';
import { checkKyverno, decisionReason as reason, decision, pvcInMessage as pvc, skip } from './requested-pvc';

const label = put(`object.metadata.labels['${backupLabel}']`);

/** The gate decided in this very change: it writes down the version that is being changed, which no other change has. */
const isOfThisChange = cel(`${annotationField(annotation.decidedAtVersion, 'none').cel} == oldObject.metadata.resourceVersion`);

/** When an existing PVC does not get the label, whatever its value. */
export const conflictDenials = [
  {
    id: 'labelConflict',
    when: eq(decision, conflictDecision),
    problem:
      `The label ${backupLabel}="${label}" can't be set on PVC ${pvc}: the store has a backup under its name that is not of this volume (${reason}). The present ` +
      'contents would go into the same repository, and the backup would expire.',
    remedy: `To restore the backup, delete the PVC and create it with the label. Or keep the present contents and give the backup up: ${skip}.`,
  },
] as const satisfies readonly Denial[];

/** When an existing PVC does not get the label of a tier, or of what looks like one. */
export const relabelDenials = [
  {
    id: 'labelUndecided',
    when: any(not(isOfThisChange), not(oneOf(decision, [...admittingDecisions, 'unknown' satisfies Decision, foreignDecision, conflictDecision]))),
    problem: `The label ${backupLabel}="${label}" can't be set on PVC ${pvc} now, because the backup gate did not see the change.`,
    remedy: `Argo CD retries until the gate is there; ${checkKyverno}.`,
  },
  {
    id: 'labelUnknown',
    when: eq(decision, 'unknown' satisfies Decision),
    problem:
      `The label ${backupLabel}="${label}" can't be set on PVC ${pvc} now, because the backup check failed: ${reason}. Backups of the present contents could ` +
      'push out those of another volume of this name.',
    remedy: `Argo CD retries. To set it now, without a backup check, ${skip}.`,
  },
  {
    id: 'labelForeign',
    when: eq(decision, foreignDecision),
    problem: `The label ${backupLabel}="${label}" can't be set on PVC ${pvc}: ${reason}. It does not belong to the PVC, so backups could go to another place.`,
    remedy: 'Remove the resource. One of a deleted PVC goes by itself within seconds; Argo CD retries.',
  },
] as const satisfies readonly Denial[];

/** When a PVC with a label of no tier is not created. */
export const otherLabelDenials = [
  {
    id: 'otherLabelConflict',
    when: eq(decision, conflictDecision),
    problem: `PVC ${pvc} has a backup, but its label ${backupLabel}="${label}" is of no tier: it would be created empty, and never be backed up.`,
    remedy: `Correct the label to restore the backup. If the label is of another program, and the PVC is to be empty, ${skip}.`,
  },
] as const satisfies readonly Denial[];

/** The same for a value that was meant as a tier: there a doubt refuses, too. */
export const nearTierDenials = [
  {
    id: 'nearTier',
    when: not(oneOf(decision, ['fresh', 'skipped', conflictDecision])),
    problem: `PVC ${pvc} has the label ${backupLabel}="${label}", which is of no tier but looks like one, and the backup check failed: ${reason}.`,
    remedy: `Correct the label. If it is meant so, Argo CD retries until the backup check works; to create the PVC now, ${skip}.`,
  },
] as const satisfies readonly Denial[];
