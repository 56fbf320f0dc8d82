import { existsSync } from 'node:fs';
import type { KubeObject } from './api';
import type { ControlPlane } from './control-plane';
import { Daemon } from './daemon';
import { kyvernoInstallation, tool } from './tools';
import { application, documents } from './tree';
import { eventually } from './waiting';

const namespace = 'kyverno';
const webhookPort = 9443;
const cleanupPort = 9444;
const metricsPorts = { admission: 8001, background: 8002, cleanup: 8003 } as const;

/** The values of Kyverno's chart that the harness plays; another one in the tree stops the run, so that none is forgotten. */
export interface ChartValues {
  readonly config: {
    readonly excludeKyvernoNamespace?: boolean;
    readonly updateRequestThreshold: number;
    /** @default - the chart's own */
    readonly webhooks?: { readonly namespaceSelector: { readonly matchExpressions: readonly object[] } };
    readonly matchConditions?: readonly object[];
  };
  readonly features: { readonly globalContext: { readonly apiCallTimeout: string } };
  readonly admissionController: { readonly container?: { readonly extraArgs?: Flags } };
  readonly backgroundController: { readonly extraArgs?: Flags };
}

type Flags = Readonly<Record<string, string | number>>;

/** `kyverno-api` labels CRDs, `webhooksCleanup` makes Jobs at the chart's removal: neither changes what is played here. */
const played = [
  'namespaceOverride',
  'crds',
  'kyverno-api',
  'webhooksCleanup',
  'config',
  'features',
  'admissionController',
  'backgroundController',
  'cleanupController',
];

/**
 * Kyverno as the chart installs it: its CRDs, ServiceAccounts, roles and ConfigMaps come from the release's own rendered manifest, changed as
 * the tree's values change the chart. The controllers run here, with the tokens of their ServiceAccounts.
 */
export class Kyverno {
  private admission: Daemon | undefined;
  private background: Daemon | undefined;
  private cleanup: Daemon | undefined;

  constructor(private readonly plane: ControlPlane) {}

  get daemons(): readonly Daemon[] {
    return [this.admission, this.background, this.cleanup].filter((daemon) => daemon !== undefined);
  }

  /** CRDs, rights and configuration, without the programs. */
  async install(): Promise<void> {
    const objects = installation();
    const isCrd = ({ kind }: KubeObject): boolean => kind === 'CustomResourceDefinition';
    await Promise.all(objects.filter(isCrd).map((object) => this.applied(object)));
    for (const object of objects.filter((each) => !isCrd(each))) await this.applied(object);
    await eventually(
      'CRDs of Kyverno are served',
      60,
      async () => (await this.plane.admin.request('GET', '/apis/kyverno.io/v1/clusterpolicies')).status === 200,
    );
  }

  /** Starts the controllers and waits until Kyverno takes policies. */
  async start(): Promise<void> {
    this.startAdmission(await this.plane.kubeconfigOf(namespace, 'kyverno-admission-controller'));
    this.startBackground(await this.plane.kubeconfigOf(namespace, 'kyverno-background-controller'));
    this.startCleanup(await this.plane.kubeconfigOf(namespace, 'kyverno-cleanup-controller'));
    await this.registered();
  }

  /** Webhooks for policies are there; Kyverno registers them when its certificate is. */
  async registered(): Promise<void> {
    await eventually('policy webhook of Kyverno', 60, async () => {
      for (const daemon of this.daemons) if (!daemon.running) throw new Error(`${daemon.name} ended: ${daemon.log.slice(-600)}`);
      const found = await this.plane.admin.find({ ...validating, name: 'kyverno-policy-validating-webhook-cfg' });
      return (found?.['webhooks'] as unknown[] | undefined)?.length;
    });
    // After a crash the registrations are still there, and nobody answers yet.
    await eventually('the webhook server of Kyverno answers', 60, async () => (await this.plane.admin.create(probe, '&dryRun=All')).status < 500);
  }

  /** Stops the programs. SIGTERM is what a node drain sends; after SIGKILL the webhooks stay registered and nobody answers. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await Promise.all(this.daemons.map((daemon) => daemon.stop(signal)));
  }

  stopBackground(): Promise<void> {
    return this.background?.stop('SIGKILL') ?? Promise.resolve();
  }

  /** As the kubelet does after {@link stopBackground}. */
  async restartBackground(): Promise<void> {
    this.background?.start();
  }

  private startAdmission(kubeconfig: string): void {
    const { args, env } = kyvernoProgram('kyverno-admission-controller', {
      kubeconfig,
      serverIP: `127.0.0.1:${webhookPort}`,
      webhookServerPort: String(webhookPort),
      metricsPort: String(metricsPorts.admission),
      controllerRuntimeMetricsAddress: '0',
      ...kyvernoValues().admissionController.container?.extraArgs,
    });
    this.admission = new Daemon('kyverno-admission-controller', tool('kyverno-admission-controller'), args, env);
    this.admission.start();
  }

  private startBackground(kubeconfig: string): void {
    const { args, env } = kyvernoProgram('kyverno-background-controller', {
      kubeconfig,
      metricsPort: String(metricsPorts.background),
      controllerRuntimeMetricsAddress: '0',
      ...kyvernoValues().backgroundController.extraArgs,
    });
    this.background = new Daemon('kyverno-background-controller', tool('kyverno-background-controller'), args, env);
    this.background.start();
  }

  private startCleanup(kubeconfig: string): void {
    const { args, env } = kyvernoProgram('kyverno-cleanup-controller', {
      kubeconfig,
      serverIP: `127.0.0.1:${cleanupPort}`,
      cleanupServerPort: String(cleanupPort),
      metricsPort: String(metricsPorts.cleanup),
    });
    this.cleanup = new Daemon('kyverno-cleanup-controller', tool('kyverno-cleanup-controller'), args, env);
    this.cleanup.start();
  }

  private async applied(object: KubeObject): Promise<void> {
    const { status, message } = await this.plane.admin.apply(object);
    if (status >= 300) throw new Error(`${object.kind} ${object.metadata.name} of Kyverno's chart: ${message}`);
  }
}

/** A policy that does nothing, for asking whether Kyverno takes policies. */
const probe = {
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name: 'e2e-probe' },
  spec: {
    rules: [
      { name: 'r', match: { any: [{ resources: { kinds: ['ConfigMap'] } }] }, validate: { message: 'x', pattern: { metadata: { name: '?*' } } } },
    ],
  },
};

const validating = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' };

let rendered: KubeObject[] | undefined;

function release(): KubeObject[] {
  if (!existsSync(kyvernoInstallation())) throw new Error(`${kyvernoInstallation()} is not there: build.sh makes it`);
  rendered ??= documents(kyvernoInstallation());
  return rendered;
}

/** Where Kyverno's conditions and selectors stand; it takes a change up by itself. */
export const kyvernoConfig = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'kyverno' } as const;

let others: ChartValues | undefined;

/** From now on Kyverno is somebody else's, with these values of its chart. @default - the tree's own */
export function useKyverno(values?: ChartValues): void {
  others = values;
}

export function kyvernoValues(): ChartValues {
  const found = others ?? ownValues();
  const unknown = Object.keys(found).filter((key) => !played.includes(key));
  if (unknown.length > 0) throw new Error(`the harness does not play these values of Kyverno's chart: ${unknown.join(', ')}`);
  return found;
}

function ownValues(): ChartValues {
  const sources = application('kyverno')['spec'].sources as { readonly helm?: { readonly valuesObject: ChartValues } }[];
  const found = sources.find(({ helm }) => helm !== undefined)?.helm?.valuesObject;
  if (found === undefined) throw new Error('the Application kyverno has no chart values');
  return found;
}

/** What the chart makes, without Pods, Services and the controllers that are not run here. */
function installation(): KubeObject[] {
  const kinds = ['CustomResourceDefinition', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding', 'ConfigMap'];
  const { config } = kyvernoValues();
  return release()
    .filter(({ kind }) => kinds.includes(kind))
    .map((object) => {
      if (object.kind !== 'ConfigMap' || object.metadata.name !== 'kyverno') return object;
      return {
        ...object,
        data: {
          ...object['data'],
          updateRequestThreshold: String(config.updateRequestThreshold),
          ...(config.matchConditions === undefined ? {} : { matchConditions: JSON.stringify(config.matchConditions) }),
          ...webhooks(config),
        },
      };
    });
}

/** Which namespaces Kyverno is asked about, as the chart's helper `kyverno.config.webhooks` writes it. Without a value the manifest has the chart's own. */
function webhooks({ webhooks: given, excludeKyvernoNamespace }: ChartValues['config']): { readonly webhooks?: string } {
  if (given === undefined) return {};
  const own = excludeKyvernoNamespace === true ? [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [namespace] }] : [];
  return { webhooks: JSON.stringify({ namespaceSelector: { matchExpressions: [...given.namespaceSelector.matchExpressions, ...own] } }) };
}

/** Flags and environment of a controller as its Deployment has them, with the changes that running outside of a Pod needs. */
export function kyvernoProgram(deployment: string, changes: Flags): { readonly args: string[]; readonly env: Record<string, string> } {
  const found = release().find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === deployment);
  const first = found?.['spec'].template.spec.containers[0] as { args: string[]; env: { name: string; value?: string }[] };
  const flags = new Map(first.args.map((arg) => [arg.replace(/^--|=.*$/g, ''), arg.slice(arg.indexOf('=') + 1)]));
  const all = { ...changes, apiCallTimeout: kyvernoValues().features.globalContext.apiCallTimeout };
  for (const [flag, value] of Object.entries(all)) flags.set(flag, String(value));
  const env = Object.fromEntries(first.env.map(({ name, value = '' }) => [name, value]));
  return {
    args: [...flags].map(([flag, value]) => `--${flag}=${value}`),
    env: { ...env, KYVERNO_NAMESPACE: namespace, KYVERNO_POD_NAME: `${deployment}-0` },
  };
}
