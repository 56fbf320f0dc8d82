import { annotation } from '../../model/naming';
import { type Validation, list, put, text } from './admission-policy';

/** Days that a choice of an older backup may be ahead of the creation that it is meant for. */
const mostDays = 7;

const rfc3339 = String.raw`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$`;

/**
 * Conditions on the choice of an older backup. A choice that can't be read or kept refuses the PVC: an empty or a newer volume is not what was asked for. It
 * ends by itself, because the line stays in Git: on a new cluster months later it would bring months-old data back.
 *
 * @param pvc the PVC, for a message
 * @param decision CEL of the gate's decision
 * @param annotationOf CEL of an annotation with a fallback
 */
export function pointInTimeValidations(pvc: string, decision: string, annotationOf: (key: string, fallback: string) => string): Validation[] {
  const asOf = annotationOf(annotation.restoreAsOf, '');
  const previous = annotationOf(annotation.restorePrevious, '');
  const expires = annotationOf(annotation.restoreExpires, '');
  const asked = `(${asOf} != '' || ${previous} != '')`;
  const isTime = (value: string): string => `${value}.matches('${rfc3339}')`;
  const created = 'timestamp(object.metadata.creationTimestamp)';
  const about = (template: string): string => text(`PVC ${pvc} ${template}`);
  return [
    {
      expression: `(${asOf} == '' || ${isTime(asOf)}) && (${previous} == '' || ${previous}.matches('^[0-9]{1,4}$'))`,
      messageExpression: about(
        `asks for an older backup in a way that can't be read: ${annotation.restoreAsOf}="${put(asOf)}", ${annotation.restorePrevious}="${put(previous)}". Write a time as in 2026-01-31T18:00:00Z, or how many of the newest backups are skipped, as in "1"`,
      ),
    },
    {
      expression: `!(${isTime(asOf)}) || timestamp(${asOf}) <= ${created}`,
      messageExpression: about(
        `asks for a backup from ${put(asOf)}, which lies in the future: correct ${annotation.restoreAsOf}, or remove it to get the newest backup`,
      ),
    },
    {
      expression: `!${asked} || (${isTime(expires)} && timestamp(${expires}) - ${created} <= duration('${mostDays * 24}h'))`,
      messageExpression: about(
        `asks for an older backup, but does not say until when that is meant: set the annotation ${annotation.restoreExpires} to a time at most ${mostDays} days ahead, as in 2026-01-31T18:00:00Z. Without it the line in Git would bring old data back on the next cluster, too`,
      ),
    },
    {
      expression: `!${asked} || !(${isTime(expires)}) || timestamp(${expires}) > ${created}`,
      messageExpression: about(
        `asks for an older backup, and that was meant for a creation before ${put(expires)}: remove the annotations ${annotation.restoreAsOf}, ${annotation.restorePrevious} and ${annotation.restoreExpires} to get the newest backup, or set ${annotation.restoreExpires} anew`,
      ),
    },
    {
      expression: `!${asked} || !(${decision} in ${list(['fresh', 'skipped'])})`,
      messageExpression: about(
        `asks for an older backup, but nothing would be restored (${put(decision)}): there is no backup of this namespace and name, or the restore is skipped. Remove the annotations ${annotation.restoreAsOf} and ${annotation.restorePrevious}`,
      ),
    },
  ];
}
