import { Construct } from 'constructs';
import { Application } from '../gitops/application';
import { Manifest } from '../gitops/manifest';
import { wave } from '../gitops/sync-wave';
import { admittingVerdicts, type Decision, waitVerdict } from '../model/decision';
import {
  annotation,
  backstopPolicy,
  backupLabel,
  gatePolicy,
  labelWarningPolicy,
  maxPvcNameLength,
  moverPolicy,
  namespace,
  ownersWarningPolicy,
  podLabel,
  podSecurityLabel,
  restoreNamePrefix,
} from '../model/naming';
import { idPattern } from '../model/mover-identity';
import { words } from '../model/words';
import { entryScript } from '../model/mover';
import { admissionPolicy, list, put, text, type Validation } from './admission-policy';
import { labelWarnings } from './label-warnings';
import { pointInTimeValidations } from './point-in-time';
import { restoreProof } from './restore-proof';
import { storeMove } from './store-move';

export interface BackstopProps {
  /** Label values of the tiers. */
  readonly labels: readonly string[];
  readonly excludedNamespaces: readonly string[];
  /** Who the movers are, see `SiteValues.mover`. */
  readonly mover: { readonly keepOwners: boolean; readonly runAsUser: number };
}

const directory = 'infrastructure/controllers/backstop';

const pvcCreation = { apiGroup: '', apiVersion: 'v1', operation: 'CREATE', resource: 'persistentvolumeclaims' } as const;

/**
 * Admission policies that the API server evaluates itself: no webhook and no Pod stands behind them.
 *
 * The backstop refuses a labelled PVC that the gate did not decide on, so the law holds also where Kyverno is not there yet, was removed, or
 * skips a namespace. Two more refuse what comes of a restore that restored nothing. The others warn about labels that
 * protect nothing.
 */
export class Backstop extends Construct {
  readonly application: Application;

  constructor(scope: Construct, id: string, props: BackstopProps) {
    super(scope, id);
    const file = new Manifest(this, `${directory}/admission-policies.yaml`);
    admissionPolicy(file, {
      name: backstopPolicy,
      action: 'Deny',
      of: pvcCreation,
      objectSelector: { matchExpressions: [{ key: backupLabel, operator: 'In', values: [...props.labels] }] },
      namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [...props.excludedNamespaces] }] },
      validations: verdictValidations,
    });
    restoreProof(file);
    storeMove(file);
    admissionPolicy(file, {
      name: moverPolicy,
      action: 'Deny',
      of: { apiGroup: '', apiVersion: 'v1', operation: 'CREATE', resource: 'pods' },
      objectSelector: { matchExpressions: [{ key: podLabel.mover, operator: 'Exists' }] },
      namespaceSelector: {},
      validations: [moverScriptIsThere],
    });
    // A policy without any condition is refused by the API server.
    if (props.mover.keepOwners)
      admissionPolicy(file, {
        name: ownersWarningPolicy,
        action: 'Warn',
        of: pvcCreation,
        objectSelector: { matchExpressions: [{ key: backupLabel, operator: 'In', values: [...props.labels] }] },
        namespaceSelector: { matchLabels: { [podSecurityLabel]: 'restricted' } },
        validations: ownersValidations(props.mover),
      });
    admissionPolicy(file, {
      name: labelWarningPolicy,
      action: 'Warn',
      of: pvcCreation,
      objectSelector: { matchExpressions: [{ key: backupLabel, operator: 'Exists' }] },
      namespaceSelector: {},
      validations: labelValidations(props),
    });
    labelWarnings(file, props);
    this.application = new Application(this, 'application', { name: 'backup-backstop', wave: wave.backstop, namespace: namespace.argocd, directory });
  }
}

const annotationOf = (key: string, fallback: string): string => `object.metadata.?annotations[?'${key}'].orValue('${fallback}')`;
const verdict = annotationOf(annotation.decision, 'none');
const decidedAt = annotationOf(annotation.decidedAt, '1970-01-01T00:00:00Z');
const reference = 'object.spec.?dataSourceRef';
/** The PVC points to a ReplicationDestination of a restore of its own. */
const pointsToRestore = [
  `${reference}.?kind.orValue('') == 'ReplicationDestination'`,
  `${reference}.?apiGroup.orValue('') == 'volsync.backube'`,
  `${reference}.?name.orValue('').startsWith(object.metadata.name + '${restoreNamePrefix({ namespace: '', name: '' })}')`,
].join(' && ');

/** Without Kyverno a mover would run as VolSync makes it: a backup that lacks files would push out good ones, and a restore would take it. */
const moverScriptIsThere: Validation = {
  expression: `object.spec.containers.all(container, container.?command.orValue([]).size() == 4 && container.command[0] == '/bin/bash' && container.command[3] == '${entryScript}')`,
  messageExpression: text(
    `mover Pod ${put('object.metadata.namespace')}/${put('object.metadata.name')} is not created, because it lacks the script of the policy ${moverPolicy}: Kyverno or that policy is not there. Kubernetes tries again; look at: kubectl get clusterpolicy,pods -n kyverno`,
  ),
};

/** Said at the creation of a PVC in a namespace where movers can't keep owners. A PVC with a user of its own has chosen that. */
function ownersValidations({ runAsUser }: BackstopProps['mover']): Validation[] {
  return [
    {
      expression: `${annotationOf(annotation.runAsUser, '0')} != '0'`,
      messageExpression: about(
        `is in a namespace with Pod Security "restricted", where a mover can't run as root: a restore gives every file to user ${runAsUser}, and files that this user can't read end the backup. If the application runs as another user, name it in the annotations ${annotation.runAsUser}, ${annotation.runAsGroup} and ${annotation.fsGroup}; to keep owners and modes, let the namespace enforce "baseline"`,
      ),
    },
  ];
}

/** How far apart the clocks of Kyverno's nodes and of the API server may be, with the slowest admission in between. */
const verdictMinutes = 5;

const pvc = `${put('object.metadata.namespace')}/${put('object.metadata.name')}`;
const reason = put(annotationOf(annotation.reason, 'the backup gate did not look'));

/** CEL for a message about the PVC. */
function about(template: string): string {
  return text(`PVC ${pvc} ${template}`);
}

/** The gate's own conditions once more, in the gate's words, and two that only the API server can know: that a gate was there, and just now. */
const verdictValidations: readonly Validation[] = [
  {
    expression: `${verdict} in ${list([...admittingVerdicts, 'unknown' satisfies Decision, waitVerdict])}`,
    messageExpression: about(
      `is labelled for backups, but the backup gate has not decided whether it must be restored: Kyverno or its policy ${gatePolicy} is not there, or its webhook skips this namespace. Argo CD tries again; look at: kubectl get clusterpolicy,pods -n kyverno`,
    ),
  },
  {
    expression: `${verdict} != '${'unknown' satisfies Decision}'`,
    messageExpression: text(words.unknown(pvc, reason)),
  },
  {
    expression: `${verdict} != '${waitVerdict}'`,
    messageExpression: text(words.earlierLife(pvc, reason)),
  },
  {
    // The API server sets creationTimestamp itself, whatever the manifest says.
    expression: ['<', '>']
      .map(
        (sign) =>
          `timestamp(object.metadata.creationTimestamp) - timestamp(${decidedAt}) ${sign} duration('${sign === '>' ? '-' : ''}${verdictMinutes}m')`,
      )
      .join(' && '),
    messageExpression: about(
      `carries the verdict of another creation, from ${put(decidedAt)}: the manifest was exported from a cluster, and the backup gate was not there to decide again. Remove the annotations ${annotation.decision} and ${annotation.decidedAt}, and look at: kubectl get clusterpolicy,pods -n kyverno. If the gate did decide, the clocks of its node and of the API server are more than ${verdictMinutes} minutes apart`,
    ),
  },
  {
    expression: `${verdict} != 'restore' || (${pointsToRestore})`,
    messageExpression: text(words.foreignSource(pvc)),
  },
  {
    expression: `${verdict} == 'restore' || !(${pointsToRestore})`,
    messageExpression: text(words.staleSource(pvc, put(`${reference}.?name.orValue('')`))),
  },
  {
    expression: `!(${verdict} == 'skipped' || ${annotationOf(annotation.skipRestore, '')} == 'true') || (${annotationOf(annotation.skipRestore, '')} == 'true' && ${annotationOf(annotation.skipRestoreReason, '')}.trim() != '')`,
    messageExpression: text(words.noSkipReason(pvc)),
  },
  {
    expression: [
      `size(object.metadata.name) <= ${maxPvcNameLength}`,
      `object.metadata.?generateName.orValue('') == ''`,
      `object.spec.?volumeMode.orValue('') != 'Block'`,
      ...[annotation.runAsUser, annotation.runAsGroup, annotation.fsGroup].map((key) => `${annotationOf(key, '0')}.matches('${idPattern}')`),
    ].join(' && '),
    messageExpression: text(words.unsupported(pvc)),
  },
  ...pointInTimeValidations(pvc, verdict, annotationOf),
];

function labelValidations({ labels: values, excludedNamespaces }: BackstopProps): Validation[] {
  const label = `object.metadata.labels['${backupLabel}']`;
  return [
    {
      expression: `${label} in ${list(values)}`,
      messageExpression: about(`is NOT backed up: the label ${backupLabel}="${put(label)}" is none of ${values.join(', ')}`),
    },
    {
      expression: `!(object.metadata.namespace in ${list(excludedNamespaces)})`,
      messageExpression: about(`is NOT backed up: its namespace is excluded from backups`),
    },
  ];
}
