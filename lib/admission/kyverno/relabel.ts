import type { ClusterPolicySpecRules } from '../../../imports/kyverno.io';
import { conflictDecision, foreignDecision, settledDecisions } from '../../model/decision';
import { annotation, backupLabel } from '../../model/naming';
import type { GeneratedResource } from '../../protection/generated-resource';
import { asksToSkipRestore } from '../requested-pvc';
import { noAnswer, question } from './backup-check';
import { relabelAnnotations } from './decision-annotations';
import { fixedNames, lookUp, unreadable } from './generated-lookups';
import { type Condition, equals, literal, request, variable } from './jmespath';
import { exceptNamespaces, onUpdate, type Protected } from './match';

const old = 'request.oldObject.metadata';
const list = (items: readonly string[]): string => literal(JSON.stringify(items));

/**
 * Decides about a PVC that gets the label when it exists, with the value of a tier or another, which may be the tier of tomorrow. Its contents would be backed up
 * into the repository of its name, and what another volume has there would expire.
 *
 * Where a generated resource belongs to this very PVC (its uid is the owner's), the repository is its own: the label was taken off and comes back, or the tier
 * has another name. A PVC keeps its volume for life, so nothing else has to be recorded. Every other PVC is asked about, and only one without a backup passes.
 */
export function relabelRule(scope: Protected, resources: readonly GeneratedResource[]): ClusterPolicySpecRules {
  const kinds = fixedNames(resources);
  const found = kinds.map((_, index) => `left${index}`);
  const owners = 'metadata.ownerReferences[].uid || `[]`';
  const about = (plural: string): string => `join('', ['${plural}/', metadata.name, ' (owner: ', join(' ', ${owners}) || 'none', ')'])`;
  const isOwn = (left: string): string => `contains(${left}, ${old}.uid)`;
  return {
    name: 'decide-about-label',
    skipBackgroundRequests: true,
    match: onUpdate(),
    exclude: exceptNamespaces(scope.excludedNamespaces),
    context: [
      ...kinds.map((resource, index) => lookUp(`left${index}`, resource, about)),
      { name: 'own', variable: { jmesPath: found.map((left) => `(${isOwn(left)})`).join(' || '), default: false } },
      {
        name: 'foreign',
        variable: {
          jmesPath: `join(', ', [${found.map((left) => `(!(${isOwn(left)}) && ${left} || '')`).join(', ')}][?@ != ''])`,
          default: unreadable,
        },
      },
      ...question,
      { name: 'earlier', variable: { jmesPath: earlierQuery, default: 'none' } },
      { name: 'decision', variable: { jmesPath: decisionQuery, default: 'unknown' } },
      { name: 'reason', variable: { jmesPath: reasonQuery, default: noAnswer } },
    ],
    preconditions: { all: [equals(request.deletionTimestamp, ''), labelIsNew, hadNoTier(scope.labels)] },
    mutate: { patchStrategicMerge: { metadata: { annotations: relabelAnnotations(variable('decision'), variable('reason')) } } },
  };
}

const labelIsNew: Condition = {
  key: variable(`request.object.metadata.labels.${backupLabel} || ''`),
  operator: 'NotEquals',
  value: variable(`${old}.labels.${backupLabel} || ''`),
};

/** A change from tier to tier is free: the PVC was decided when it got the first. */
function hadNoTier(labels: readonly string[]): Condition {
  return { key: variable(`contains(${list(labels)}, ${old}.labels.${backupLabel} || '')`), operator: 'Equals', value: false };
}

/** What an earlier call of the webhook wrote in the same admission; the safer of two answers counts. */
const earlierQuery = `${request.annotation(annotation.decidedAtVersion)} == ${old}.resourceVersion && ${request.annotation(annotation.decision)} || 'none'`;

/** What stood on the PVC before. It says `restore` where the PVC was filled from a backup, which can't be gone now. */
const before = `${old}.annotations."${annotation.decision}"`;
const unread = `contains(foreign, '${unreadable}')`;
const vanished = `${before} == 'restore' && asked == 'fresh'`;

const decisionQuery = [
  `(${unread}) && 'unknown'`,
  `foreign != '' && '${foreignDecision}'`,
  `own && contains(${list(settledDecisions)}, ${before} || '') && ${before}`,
  `own && 'fresh'`,
  `(${asksToSkipRestore.jmesPath}) && 'skipped'`,
  `(earlier == 'unknown' || (${vanished})) && 'unknown'`,
  `(earlier == '${conflictDecision}' || asked == 'restore') && '${conflictDecision}'`,
  'asked',
].join(' || ');

const reasonQuery = [
  `(${unread}) && 'the API server did not list what has the names of generated resources'`,
  `foreign != '' && join('', ['a resource has the name of one that is generated for it (', foreign, ')'])`,
  `own && 'its backups are of this very volume'`,
  `(${asksToSkipRestore.jmesPath}) && 'skip-restore was asked for'`,
  `(${vanished}) && 'the PVC was restored from a backup, but the backup store has none now; check that it is the right store'`,
  `check.reason`,
  `'${noAnswer}'`,
].join(' || ');
