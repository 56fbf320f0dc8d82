import { Construct } from 'constructs';
import { Application } from '../../gitops/application';
import { Manifest } from '../../gitops/manifest';
import { wave } from '../../gitops/sync-wave';
import { annotation, backupLabel, namespace, podLabel, podSecurityLabel } from '../../model/naming';
import { backstopPolicy, labelWarningPolicy, moverPolicy, ownersWarningPolicy } from '../../model/policy-names';
import { madeByVolsync, populatorLabel } from '../../model/volsync-labels';
import type { BackedUpStorage } from '../../model/backed-up-storage';
import { entryScript } from '../../model/mover';
import type { OptIn } from '../../model/opt-in';
import { admissionPolicy } from './admission-policy';
import { list, put, text, type Validation } from './cel';
import { labelChanges } from './label-changes';
import { labelWarnings } from './label-warnings';
import { validationOf } from '../denial';
import { denials } from '../denials';
import { annotationField } from '../predicate';
import { ofVolsync, pvcInMessage } from '../requested-pvc';
import { otherNamespaces, withTier } from '../selectors';
import { looseVolumes } from './loose-volumes';
import { optedIn } from './opt-in';
import { repairerMayOnlyAsk } from './repair-rights';
import { restoreProof } from './restore-proof';
import { type ContainerResources, storagePolicies } from './storage';
import { storeMove } from './store-move';

export interface AdmissionPoliciesProps extends BackedUpStorage {
  /** Label values of the tiers. */
  readonly labels: readonly string[];
  readonly excludedNamespaces: readonly string[];
  /** PVCs that are treated as labelled. */
  readonly optIn: readonly OptIn[];
  /** Who the movers are, see `SiteValues.mover`. */
  readonly mover: { readonly keepOwners: boolean; readonly runAsUser: number; readonly resources?: ContainerResources | undefined };
}

const directory = 'infrastructure/controllers/backstop';

const pvcCreation = { apiGroup: '', apiVersion: 'v1', operation: 'CREATE', resource: 'persistentvolumeclaims' } as const;

/**
 * Admission policies that the API server evaluates itself: no webhook and no Pod stands behind them.
 *
 * One of them is the only place where a labelled PVC is refused: by what the gate wrote on it, and because the gate wrote nothing. So the law holds also where
 * Kyverno is not there yet, was removed, or skips a namespace. Two more refuse what comes of a restore that restored nothing. The others warn about labels
 * that protect nothing.
 */
export class AdmissionPolicies extends Construct {
  readonly application: Application;

  constructor(scope: Construct, id: string, props: AdmissionPoliciesProps) {
    super(scope, id);
    const file = new Manifest(this, `${directory}/admission-policies.yaml`);
    admissionPolicy(file, {
      name: backstopPolicy,
      action: 'Deny',
      of: pvcCreation,
      objectSelector: withTier(props.labels),
      namespaceSelector: otherNamespaces(props.excludedNamespaces),
      validations: denials.map((denial) => validationOf(denial)),
    });
    labelChanges(file, props);
    optedIn(file, props);
    storagePolicies(file, { ...props, moverResources: props.mover.resources });
    restoreProof(file);
    repairerMayOnlyAsk(file);
    storeMove(file);
    looseVolumes(file, props.storageClasses);
    admissionPolicy(file, {
      name: moverPolicy,
      action: 'Deny',
      of: { apiGroup: '', apiVersion: 'v1', operation: 'CREATE', resource: 'pods' },
      objectSelector: { matchExpressions: [{ key: podLabel.mover, operator: 'Exists' }] },
      namespaceSelector: {},
      validations: [moverScriptIsThere],
    });
    creationWarnings(file, props);
    labelWarnings(file, props);
    this.application = new Application(this, 'application', { name: 'backup-backstop', wave: wave.backstop, namespace: namespace.argocd, directory });
  }
}

function creationWarnings(file: Manifest, props: AdmissionPoliciesProps): void {
  admissionPolicy(file, {
    name: ownersWarningPolicy,
    action: 'Warn',
    of: pvcCreation,
    objectSelector: withTier(props.labels),
    namespaceSelector: { matchLabels: { [podSecurityLabel]: 'restricted' } },
    validations: restrictedValidations(props.mover),
  });
  admissionPolicy(file, {
    name: labelWarningPolicy,
    action: 'Warn',
    of: pvcCreation,
    objectSelector: { matchExpressions: [{ key: backupLabel, operator: 'Exists' }] },
    namespaceSelector: {},
    validations: labelValidations(props),
  });
}

/** Without Kyverno a mover would run as VolSync makes it: a backup that lacks files would push out good ones, and a restore would take it. */
const moverScriptIsThere: Validation = {
  expression: `object.spec.containers.all(container, container.?command.orValue([]).size() == 4 && container.command[0] == '/bin/bash' && container.command[3] == '${entryScript}')`,
  messageExpression: text(
    `mover Pod ${put('object.metadata.namespace')}/${put('object.metadata.name')} can't be created, because it lacks the script of the policy ${moverPolicy}: Kyverno or that policy is missing. Kubernetes retries; check Kyverno: kubectl get clusterpolicy,pods -n kyverno`,
  ),
};

/** Said at the creation of a PVC in a namespace whose Pods can't run as root. A PVC with a user of its own has chosen what that does to owners. */
function restrictedValidations({ keepOwners, runAsUser }: AdmissionPoliciesProps['mover']): Validation[] {
  const user = annotationField(annotation.runAsUser).cel;
  const root = {
    expression: `${user} != '0'`,
    messageExpression: about(
      `is NOT backed up: ${annotation.runAsUser}="0" asks for movers that run as root, and the namespace has Pod Security "restricted", which refuses them. Name another user, or let the namespace enforce "baseline"`,
    ),
  };
  if (!keepOwners) return [root];
  return [
    root,
    {
      expression: `${user} != ''`,
      messageExpression: about(
        `is in a namespace with Pod Security "restricted", where a mover can't run as root: a restore gives every file to user ${runAsUser}, and files that this user can't read end the backup. If the application runs as another user, name it in the annotations ${annotation.runAsUser}, ${annotation.runAsGroup} and ${annotation.fsGroup}; to keep owners and modes, let the namespace enforce "baseline"`,
      ),
    },
  ];
}

/** Owners of the PVCs that VolSync makes: a copy for a backup, the volume of a restore, the claim that its populator fills. */
const volsyncKinds = ['ReplicationSource', 'ReplicationDestination', 'PersistentVolumeClaim'];

/** A name that ends with a uid. */
const uidName = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/** CEL for a message about the PVC. */
function about(template: string): string {
  return text(`PVC ${pvcInMessage} ${template}`);
}

function labelValidations({ labels: values, excludedNamespaces }: AdmissionPoliciesProps): Validation[] {
  const label = `object.metadata.labels['${backupLabel}']`;
  return [
    {
      expression: `${label} in ${list(values)}`,
      messageExpression: about(`is NOT backed up: the label ${backupLabel}="${put(label)}" is not one of ${values.join(', ')}`),
    },
    {
      expression: `!(object.metadata.namespace in ${list(excludedNamespaces)})`,
      messageExpression: about(`is NOT backed up: its namespace is excluded from backups`),
    },
    {
      expression: `!(${ofVolsync('object')}) || object.metadata.?ownerReferences.orValue([]).exists(owner, owner.kind in ${list(volsyncKinds)})`,
      messageExpression: about(
        `is NOT backed up: the label ${madeByVolsync.key}="${madeByVolsync.value}" or ${populatorLabel} says that VolSync made it for itself. Remove that label`,
      ),
    },
    {
      expression: `!object.metadata.?ownerReferences.orValue([]).exists(owner, owner.kind == 'Pod') && !object.metadata.?name.orValue('').matches('${uidName}')`,
      messageExpression: about(
        `is never restored: it belongs to a Pod, or its name is a random one, so no PVC of this name is created again. Use a PVC with a fixed name, or remove the label ${backupLabel}`,
      ),
    },
  ];
}
