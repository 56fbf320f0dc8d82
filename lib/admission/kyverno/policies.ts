import { createHash } from 'node:crypto';
import { Construct } from 'constructs';
import {
  ClusterPolicy,
  ClusterPolicySpecValidationFailureAction as ValidationFailureAction,
  ClusterPolicySpecWebhookConfigurationFailurePolicy as FailurePolicy,
  type ClusterPolicyProps,
  type ClusterPolicySpecRules,
  type ClusterPolicySpecWebhookConfigurationMatchConditions,
} from '../../../imports/kyverno.io';
import { labels } from '../../gitops/labels';
import { Manifest } from '../../gitops/manifest';
import { kyvernoWave, syncWave } from '../../gitops/sync-wave';
import { timeouts } from '../../model/timeouts';
import { followPolicy, gatePolicy, generatePolicy, moverPolicy, relabelPolicy, repairPolicy, restoreSizePolicy } from '../../model/policy-names';
import { cleanupPolicies } from './cleanup';
import type { GeneratedResource } from '../../protection/generated-resource';
import { creationRule, repairRule } from './generation';
import { followRules } from './follow';
import type { Protected } from './match';
import { moverRules, restoreSizeRules } from './mover-rules';
import { relabelRule } from './relabel';
import { gateReasons, gateRules } from './gate';
import { gateConditions, moverConditions, populatorConditions, relabelConditions } from './webhook-conditions';

export interface PoliciesProps {
  /** Folder of Kyverno's own manifests. */
  readonly directory: string;
  readonly scope: Protected;
  readonly resources: readonly GeneratedResource[];
  /** The script that runs VolSync's entry script in a mover, see `lib/volsync/mover.sh`. */
  readonly moverScript: string;
  /** See `SiteValues.otherPvcPolicies`. */
  readonly otherPvcPolicies: boolean;
}

/**
 * The gate and the generation in the file of the original description, repair, movers and cleanup beside it.
 *
 * There are several policies, because failurePolicy belongs to a policy: the gate must refuse when Kyverno fails, while generation with Fail would make
 * every ExternalSecret in the cluster depend on Kyverno.
 */
export class Policies extends Construct {
  constructor(scope: Construct, id: string, props: PoliciesProps) {
    super(scope, id);
    const manifest = (name: string): Manifest => new Manifest(this, `${props.directory}/policies/volsync-pvc-backup-${name}.yaml`);
    gateAndGeneration(manifest('restore'), props);
    const existing = manifest('repair');
    repairAndFollow(existing, props);
    relabel(existing, props);
    movers(manifest('mover'), props);
    cleanupPolicies(manifest('cleanup'));
  }
}

function gateAndGeneration(file: Manifest, { scope, resources, otherPvcPolicies }: PoliciesProps): void {
  policy(file, gatePolicy, {
    about:
      'Asks pvc-plumber at the creation of a labelled PVC, writes its decision on it, and points it to its backup.\n' +
      'It refuses nothing: the admission policy volsync-pvc-backup-backstop does.',
    failurePolicy: FailurePolicy.FAIL,
    timeoutSeconds: timeouts.webhookSeconds,
    matchConditions: otherPvcPolicies ? gateConditions(scope) : undefined,
    reasons: gateReasons(scope),
    rules: gateRules(scope, resources),
    enforce: true,
  });
  const creation = creationRule(scope, resources);
  policy(file, generationName(generatePolicy, creation), {
    about: 'Generates credentials, backup schedule and maintenance of a new labelled PVC, and its restore where the gate decided one.',
    failurePolicy: FailurePolicy.IGNORE,
    rules: [creation],
    enforce: false,
  });
}

function relabel(file: Manifest, { scope, resources, otherPvcPolicies }: PoliciesProps): void {
  policy(file, relabelPolicy, {
    about:
      'Decides about an existing PVC that gets the label of a tier, and writes the decision on it.\n' +
      'It refuses nothing: the admission policy of the same name does, also where Kyverno did not look.',
    // With Fail every change of a label would wait for Kyverno, also from tier to tier.
    failurePolicy: FailurePolicy.IGNORE,
    matchConditions: otherPvcPolicies ? relabelConditions(scope) : undefined,
    rules: [relabelRule(scope, resources)],
    enforce: true,
  });
}

function repairAndFollow(file: Manifest, { scope, resources }: PoliciesProps): void {
  const repair = repairRule(scope, resources);
  policy(file, generationName(repairPolicy, repair), {
    about: 'Generates the same for labelled PVCs that were there before, got their label later, or lost what was generated.',
    failurePolicy: FailurePolicy.IGNORE,
    rules: [repair],
    enforce: false,
  });
  policy(file, followPolicy, {
    about: 'Keeps schedule and retention of existing backups at those of the label.',
    failurePolicy: FailurePolicy.IGNORE,
    rules: followRules(scope, resources),
    enforce: false,
  });
}

function movers(file: Manifest, { moverScript, otherPvcPolicies }: PoliciesProps): void {
  policy(file, moverPolicy, {
    about: 'Runs the movers of backups and restores so that a backup is saved whole or not at all, and a restore brings a whole one or fails.',
    failurePolicy: FailurePolicy.FAIL,
    matchConditions: moverConditions,
    rules: moverRules(moverScript),
    enforce: true,
    // Kyverno would write the rules once more for Jobs, which VolSync compares with its own.
    annotations: { 'pod-policies.kyverno.io/autogen-controllers': 'none' },
  });
  policy(file, restoreSizePolicy, {
    about: 'Makes the volume of a restore as large as the snapshot that it is made from.',
    failurePolicy: FailurePolicy.FAIL,
    matchConditions: otherPvcPolicies ? populatorConditions : undefined,
    rules: restoreSizeRules(),
    enforce: true,
  });
}

/**
 * Name of a generating policy. Kyverno refuses to change the name, preconditions, context or exclusions of a generate rule, so they are
 * part of the name: a change makes a new policy, and Argo CD prunes the old one, which takes nothing along.
 */
function generationName(name: string, { name: rule, skipBackgroundRequests, exclude, preconditions }: ClusterPolicySpecRules): string {
  const fixed = JSON.stringify({ rule, skipBackgroundRequests, exclude, preconditions });
  return `${name}-${createHash('sha256').update(fixed).digest('hex').slice(0, 8)}`;
}

interface PolicyOptions {
  readonly about: string;
  /** What each rule is for. @default - the policy's description says it */
  readonly reasons?: Readonly<Record<string, string>>;
  readonly failurePolicy: FailurePolicy;
  readonly timeoutSeconds?: number;
  readonly matchConditions?: ClusterPolicySpecWebhookConfigurationMatchConditions[];
  readonly rules: ClusterPolicySpecRules[];
  readonly enforce: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
}

function policy(file: Manifest, name: string, options: PolicyOptions): void {
  new ClusterPolicy(file, name, policyOf(name, options));
}

/**
 * Kyverno writes a report for each admission and each policy, five a PVC: in a burst a third of its calls to the API server, ahead of those that protect
 * (`IsPolicyReportable` in pkg/controllers/report/utils reads this label). A refusal is told to who creates the PVC, and by the alerts.
 */
const unreported = { 'reports.kyverno.io/disabled': 'true' } as const;

/** A ClusterPolicy with Kyverno's defaults written out; Argo CD would see the ones that the API server fills in as drift, again and again. */
function policyOf(name: string, options: PolicyOptions): ClusterPolicyProps {
  const { failurePolicy, timeoutSeconds, matchConditions } = options;
  return {
    metadata: {
      name,
      labels: { ...labels('kyverno'), ...unreported },
      annotations: { ...syncWave(kyvernoWave.policies), 'policies.kyverno.io/description': described(options), ...options.annotations },
    },
    spec: {
      admission: true,
      // Also for the repair: its rounds over existing PVCs come from generateExisting.
      background: false,
      emitWarning: false,
      validationFailureAction: options.enforce ? ValidationFailureAction.ENFORCE : ValidationFailureAction.AUDIT,
      webhookConfiguration: {
        failurePolicy,
        timeoutSeconds,
        matchConditions,
      },
      rules: options.rules,
    },
  };
}

function described({ about, reasons = {} }: PolicyOptions): string {
  return [about, ...Object.entries(reasons).map(([rule, reason]) => `- ${rule}: ${reason}`)].join('\n');
}
