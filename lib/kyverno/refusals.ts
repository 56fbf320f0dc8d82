import { ClusterPolicySpecRulesValidateFailureAction as FailureAction, type ClusterPolicySpecRules } from '../../imports/kyverno.io';
import { admittingVerdicts } from '../model/decision';
import { annotation, maxPvcNameLength, plumber } from '../model/naming';
import { type Condition, differs, equals, request, variable } from './jmespath';
import { exceptNamespaces, onCreate, type Protected } from './match';
import { pointsToRestore } from './verdict';

/** The validate rules of the gate: each reads only the object, and each message says what to do. */
export function refusalRules(scope: Protected): ClusterPolicySpecRules[] {
  const verdict = request.annotation(annotation.decision);
  const name = variable(`${request.namespace}`) + '/' + variable(request.name);
  const skip = `set the annotations ${annotation.skipRestore}: "true" and ${annotation.skipRestoreReason}: "<why>" to create it without looking for a backup`;
  return [
    refusal(scope, {
      name: 'require-supported-volume',
      message:
        `PVC ${name} is labelled for backups, but can't be backed up and restored: it needs a name of its own (no generateName) of at most ` +
        `${maxPvcNameLength} characters and volumeMode Filesystem, and the annotations ${annotation.runAsUser}, ${annotation.runAsGroup} and ` +
        `${annotation.fsGroup} must be numbers. Change it, or remove the label.`,
      any: [
        { key: variable(`length(${request.name} || '')`), operator: 'GreaterThan', value: maxPvcNameLength },
        differs(request.generateName, ''),
        equals(request.volumeMode, 'Block'),
        ...[annotation.runAsUser, annotation.runAsGroup, annotation.fsGroup].map(notANumber),
      ],
    }),
    refusal(scope, {
      name: 'require-verdict',
      message:
        `PVC ${name} is not created, because nobody can tell whether a backup of it exists, and an empty volume must not take its place: ` +
        `${variable(`${request.annotation(annotation.reason)} || 'the backup gate did not look'`)}. It is tried again by Argo CD. ` +
        `Look at: kubectl logs -n ${plumber.namespace} -l app.kubernetes.io/name=${plumber.name}. If it must be created now, ${skip}.`,
      any: [{ key: variable(`${verdict} || 'none'`), operator: 'AnyNotIn', value: admittingVerdicts }],
    }),
    refusal(scope, {
      name: 'require-restore-source',
      message:
        `PVC ${name} has a backup, but its own dataSource or dataSourceRef would fill it with something else. Remove that to get the backup ` +
        `back, or ${skip}.`,
      all: [equals(verdict, 'restore'), { key: variable(pointsToRestore), operator: 'NotEquals', value: true }],
    }),
    refusal(scope, {
      name: 'refuse-stale-restore-source',
      message:
        `PVC ${name} points to ${variable(`${request.dataSourceRef}.name || ''`)}, a restore of an earlier life of this PVC, but nothing is to be ` +
        `restored now; it would wait for ever. Remove spec.dataSource and spec.dataSourceRef from the manifest.`,
      all: [differs(verdict, 'restore'), { key: variable(pointsToRestore), operator: 'Equals', value: true }],
    }),
    refusal(scope, {
      name: 'require-skip-restore-reason',
      message:
        `PVC ${name} asks to skip the restore, but does not say why. Set the annotation ${annotation.skipRestoreReason}, so that whoever finds ` +
        `the line in Git next year knows whether it may go; as long as it stands there, nothing is ever restored.`,
      all: [
        equals(request.annotation(annotation.skipRestore), 'true'),
        { key: variable(`trim(${request.annotation(annotation.skipRestoreReason)} || '', ' ')`), operator: 'Equals', value: '' },
      ],
    }),
  ];
}

function notANumber(key: string): Condition {
  return { key: variable(`regex_match('^[0-9]{1,10}$', ${request.annotation(key)} || '0')`), operator: 'NotEquals', value: true };
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
