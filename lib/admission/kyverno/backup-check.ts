import { ClusterPolicySpecRulesContextApiCallMethod as Method, type ClusterPolicySpecRulesContext } from '../../../imports/kyverno.io';
import { type Answer, conflictDecision } from '../../model/decision';
import { annotation, explainQuery, plumber } from '../../model/naming';
import { namespacedName } from './decision-annotations';
import { absent, literal, request, requestedPvc } from './jmespath';

export const noAnswer = 'pvc-plumber gave no proven answer; it is not reachable, did not answer in time, or could not read the backup store';

/**
 * The decision of an answer that is complete, proven, free of contradictions and about this PVC; `unknown` for every other. Each part has its
 * own comparison, because a missing field is null and compares unequal.
 */
const askedQuery = [
  ...(['restore', 'fresh'] as const).map((decision) =>
    [
      `check.authoritative == ${literal(true)}`,
      `check.decision == '${decision}'`,
      `check.exists == ${literal(decision === 'restore')}`,
      `check.namespace == ${request.namespace}`,
      `check.pvc == ${request.name}`,
      `'${decision}'`,
    ].join(' && '),
  ),
  `'unknown'`,
].join(' || ');

/**
 * What the object carries already. A decision about another PVC is dropped: a namespace that was cloned brings those of the first one. Releases before 0.2
 * wrote no name, but the reason of a restore names the place of the backup. A reason that names no place leaves the doubt in place.
 */
const earlierQuery = [
  `(${request.annotation(annotation.decidedFor)} && ${request.annotation(annotation.decidedFor)} != ${namespacedName}) && 'none'`,
  `(${absent(request.annotation(annotation.decidedFor))} && ${request.annotation(annotation.decision)} == 'restore' && ` +
    `contains(${request.annotation(annotation.reason)} || '', 'repository with data in ') && !(contains(${request.annotation(annotation.reason)}, join('', [${namespacedName}, '/'])))) && 'none'`,
  request.annotation(annotation.decision),
  `'none'`,
].join(' || ');

/**
 * The answer, joined with a decision that is already on the object: from an earlier call of the webhook in the same admission, or from a
 * manifest that was exported from a cluster. The safer of the two wins, and a restore that turned into fresh is a doubt.
 */
const decisionQuery = `(earlier == 'unknown' || ((earlier == 'restore' || earlier == '${conflictDecision}') && asked == 'fresh')) && 'unknown' || asked`;

const reasonQuery = [
  `earlier == 'restore' && asked == 'fresh' && 'the manifest says that the PVC was restored from a backup, but the backup store has none now; check that it is the right store'`,
  `earlier == 'unknown' && asked != 'unknown' && 'the manifest carries the decision unknown; remove the annotation ${annotation.decision}'`,
  `asked == 'unknown' && check.decision != 'unknown' && 'the answer of pvc-plumber is incomplete or contradicts itself'`,
  `check.reason`,
  `'${noAnswer}'`,
].join(' || ');

/** Asks pvc-plumber, and judges the answer: `asked` is the decision of the answer alone. */
export const question: readonly ClusterPolicySpecRulesContext[] = [
  {
    name: 'check',
    apiCall: {
      method: Method.GET,
      service: { url: `${plumber.url}/exists/${requestedPvc.namespace}/${requestedPvc.name}?${explainQuery}` },
      // Kyverno takes this when the call fails, times out or answers anything but 2xx.
      default: {
        exists: false,
        keyCount: 0,
        decision: 'unknown',
        authoritative: false,
        namespace: '',
        pvc: '',
        reason: noAnswer,
      } satisfies Answer,
    },
  },
  { name: 'asked', variable: { jmesPath: askedQuery, default: 'unknown' } },
];

/** Asks pvc-plumber once for each call of the webhook, and judges: `decision` and `reason` are what the gate writes. */
export const backupCheck: readonly ClusterPolicySpecRulesContext[] = [
  ...question,
  { name: 'earlier', variable: { jmesPath: earlierQuery, default: 'none' } },
  { name: 'decision', variable: { jmesPath: decisionQuery, default: 'unknown' } },
  { name: 'reason', variable: { jmesPath: reasonQuery, default: noAnswer } },
];
