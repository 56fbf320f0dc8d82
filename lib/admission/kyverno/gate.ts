import type { ClusterPolicySpecRules, ClusterPolicySpecRulesContext } from '../../../imports/kyverno.io';
import { conflictDecision, type Decision, foreignDecision, type GateDecision, waitDecision } from '../../model/decision';
import { annotation, restoreNamePrefix, restoreSuffixLength, undecidedSourceName } from '../../model/naming';
import type { GeneratedResource } from '../../protection/generated-resource';
import { not } from '../predicate';
import { asksToSkipRestore, pointsToOwnRestore } from '../requested-pvc';
import { backupCheck } from './backup-check';
import { decisionAnnotations } from './decision-annotations';
import { existingPvc, isThere } from './existing-pvc';
import { absent, type Condition, differs, equals, holds, request, variable } from './jmespath';
import { exceptNamespaces, onCreate, onCreateOfOthers, type Protected } from './match';
import { optInReasons, optInRules } from './opt-in';
import { waitForPreviousPvc } from './previous-pvc';

/**
 * The rules of the gate. They ask pvc-plumber, once for each call of the webhook, and write down what they decided; they refuse nothing. The API server's
 * own policy reads what stands on the object, and refuses (`lib/admission/denials.ts`).
 */
export function gateRules(scope: Protected, resources: readonly GeneratedResource[]): ClusterPolicySpecRules[] {
  return [
    ...optInRules(scope),
    skipRestore(scope),
    unnamed(scope),
    askPlumber(scope),
    askAboutOtherLabel(scope),
    waitForPreviousPvc(scope, resources),
    admitExisting(scope),
    restoreFromBackup(scope),
    holdUndecided(scope),
    holdConflict(scope),
  ];
}

const reasons = {
  'skip-restore': 'a person wants an empty volume; no look-up is needed, and a spoofed decision is overwritten',
  'refuse-generated-name': 'with generateName there is no name yet to ask about',
  'ask-pvc-plumber': 'the only question; an answer counts only if all of its fields agree and it names this PVC',
  'ask-about-other-label': 'a label of no tier may be misspelt, or of a tier that was removed; where a backup exists, the PVC is refused',
  'wait-for-earlier-pvc': 'what was generated for the deleted PVC would be garbage-collected together with the new',
  'admit-existing': 'the API server answers 409, as it does without Kyverno',
  'restore-from-backup': 'a restore of its own for each creation; the populator would take the image of an old one',
  'hold-undecided': 'if the admission policy that refuses is missing, the PVC stays Pending and is not empty',
  'hold-conflict': 'the same for a PVC with a label of no tier, over a backup',
} as const;

/** What each rule is for, for the reader of the rendered policy. */
export function gateReasons(scope: Protected): Readonly<Record<string, string>> {
  return { ...optInReasons(scope), ...reasons };
}

/** Marks a volume that a person wants empty. It overwrites a spoofed decision, like the other rules. */
function skipRestore(scope: Protected): ClusterPolicySpecRules {
  return decisionRule(scope, {
    name: 'skip-restore',
    preconditions: [holds(asksToSkipRestore)],
    decision: 'skipped' satisfies GateDecision,
    reason: 'skip-restore was asked for',
  });
}

/** With generateName the name is not there yet when the backup, or what is left of a previous PVC, would be looked up. */
function unnamed(scope: Protected): ClusterPolicySpecRules {
  return decisionRule(scope, {
    name: 'refuse-generated-name',
    preconditions: [equals(request.name, '')],
    decision: 'unknown' satisfies Decision,
    reason: 'the PVC has no name of its own',
  });
}

function askPlumber(scope: Protected): ClusterPolicySpecRules {
  return decisionRule(scope, {
    name: 'ask-pvc-plumber',
    preconditions: [holds(not(asksToSkipRestore)), differs(request.name, '')],
    context: [...backupCheck],
    decision: variable('decision'),
    reason: variable('reason'),
  });
}

/** With a label of no tier the PVC gets no backup, and is asked about only because it would be created empty over one. */
function askAboutOtherLabel(scope: Protected): ClusterPolicySpecRules {
  const own = `(${asksToSkipRestore.jmesPath}) && 'skipped' || decision == 'restore' && '${conflictDecision}' || decision`;
  return {
    ...decisionRule(scope, {
      name: 'ask-about-other-label',
      preconditions: [differs(request.name, '')],
      context: [...backupCheck],
      decision: variable(own),
      reason: variable('reason'),
    }),
    match: onCreateOfOthers(scope.labels),
  };
}

/** A PVC of the name exists: the API server answers 409, as it does to anybody. Without this rule the creation would be refused while pvc-plumber is away. */
function admitExisting(scope: Protected): ClusterPolicySpecRules {
  return decisionRule(scope, {
    name: 'admit-existing',
    context: [existingPvc],
    preconditions: [equals(request.annotation(annotation.decision), 'unknown'), differs(request.name, ''), noForeignSource, isThere],
    decision: 'exists' satisfies GateDecision,
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
    decisions: ['restore' satisfies GateDecision],
    destination: `join('', [${request.name}, '${restoreNamePrefix({ namespace: '', name: '' })}', random('[a-z0-9]{${restoreSuffixLength}}')])`,
  });
}

/**
 * The second wall. The API server's policy refuses a PVC on which the gate could not decide. Where somebody took that policy away, the PVC is stored, but it
 * waits for a restore that nobody makes, and is not an empty volume over a backup.
 */
function holdUndecided(scope: Protected): ClusterPolicySpecRules {
  return sourceRule(scope, {
    name: 'hold-undecided',
    decisions: ['unknown' satisfies Decision, waitDecision, foreignDecision, 'exists' satisfies GateDecision],
    destination: nobodysRestore,
  });
}

/** The same for a PVC with a label of no tier. In a doubt it is let go: the label may be of another program. */
function holdConflict(scope: Protected): ClusterPolicySpecRules {
  return {
    ...sourceRule(scope, { name: 'hold-conflict', decisions: [conflictDecision], destination: nobodysRestore }),
    match: onCreateOfOthers(scope.labels),
  };
}

const nobodysRestore = `join('', [${request.name} || '', '${undecidedSourceName({ namespace: '', name: '' })}'])`;

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

/** The PVC brings no source of its own: none at all, or a restore of ours from an exported manifest or from an earlier call of the webhook. */
const noForeignSource: Condition = {
  key: variable(
    (['dataSourceRef', 'dataSource'] as const)
      .map((source) => `(${absent(request[source])} || (${pointsToOwnRestore(source).jmesPath}))`)
      .join(' && '),
  ),
  operator: 'Equals',
  value: true,
};

interface DecisionRule {
  readonly name: string;
  readonly preconditions: readonly Condition[];
  readonly context?: ClusterPolicySpecRulesContext[];
  readonly decision: string;
  readonly reason: string;
}

function decisionRule(scope: Protected, rule: DecisionRule): ClusterPolicySpecRules {
  return {
    name: rule.name,
    skipBackgroundRequests: true,
    match: onCreate(scope.labels),
    exclude: exceptNamespaces(scope.excludedNamespaces),
    context: rule.context,
    preconditions: { all: rule.preconditions },
    mutate: {
      patchStrategicMerge: {
        metadata: {
          annotations: decisionAnnotations(rule.decision, rule.reason),
        },
      },
    },
  };
}
