import {
  ClusterPolicySpecRulesContextApiCallMethod as Method,
  type ClusterPolicySpecRules,
  type ClusterPolicySpecRulesContext,
} from '../../imports/kyverno.io';
import type { Answer, Decision, Verdict } from '../model/decision';
import { annotation, plumber, restoreNamePrefix, restoreSuffixLength } from '../model/naming';
import { earlierLife } from './earlier-life';
import type { GeneratedChild } from './generated-child';
import { absent, type Condition, differs, equals, literal, request, requestedPvc, variable } from './jmespath';
import { exceptNamespaces, onCreate, type Protected } from './match';

/**
 * The mutate rules of the gate. They are the only ones that ask pvc-plumber, once for each call of the webhook; the validate rules read what
 * stands on the object. An HTTP call in a validate rule could get another answer than the mutation did, and it would delay generation.
 */
export function verdictRules(scope: Protected, children: readonly GeneratedChild[]): ClusterPolicySpecRules[] {
  return [skipRestore(scope), unnamed(scope), askPlumber(scope), earlierLife(scope, children), restore(scope)];
}

/** Marks a volume that a person wants empty. It overwrites a forged verdict, like the other rules. */
function skipRestore(scope: Protected): ClusterPolicySpecRules {
  return verdictRule(scope, {
    name: 'skip-restore',
    preconditions: [equals(request.annotation(annotation.skipRestore), 'true')],
    verdict: 'skipped' satisfies Verdict,
    reason: 'skip-restore was asked for',
  });
}

/** With generateName the name is not there yet when the backup would be looked up. */
function unnamed(scope: Protected): ClusterPolicySpecRules {
  return verdictRule(scope, {
    name: 'refuse-generated-name',
    preconditions: [differs(request.annotation(annotation.skipRestore), 'true'), equals(request.name, '')],
    verdict: 'unknown' satisfies Decision,
    reason: 'the PVC has no name of its own',
  });
}

function askPlumber(scope: Protected): ClusterPolicySpecRules {
  return verdictRule(scope, {
    name: 'ask-pvc-plumber',
    preconditions: [differs(request.annotation(annotation.skipRestore), 'true'), differs(request.name, '')],
    context: [
      {
        name: 'check',
        apiCall: {
          method: Method.GET,
          service: { url: `${plumber.url}/exists/${requestedPvc.namespace}/${requestedPvc.name}` },
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
      { name: 'earlier', variable: { jmesPath: `${request.annotation(annotation.decision)} || 'none'`, default: 'none' } },
      { name: 'verdict', variable: { jmesPath: verdictQuery, default: 'unknown' } },
      { name: 'reason', variable: { jmesPath: reasonQuery, default: noAnswer } },
    ],
    verdict: variable('verdict'),
    reason: variable('reason'),
  });
}

const noAnswer = 'pvc-plumber gave no proven answer: it was not reachable, did not answer in time, or could not read the backup store';

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
 * The answer, joined with a verdict that is already on the object: from an earlier call of the webhook in the same admission, or from a
 * manifest that was exported from a cluster. The safer of the two wins, and a restore that turned into fresh is a doubt.
 */
const verdictQuery = `(earlier == 'unknown' || (earlier == 'restore' && asked == 'fresh')) && 'unknown' || asked`;

const reasonQuery = [
  `earlier == 'restore' && asked == 'fresh' && 'the manifest says that it was restored from a backup, but there is none now: is this the right backup store?'`,
  `earlier == 'unknown' && asked != 'unknown' && 'the manifest carries the verdict unknown: remove the annotation ${annotation.decision}'`,
  `asked == 'unknown' && check.decision != 'unknown' && 'the answer of pvc-plumber is incomplete or contradicts itself'`,
  `check.reason`,
  `'${noAnswer}'`,
].join(' || ');

/**
 * Points the PVC to a ReplicationDestination whose name belongs to this creation alone. A destination of an earlier creation may still be
 * there, and the populator would take its old image.
 */
function restore(scope: Protected): ClusterPolicySpecRules {
  const source = {
    apiGroup: 'volsync.backube',
    kind: 'ReplicationDestination',
    name: `${restoreNamePrefix(requestedPvc)}{{ random('[a-z0-9]{${restoreSuffixLength}}') }}`,
  };
  return {
    name: 'restore-from-backup',
    skipBackgroundRequests: true,
    match: onCreate(scope.labels),
    exclude: exceptNamespaces(scope.excludedNamespaces),
    preconditions: { all: [equals(request.annotation(annotation.decision), 'restore'), noForeignSource] },
    mutate: { patchStrategicMerge: { spec: { dataSourceRef: source } } },
  };
}

/** Start of the destination names of the requested PVC, as a JMESPath. */
const ownPrefix = `join('', [${request.name}, '${restoreNamePrefix({ namespace: '', name: '' })}'])`;

/** True where the PVC points to a destination of ours. */
export const pointsToRestore = [
  `${request.dataSourceRef}.kind == 'ReplicationDestination'`,
  `${request.dataSourceRef}.apiGroup == 'volsync.backube'`,
  `starts_with(${request.dataSourceRef}.name || '', ${ownPrefix})`,
].join(' && ');

/** The PVC brings no source of its own: none at all, or a restore of ours from an exported manifest or from an earlier call of the webhook. */
const noForeignSource: Condition = {
  key: variable(`${absent(request.dataSourceRef)} && ${absent(request.dataSource)} || ${pointsToRestore}`),
  operator: 'Equals',
  value: true,
};

interface VerdictRule {
  readonly name: string;
  readonly preconditions: readonly Condition[];
  readonly context?: ClusterPolicySpecRulesContext[];
  readonly verdict: string;
  readonly reason: string;
}

function verdictRule(scope: Protected, rule: VerdictRule): ClusterPolicySpecRules {
  return {
    name: rule.name,
    skipBackgroundRequests: true,
    match: onCreate(scope.labels),
    exclude: exceptNamespaces(scope.excludedNamespaces),
    ...(rule.context === undefined ? {} : { context: rule.context }),
    preconditions: { all: rule.preconditions },
    mutate: {
      patchStrategicMerge: {
        metadata: {
          annotations: { [annotation.decision]: rule.verdict, [annotation.reason]: rule.reason, [annotation.decidedAt]: variable('time_now_utc()') },
        },
      },
    },
  };
}
