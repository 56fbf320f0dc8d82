import { Construct } from 'constructs';
import {
  ClusterPolicy,
  ClusterPolicySpecValidationFailureAction as ValidationFailureAction,
  ClusterPolicySpecWebhookConfigurationFailurePolicy as FailurePolicy,
  type ClusterPolicySpecRules,
  type ClusterPolicySpecWebhookConfigurationMatchConditions,
} from '../../imports/kyverno.io';
import { labels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { syncWave } from '../gitops/sync-wave';
import { timeouts } from '../model/decision';
import { backupLabel, gatePolicy, generatePolicy, repairPolicy } from '../model/naming';
import { creationRules, repairRules, type GeneratedChild } from './generation';
import type { Protected } from './match';
import { policyWave } from './rbac-patch';
import { refusalRules } from './refusals';
import { verdictRules } from './verdict';

export interface PoliciesProps {
  /** Folder of Kyverno's own manifests. */
  readonly directory: string;
  readonly scope: Protected;
  readonly children: readonly GeneratedChild[];
}

/**
 * The gate and the generation in the spec's file, the repair beside it.
 *
 * They are three policies, because failurePolicy belongs to a policy: the gate must refuse when Kyverno fails, while generation with Fail
 * would make every ExternalSecret in the cluster depend on Kyverno.
 */
export class Policies extends Construct {
  constructor(scope: Construct, id: string, props: PoliciesProps) {
    super(scope, id);
    const file = new Manifest(this, `${props.directory}/policies/volsync-pvc-backup-restore.yaml`);
    policy(file, gatePolicy, {
      about: 'Asks pvc-plumber at the creation of a labelled PVC, restores its backup, and refuses it where nobody can tell.',
      failurePolicy: FailurePolicy.FAIL,
      timeoutSeconds: timeouts.webhookSeconds,
      matchConditions: gateConditions(props.scope),
      rules: [...verdictRules(props.scope), ...refusalRules(props.scope)],
      enforce: true,
    });
    policy(file, generatePolicy, {
      about: 'Makes credentials, backup schedule and maintenance of a new labelled PVC, and its restore where the gate decided one.',
      failurePolicy: FailurePolicy.IGNORE,
      rules: creationRules(props.scope, props.children),
      enforce: false,
    });
    policy(new Manifest(this, `${props.directory}/policies/volsync-pvc-backup-repair.yaml`), repairPolicy, {
      about: 'Makes the same for labelled PVCs that were there before, got their label later, or lost what was made for them.',
      failurePolicy: FailurePolicy.IGNORE,
      rules: repairRules(props.scope, props.children),
      enforce: false,
    });
  }
}

interface PolicyOptions {
  readonly about: string;
  readonly failurePolicy: FailurePolicy;
  readonly timeoutSeconds?: number;
  readonly matchConditions?: ClusterPolicySpecWebhookConfigurationMatchConditions[];
  readonly rules: ClusterPolicySpecRules[];
  readonly enforce: boolean;
}

/** A ClusterPolicy with Kyverno's defaults written out; Argo CD would see the ones that the API server fills in as drift, again and again. */
function policy(file: Manifest, name: string, options: PolicyOptions): void {
  const { failurePolicy, timeoutSeconds, matchConditions } = options;
  new ClusterPolicy(file, name, {
    metadata: {
      name,
      labels: labels('kyverno'),
      annotations: { ...syncWave(policyWave), 'policies.kyverno.io/description': options.about },
    },
    spec: {
      admission: true,
      // Also for the repair: its rounds over existing PVCs come from generateExisting.
      background: false,
      emitWarning: false,
      validationFailureAction: options.enforce ? ValidationFailureAction.ENFORCE : ValidationFailureAction.AUDIT,
      webhookConfiguration: {
        failurePolicy,
        ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
        ...(matchConditions === undefined ? {} : { matchConditions }),
      },
      rules: options.rules,
    },
  });
}

/**
 * Evaluated in the API server: only these requests reach the gate at all, so that a dead Kyverno holds up labelled PVCs and nothing else. A
 * condition that can't be evaluated refuses the request, hence the guards.
 */
function gateConditions({ labels: values, excludedNamespaces }: Protected): ClusterPolicySpecWebhookConfigurationMatchConditions[] {
  const list = (items: readonly string[]): string => `[${items.map((item) => `'${item}'`).join(', ')}]`;
  return [
    { name: 'creation', expression: `request.operation == 'CREATE'` },
    {
      name: 'labelled',
      expression: `has(object.metadata.labels) && '${backupLabel}' in object.metadata.labels && object.metadata.labels['${backupLabel}'] in ${list(values)}`,
    },
    { name: 'not-excluded', expression: `!(request.namespace in ${list(excludedNamespaces)})` },
  ];
}
