import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { Application } from '../gitops/application';
import { labels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { wave } from '../gitops/sync-wave';
import { admittingVerdicts } from '../model/decision';
import { annotation, backstopPolicy, backupLabel, gatePolicy, labelWarningPolicy, namespace, restoreNamePrefix } from '../model/naming';

export interface BackstopProps {
  /** Label values of the tiers. */
  readonly labels: readonly string[];
  readonly excludedNamespaces: readonly string[];
}

const directory = 'infrastructure/controllers/backstop';

/**
 * Admission policies that the API server evaluates itself: no webhook and no Pod stands behind them.
 *
 * The backstop refuses a labelled PVC that the gate did not decide on, so the law holds also where Kyverno is not there yet, was removed, or
 * skips a namespace. The other one warns about a label that protects nothing.
 */
export class Backstop extends Construct {
  readonly application: Application;

  constructor(scope: Construct, id: string, props: BackstopProps) {
    super(scope, id);
    const file = new Manifest(this, `${directory}/admission-policies.yaml`);
    admissionPolicy(file, {
      name: backstopPolicy,
      action: 'Deny',
      objectSelector: { matchExpressions: [{ key: backupLabel, operator: 'In', values: [...props.labels] }] },
      namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [...props.excludedNamespaces] }] },
      validations: verdictValidations,
    });
    admissionPolicy(file, {
      name: labelWarningPolicy,
      action: 'Warn',
      objectSelector: { matchExpressions: [{ key: backupLabel, operator: 'Exists' }] },
      namespaceSelector: {},
      validations: labelValidations(props),
    });
    this.application = new Application(this, 'application', { name: 'backup-backstop', wave: wave.backstop, namespace: namespace.argocd, directory });
  }
}

interface Validation {
  readonly expression: string;
  /** CEL that yields the message. */
  readonly messageExpression: string;
}

const annotations = 'object.metadata.?annotations';
const verdict = `${annotations}[?'${annotation.decision}'].orValue('none')`;
const reference = 'object.spec.?dataSourceRef';
/** The PVC points to a ReplicationDestination of a restore of its own. */
const pointsToRestore = [
  `${reference}.?kind.orValue('') == 'ReplicationDestination'`,
  `${reference}.?apiGroup.orValue('') == 'volsync.backube'`,
  `${reference}.?name.orValue('').startsWith(object.metadata.name + '${restoreNamePrefix({ namespace: '', name: '' })}')`,
].join(' && ');

/** CEL for a message about the PVC; in it, `' + x + '` puts in a value. */
function about(text: string): string {
  return `'PVC ' + object.metadata.namespace + '/' + object.metadata.name + ' ${text}'`;
}

const verdictValidations: readonly Validation[] = [
  {
    expression: `${verdict} in [${admittingVerdicts.map((value) => `'${value}'`).join(', ')}]`,
    messageExpression: about(
      `is labelled for backups, but the backup gate has not decided whether it must be restored: Kyverno or its policy ${gatePolicy} is not there, or its webhook skips this namespace. Argo CD tries again; look at: kubectl get clusterpolicy,pods -n kyverno`,
    ),
  },
  {
    expression: `${verdict} != 'restore' || (${pointsToRestore})`,
    messageExpression: about(
      `is to be restored, but does not point to its restore: the mutation of the backup gate was lost or changed. Create it again`,
    ),
  },
  {
    expression: `${verdict} == 'restore' || !(${pointsToRestore})`,
    messageExpression: about(`points to a restore that nobody decided: remove spec.dataSource and spec.dataSourceRef from the manifest`),
  },
  {
    expression: `${verdict} != 'skipped' || (${annotations}[?'${annotation.skipRestore}'].orValue('') == 'true' && ${annotations}[?'${annotation.skipRestoreReason}'].orValue('').trim() != '')`,
    messageExpression: about(`skips the restore without saying why: set the annotation ${annotation.skipRestoreReason}`),
  },
];

function labelValidations({ labels: values, excludedNamespaces }: BackstopProps): Validation[] {
  const list = (items: readonly string[]): string => `[${items.map((item) => `'${item}'`).join(', ')}]`;
  const label = `object.metadata.labels['${backupLabel}']`;
  return [
    {
      expression: `${label} in ${list(values)}`,
      messageExpression: about(`is NOT backed up: the label ${backupLabel}="' + ${label} + '" is none of ${values.join(', ')}`),
    },
    {
      expression: `!(object.metadata.namespace in ${list(excludedNamespaces)})`,
      messageExpression: about(`is NOT backed up: its namespace is excluded from backups`),
    },
  ];
}

interface AdmissionPolicyOptions {
  readonly name: string;
  readonly action: 'Deny' | 'Warn';
  readonly objectSelector: object;
  readonly namespaceSelector: object;
  readonly validations: readonly Validation[];
}

/** cdk8s-plus-28 knows these kinds only as betas, which Kubernetes no longer serves; hence plain ApiObjects. */
function admissionPolicy(file: Manifest, options: AdmissionPolicyOptions): void {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const metadata = { name: options.name, labels: labels('backstop') };
  new ApiObject(file, options.name, {
    apiVersion,
    kind: 'ValidatingAdmissionPolicy',
    metadata,
    spec: {
      failurePolicy: options.action === 'Deny' ? 'Fail' : 'Ignore',
      matchConstraints: {
        matchPolicy: 'Equivalent',
        namespaceSelector: options.namespaceSelector,
        objectSelector: options.objectSelector,
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['persistentvolumeclaims'], scope: '*' }],
      },
      validations: options.validations,
    },
  });
  new ApiObject(file, `${options.name}-binding`, {
    apiVersion,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata,
    spec: { policyName: options.name, validationActions: options.action === 'Deny' ? ['Deny'] : ['Warn', 'Audit'] },
  });
}
