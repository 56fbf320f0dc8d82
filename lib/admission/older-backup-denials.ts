import { annotation } from '../model/naming';
import { put } from './api-server/cel';
import type { Denial } from './denial';
import { all, annotationField, any, eq, matches, not, oneOf, cel } from './predicate';
import { decision, pvcInMessage as pvc } from './requested-pvc';

/** Days that a choice of an older backup may be ahead of the creation that it is meant for. */
const mostDays = 7;

const rfc3339 = String.raw`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$`;

const asOf = annotationField(annotation.restoreAsOf);
const previous = annotationField(annotation.restorePrevious);
const expires = annotationField(annotation.restoreExpires);
const choosesOlder = any(not(eq(asOf, '')), not(eq(previous, '')));
const created = 'timestamp(object.metadata.creationTimestamp)';
const example = 'as in 2026-01-31T18:00:00Z';

const chosen = `${annotation.restoreAsOf}="${put(asOf.cel)}", ${annotation.restorePrevious}="${put(previous.cel)}"`;

/**
 * Denials of a PVC that chooses an older backup. A choice that can't be read or kept refuses the PVC: an empty or a newer volume is not what was asked for.
 * The choice expires, because the line stays in Git: on a new cluster months later it would bring months-old data back.
 */
export const olderBackupDenials = [
  {
    id: 'unreadableChoice',
    when: any(all(not(eq(asOf, '')), not(matches(asOf, rfc3339))), all(not(eq(previous, '')), not(matches(previous, '^[0-9]{1,4}$')))),
    problem: `PVC ${pvc} chooses an older backup, but the choice can't be read: ${chosen}.`,
    remedy: `Write a time, ${example}, or the number of newest backups to skip, as in "1".`,
  },
  {
    id: 'futureChoice',
    when: all(matches(asOf, rfc3339), cel(`timestamp(${asOf.cel}) > ${created}`)),
    problem: `PVC ${pvc} chooses a backup from ${put(asOf.cel)}, which is in the future.`,
    remedy: `Correct ${annotation.restoreAsOf}, or remove it to restore the newest backup.`,
  },
  {
    id: 'choiceWithoutEnd',
    when: all(choosesOlder, any(not(matches(expires, rfc3339)), cel(`timestamp(${expires.cel}) - ${created} > duration('${mostDays * 24}h')`))),
    problem:
      `PVC ${pvc} chooses an older backup, but does not say until when the choice is valid. Left in Git, it would restore the same old data on the next ` +
      'cluster, too.',
    remedy: `Set the annotation ${annotation.restoreExpires} to a time at most ${mostDays} days ahead, ${example}.`,
  },
  {
    id: 'expiredChoice',
    when: all(choosesOlder, matches(expires, rfc3339), cel(`timestamp(${expires.cel}) <= ${created}`)),
    problem: `PVC ${pvc} chooses an older backup, but the choice was valid only until ${put(expires.cel)}.`,
    remedy:
      `To restore the newest backup, remove the annotations ${annotation.restoreAsOf}, ${annotation.restorePrevious} and ${annotation.restoreExpires}. ` +
      `To restore the older one again, set a new ${annotation.restoreExpires}.`,
  },
  {
    id: 'nothingToChoose',
    when: all(choosesOlder, oneOf(decision, ['fresh', 'skipped'])),
    problem:
      `PVC ${pvc} chooses an older backup, but nothing would be restored (${put(decision.cel)}): this namespace and name has no backup, or the PVC skips ` +
      'its restore.',
    remedy: `Remove the annotations ${annotation.restoreAsOf} and ${annotation.restorePrevious}.`,
  },
] as const satisfies readonly Denial[];
