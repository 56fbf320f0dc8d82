import { createHash } from 'node:crypto';
import { ApiObject } from 'cdk8s';
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
import { timeouts } from '../model/timeouts';
import { backupLabel, gatePolicy, generatePolicy, moverPolicy, repairPolicy, restoreSizePolicy } from '../model/naming';
import { cleanupPolicies } from './cleanup';
import type { GeneratedChild } from './generated-child';
import { creationRules, repairRules } from './generation';
import { followRules } from './follow';
import type { Protected } from './match';
import { moverConditions, moverRules, restoreSizeConditions, restoreSizeRules } from './mover-rules';
import { policyWave } from './rbac-patch';
import { refusalRules } from './refusals';
import { verdictRules } from './verdict';

export interface PoliciesProps {
  /** Folder of Kyverno's own manifests. */
  readonly directory: string;
  readonly scope: Protected;
  readonly children: readonly GeneratedChild[];
  /** The script that runs VolSync's entry script in a mover, see `lib/volsync/mover.sh`. */
  readonly moverScript: string;
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
      rules: [...verdictRules(props.scope, props.children), ...refusalRules(props.scope)],
      enforce: true,
    });
    const creation = creationRules(props.scope, props.children);
    policy(file, generationName(generatePolicy, creation), {
      about: 'Makes credentials, backup schedule and maintenance of a new labelled PVC, and its restore where the gate decided one.',
      failurePolicy: FailurePolicy.IGNORE,
      rules: creation,
      enforce: false,
    });
    const later = new Manifest(this, `${props.directory}/policies/volsync-pvc-backup-repair.yaml`);
    const repair = repairRules(props.scope, props.children);
    policy(later, generationName(repairPolicy, repair), {
      about: 'Makes the same for labelled PVCs that were there before, got their label later, or lost what was made for them.',
      failurePolicy: FailurePolicy.IGNORE,
      rules: repair,
      enforce: false,
    });
    const movers = new Manifest(this, `${props.directory}/policies/volsync-pvc-backup-mover.yaml`);
    policy(movers, moverPolicy, {
      about: 'Runs the movers of backups and restores so that a backup is saved whole or not at all, and a restore brings a whole one or fails.',
      failurePolicy: FailurePolicy.FAIL,
      matchConditions: moverConditions,
      rules: moverRules(props.moverScript),
      enforce: true,
      // Kyverno would write the rules once more for Jobs, which VolSync compares with its own.
      annotations: { 'pod-policies.kyverno.io/autogen-controllers': 'none' },
    });
    policy(movers, restoreSizePolicy, {
      about: 'Makes the volume of a restore as large as the snapshot that it is made from.',
      failurePolicy: FailurePolicy.FAIL,
      matchConditions: restoreSizeConditions,
      rules: restoreSizeRules(),
      enforce: true,
    });
    cleanupPolicies(new Manifest(this, `${props.directory}/policies/volsync-pvc-backup-cleanup.yaml`));
    new ApiObject(later, followPolicy, {
      apiVersion: ClusterPolicy.GVK.apiVersion,
      kind: ClusterPolicy.GVK.kind,
      ...policyOf(followPolicy, {
        about: 'Keeps schedule and retention of existing backups at those of the label.',
        failurePolicy: FailurePolicy.IGNORE,
        rules: followRules(props.scope, props.children),
        enforce: false,
      }),
    });
  }
}

/** Policy that makes existing backups follow their label. */
const followPolicy = 'volsync-pvc-backup-follow';

/**
 * Name of a generating policy. Kyverno refuses to change the name, preconditions, context or exclusions of a generate rule, so what it would
 * refuse is part of the name: a change makes a new policy, and Argo CD prunes the old one, which takes nothing along.
 */
function generationName(name: string, rules: readonly ClusterPolicySpecRules[]): string {
  const fixed = rules.map(({ generate, ...rule }) => ({
    ...rule,
    match: undefined,
    target: [generate?.apiVersion, generate?.kind, generate?.name, generate?.namespace],
  }));
  return `${name}-${createHash('sha256').update(JSON.stringify(fixed)).digest('hex').slice(0, 8)}`;
}

interface PolicyOptions<Rule> {
  readonly about: string;
  readonly failurePolicy: FailurePolicy;
  readonly timeoutSeconds?: number;
  readonly matchConditions?: ClusterPolicySpecWebhookConfigurationMatchConditions[];
  readonly rules: Rule[];
  readonly enforce: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
}

function policy(file: Manifest, name: string, options: PolicyOptions<ClusterPolicySpecRules>): void {
  new ClusterPolicy(file, name, policyOf(name, options));
}

/**
 * Kyverno writes a report for each admission and each policy, five a PVC: in a storm a third of its calls to the API server, ahead of those that protect
 * (`IsPolicyReportable` in pkg/controllers/report/utils reads this label). A refusal is told to who creates the PVC, and by the alerts.
 */
const unreported = { 'reports.kyverno.io/disabled': 'true' } as const;

/** A ClusterPolicy with Kyverno's defaults written out; Argo CD would see the ones that the API server fills in as drift, again and again. */
function policyOf<Rule>(name: string, options: PolicyOptions<Rule>) {
  const { failurePolicy, timeoutSeconds, matchConditions } = options;
  return {
    metadata: {
      name,
      labels: { ...labels('kyverno'), ...unreported },
      annotations: { ...syncWave(policyWave), 'policies.kyverno.io/description': options.about, ...options.annotations },
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
  };
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
