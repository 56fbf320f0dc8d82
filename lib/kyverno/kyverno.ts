import { Construct } from 'constructs';
import type { values as chartValues } from '../../imports/charts/kyverno';
import { Application, type ComponentChart } from '../gitops/application';
import type { ChartValues } from '../gitops/chart-values';
import { wave } from '../gitops/sync-wave';
import { timeouts } from '../model/timeouts';
import { namespace } from '../model/naming';
import type { GeneratedResource } from '../protection/generated-resource';
import type { Protected } from '../admission/kyverno/match';
import { Policies } from '../admission/kyverno/policies';
import { needs } from './needs';
import { RbacPatch } from './rbac-patch';
import { otherNamespaces } from '../admission/selectors';
import { kyvernoConditions } from '../admission/kyverno/webhook-conditions';

export interface KyvernoProps {
  /** @default - Kyverno is there already */
  readonly chart?: ComponentChart;
  /** Nodes that run Pods. */
  readonly nodes: number;
  readonly scope: Protected;
  readonly resources: readonly GeneratedResource[];
  /** The script that runs VolSync's entry script in a mover. */
  readonly moverScript: string;
  /** See `SiteValues.kyvernoSecretAccess`. */
  readonly secretAccess: boolean;
  /** See `SiteValues.otherPvcPolicies`. */
  readonly otherPvcPolicies: boolean;
}

const directory = 'infrastructure/controllers/kyverno';

/** Kyverno with its rights and the policies: chart, then rights, then policies, in one Application. Without the chart: rights and policies for the Kyverno that is there. */
export class Kyverno extends Construct {
  readonly application: Application;

  constructor(scope: Construct, id: string, props: KyvernoProps) {
    super(scope, id);
    new RbacPatch(this, 'rbac', { directory, secretAccess: props.secretAccess });
    new Policies(this, 'policies', {
      directory,
      scope: props.scope,
      resources: props.resources,
      moverScript: props.moverScript,
      otherPvcPolicies: props.otherPvcPolicies,
    });
    this.application = new Application(this, 'application', {
      // The name of Kyverno's own Application, where somebody else has one.
      name: props.chart === undefined ? 'backup-policies' : 'kyverno',
      wave: wave.kyverno,
      namespace: namespace.kyverno,
      chart: props.chart && { ...props.chart, releaseName: 'kyverno', values: values(props), needs },
      directory,
    });
  }
}

/**
 * Calls to the API server in a second, of each controller. A creation costs the admission controller some ten (look-ups, requests for
 * generation), and the look-ups of the gate queue with the rest: with Kyverno's own 100, or with 300, the PVCs of a whole cluster that come back at once
 * take longer than the webhook may. What the background controller makes may wait, but not for minutes.
 */
const rateLimit = {
  admission: { clientRateLimitQPS: 600, clientRateLimitBurst: 1200 },
  background: { clientRateLimitQPS: 200, clientRateLimitBurst: 400 },
} as const;

/**
 * Memory of a controller. Twice and more of what it takes when 1,000 PVCs come back (docs/scale.md): one that is killed in a recovery holds every labelled PVC
 * up. The chart's own limit for the background controller is 128Mi.
 */
function memory(request: string, limit: string): { readonly requests: { readonly memory: string }; readonly limits: { readonly memory: string } } {
  return { requests: { memory: request }, limits: { memory: limit } };
}

/**
 * UpdateRequests that may wait at the same time. Kyverno drops every further one with a line in its log ("UpdateRequest creation skipped"), and the PVC has
 * no backup until the next hourly round. Its default of 1,000 is some 300 new PVCs: one for what is generated, and one for each of the two updates that follow.
 */
const updateRequestThreshold = 10_000;

function values({ nodes, scope, otherPvcPolicies }: KyvernoProps): ChartValues<typeof chartValues> {
  return {
    // The service accounts' names are passed on as flags; with another namespace Kyverno checks the rights of the wrong ones.
    namespaceOverride: namespace.kyverno,
    crds: { annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false' } },
    // Half of the CRDs come from a subchart, which renders empty maps where it is given none: the API server drops those, and Argo CD would sync without end.
    'kyverno-api': { labels: { 'app.kubernetes.io/part-of': 'kyverno' }, annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false' } },
    // Argo CD runs `pre-delete` hooks when an Application is deleted; these would scale Kyverno to zero and remove its webhooks.
    webhooksCleanup: { enabled: false },
    config: {
      // The chart's default keeps its ConfigMap on deletion, which Argo CD then never gets in sync.
      preserve: false,
      excludeKyvernoNamespace: true,
      updateRequestThreshold,
      // The policies' own list: a namespace that only the webhook skipped would be unprotected without anybody noticing.
      webhooks: { namespaceSelector: { ...otherNamespaces(scope.excludedNamespaces) } },
      matchConditions: otherPvcPolicies ? undefined : kyvernoConditions(scope),
    },
    features: {
      // Below the webhook's timeout, or the API server gives up before the policy can say why.
      globalContext: { apiCallTimeout: `${timeouts.apiCallSeconds}s` },
    },
    // The chart makes a disruption budget whenever there is more than one replica; its `enabled` does nothing then.
    admissionController: {
      replicas: Math.min(nodes, 3),
      // With one replica the chart makes none.
      podDisruptionBudget: { minAvailable: 1 },
      container: { extraArgs: rateLimit.admission, resources: memory('256Mi', '768Mi') },
    },
    backgroundController: { replicas: Math.min(nodes, 2), extraArgs: rateLimit.background, resources: memory('128Mi', '512Mi') },
    cleanupController: { resources: memory('64Mi', '256Mi') },
  };
}
