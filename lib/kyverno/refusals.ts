import { ClusterPolicySpecRulesValidateFailureAction as FailureAction, type ClusterPolicySpecRules } from '../../imports/kyverno.io';
import { admittingVerdicts, waitVerdict } from '../model/decision';
import { annotation, maxPvcNameLength } from '../model/naming';
import { idPattern } from '../model/mover-identity';
import { words } from '../model/words';
import { type Condition, differs, equals, request, variable } from './jmespath';
import { exceptNamespaces, onCreate, type Protected } from './match';
import { pointsToRestore } from './verdict';

/** The validate rules of the gate: each reads only the object, and each message says what to do. */
export function refusalRules(scope: Protected): ClusterPolicySpecRules[] {
  const verdict = request.annotation(annotation.decision);
  const reason = variable(`${request.annotation(annotation.reason)} || 'the backup gate did not look'`);
  const pvc = `${variable(request.namespace)}/${variable(request.name)}`;
  return [
    refusal(scope, {
      name: 'require-supported-volume',
      message: words.unsupported(pvc),
      any: [
        { key: variable(`length(${request.name} || '')`), operator: 'GreaterThan', value: maxPvcNameLength },
        differs(request.generateName, ''),
        equals(request.volumeMode, 'Block'),
        ...[annotation.runAsUser, annotation.runAsGroup, annotation.fsGroup].map(notAnId),
      ],
    }),
    refusal(scope, {
      name: 'require-verdict',
      message: words.unknown(pvc, reason),
      any: [{ key: variable(`${verdict} || 'none'`), operator: 'AnyNotIn', value: [...admittingVerdicts, waitVerdict] }],
    }),
    refusal(scope, {
      name: 'refuse-beside-earlier-life',
      message: words.earlierLife(pvc, reason),
      all: [equals(verdict, waitVerdict)],
    }),
    refusal(scope, {
      name: 'require-restore-source',
      message: words.foreignSource(pvc),
      all: [equals(verdict, 'restore'), { key: variable(pointsToRestore), operator: 'NotEquals', value: true }],
    }),
    refusal(scope, {
      name: 'refuse-stale-restore-source',
      message: words.staleSource(pvc, variable(`${request.dataSourceRef}.name || ''`)),
      all: [differs(verdict, 'restore'), { key: variable(pointsToRestore), operator: 'Equals', value: true }],
    }),
    refusal(scope, {
      name: 'require-skip-restore-reason',
      message: words.noSkipReason(pvc),
      all: [
        equals(request.annotation(annotation.skipRestore), 'true'),
        { key: variable(`trim(${request.annotation(annotation.skipRestoreReason)} || '', ' ')`), operator: 'Equals', value: '' },
      ],
    }),
  ];
}

function notAnId(key: string): Condition {
  return { key: variable(`regex_match('${idPattern}', ${request.annotation(key)} || '0')`), operator: 'NotEquals', value: true };
}

interface Refusal {
  readonly name: string;
  readonly message: string;
  readonly any?: readonly Condition[];
  readonly all?: readonly Condition[];
}

function refusal(scope: Protected, { name, message, any, all }: Refusal): ClusterPolicySpecRules {
  return {
    name,
    skipBackgroundRequests: true,
    match: onCreate(scope.labels),
    exclude: exceptNamespaces(scope.excludedNamespaces),
    validate: {
      failureAction: FailureAction.ENFORCE,
      allowExistingViolations: true,
      message,
      deny: { conditions: { ...(any === undefined ? {} : { any }), ...(all === undefined ? {} : { all }) } },
    },
  };
}
