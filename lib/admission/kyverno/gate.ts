import {
  ClusterPolicySpecRulesContextApiCallMethod as Method,
  type ClusterPolicySpecRules,
  type ClusterPolicySpecRulesContext,
} from '../../../imports/kyverno.io';
import { type Answer, type Decision, type Verdict, waitVerdict } from '../../model/decision';
import { annotation, plumber, restoreNamePrefix, restoreSuffixLength, undecidedSourceName } from '../../model/naming';
import { waitForEarlierPvc } from './previous-pvc';
import type { GeneratedResource } from '../../protection/generated-resource';
import { absent, type Condition, differs, equals, literal, request, requestedPvc, variable } from './jmespath';
import { decisionAnnotations, namespacedName } from './decision-annotations';
import { existingPvc, isThere } from './existing-pvc';
import { exceptNamespaces, onCreate, type Protected } from './match';

/**
 * The rules of the gate. They ask pvc-plumber, once for each call of the webhook, and write down what they decided; they refuse nothing. The API server's
 * own policy reads what stands on the object, and refuses (`lib/backstop`).
 */
export function verdictRules(scope: Protected, resources: readonly GeneratedResource[]): ClusterPolicySpecRules[] {
  return [
    skipRestore(scope),
    unnamed(scope),
    askPlumber(scope),
    waitForEarlierPvc(scope, resources),
    admitExisting(scope),
    restoreFromBackup(scope),
    holdUndecided(scope),
  ];
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
      { name: 'earlier', variable: { jmesPath: earlierQuery, default: 'none' } },
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

/** A PVC of the name exists: the API server answers 409, as it does to anybody. Without this rule the creation would be refused while pvc-plumber is away. */
function admitExisting(scope: Protected): ClusterPolicySpecRules {
  return verdictRule(scope, {
    name: 'admit-existing',
    context: [existingPvc],
    preconditions: [equals(request.annotation(annotation.decision), 'unknown'), differs(request.name, ''), noForeignSource, isThere],
    verdict: 'exists' satisfies Verdict,
    reason: 'a PVC of this name exists',
  });
}

/**
 * Points the PVC to a ReplicationDestination whose name belongs to this creation alone. A destination of an earlier creation may still be
 * there, and the populator would take its old image.
 */
function restoreFromBackup(scope: Protected): ClusterPolicySpecRules {
  return sourceRule(scope, {
    name: 'restore-from-backup',
    decisions: ['restore' satisfies Verdict],
    destination: `join('', [${request.name}, '${restoreNamePrefix({ namespace: '', name: '' })}', random('[a-z0-9]{${restoreSuffixLength}}')])`,
  });
}

/**
 * The second wall. The API server's policy refuses a PVC on which the gate could not decide. Where somebody took that policy away, the PVC is stored, but it
 * waits for a restore that nobody makes, and is no empty volume over a backup.
 */
function holdUndecided(scope: Protected): ClusterPolicySpecRules {
  return sourceRule(scope, {
    name: 'hold-undecided',
    decisions: ['unknown' satisfies Decision, waitVerdict, 'exists' satisfies Verdict],
    destination: `join('', [${request.name} || '', '${undecidedSourceName({ namespace: '', name: '' })}'])`,
  });
}

interface SourceRule {
  readonly name: string;
  readonly decisions: readonly string[];
  /** JMESPath of the ReplicationDestination's name. */
  readonly destination: string;
}

/** Sets both fields: a manifest that was exported from a cluster has both, and the API server refuses two that differ. */
function sourceRule(scope: Protected, { name, decisions, destination }: SourceRule): ClusterPolicySpecRules {
  const source = { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: variable('destination') };
  return {
    name,
    skipBackgroundRequests: true,
    match: onCreate(scope.labels),
    exclude: exceptNamespaces(scope.excludedNamespaces),
    context: [{ name: 'destination', variable: { jmesPath: destination } }],
    preconditions: {
      all: [{ key: variable(`${request.annotation(annotation.decision)} || ''`), operator: 'AnyIn', value: [...decisions] }, noForeignSource],
    },
    mutate: { patchStrategicMerge: { spec: { dataSource: source, dataSourceRef: source } } },
  };
}

/** Start of the destination names of the requested PVC, as a JMESPath. */
const ownPrefix = `join('', [${request.name} || '', '${restoreNamePrefix({ namespace: '', name: '' })}'])`;

/** True where a source of the PVC is a restore of its own. */
function isOwnRestore(source: string): string {
  return [
    `${source}.kind == 'ReplicationDestination'`,
    `${source}.apiGroup == 'volsync.backube'`,
    `starts_with(${source}.name || '', ${ownPrefix})`,
  ].join(' && ');
}

/** True where the PVC points to a restore of its own. */
export const pointsToRestore = isOwnRestore(request.dataSourceRef);

/** The PVC brings no source of its own: none at all, or a restore of ours from an exported manifest or from an earlier call of the webhook. */
const noForeignSource: Condition = {
  key: variable([request.dataSourceRef, request.dataSource].map((source) => `(${absent(source)} || (${isOwnRestore(source)}))`).join(' && ')),
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
          annotations: decisionAnnotations(rule.verdict, rule.reason),
        },
      },
    },
  };
}
