import { join } from 'node:path';
import { crdSources } from '../../versions';
import { type Api, type KubeObject } from './api';
import { ControlPlane } from './control-plane';
import { Door } from './door';
import { EarlyApp } from './early-app';
import { Kyverno } from './kyverno';
import { documents, folderObjects, repository, treeObjects } from './tree';
import { eventually } from './waiting';

export const crdCache = join(repository, '.cache', 'crds');

/** Which CRDs the chart of an Application brings. */
const chartCrds: Readonly<Record<string, readonly string[]>> = {
  'external-secrets': ['external-secrets'],
  volsync: ['volsync'],
  'snapshot-controller': ['external-snapshotter'],
  'prometheus-stack': ['prometheus-operator'],
};

/** The cluster of the run with everything that lives in it. */
export class World {
  static async start(): Promise<World> {
    const plane = await ControlPlane.start();
    const door = await Door.open();
    return new World(plane, door, new Kyverno(plane));
  }

  /** An application that is applied from the first second on, while the tree is applied. */
  early!: EarlyApp;

  private constructor(
    readonly plane: ControlPlane,
    readonly door: Door,
    readonly kyverno: Kyverno,
  ) {}

  get api(): Api {
    return this.plane.admin;
  }

  /**
   * Applies the tree as Argo CD does: Application after Application in the order of the waves, each until it is done.
   */
  async applyTree(): Promise<void> {
    this.early = new EarlyApp(this);
    await this.applyCrds('argocd');
    const argocd = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } };
    await this.applyAll([argocd, ...folderObjects('bootstrap'), ...folderObjects('infrastructure/controllers/argocd')]);
    const applications = treeObjects()
      .map(({ object }) => object)
      .filter(({ kind, metadata }) => kind === 'Application' && metadata.name !== 'root');
    for (const app of applications.toSorted((a, b) => wave(a) - wave(b))) {
      await this.sync(app);
      this.early.synced.set(app.metadata.name, Date.now());
    }
    await this.early.stop();
  }

  /** Makes names of namespaces different, when the lives are played again. */
  round = '';

  /** Makes a namespace. @returns its name */
  async namespace(name: string, labels: Record<string, string> = {}): Promise<string> {
    const full = `${name}${this.round}`;
    await this.applyAll([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: full, labels } }]);
    return full;
  }

  /** Applies objects one after another, each again until the API server takes it, as Argo CD's retries do. */
  async applyAll(objects: readonly KubeObject[], seconds = 60): Promise<void> {
    for (const object of objects) {
      await eventually(`${object.kind} ${object.metadata.name} is applied`, seconds, async () => {
        const { status, message } = await this.api.apply(object);
        if (status >= 300) throw new Error(`${status} ${message}`);
        return true;
      });
    }
  }

  /** Kyverno has taken the policies and its webhooks are registered for PVCs. */
  async policiesReady(): Promise<void> {
    await eventually('policies are ready', 90, async () => {
      const policies = await this.api.list('kyverno.io/v1', 'ClusterPolicy');
      return (
        policies.length > 0 &&
        policies.every(({ status }) =>
          (status as PolicyStatus | undefined)?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
        )
      );
    });
    await eventually('webhooks for the policies', 90, async () => {
      const name = 'kyverno-resource-mutating-webhook-cfg';
      const found = await this.api.find({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', name });
      return (found?.['webhooks'] as { name: string }[] | undefined)?.some((webhook) => webhook.name.includes('finegrained'));
    });
  }

  async stop(): Promise<void> {
    // Kyverno removes its webhooks when it ends, so the API server must still be there.
    await this.kyverno.stop();
    await this.door.stop();
    await this.plane.stop();
  }

  private async sync(app: KubeObject): Promise<void> {
    const { name } = app.metadata;
    for (const folder of chartCrds[name] ?? []) await this.applyCrds(folder);
    if (name === 'kyverno') {
      await this.kyverno.install();
      await this.kyverno.start();
    }
    for (const folder of folders(app)) await this.applyAll(folderObjects(folder));
    if (name === 'kyverno') await this.policiesReady();
  }

  private async applyCrds(folder: string): Promise<void> {
    const source = crdSources.find((each) => each.folder === folder);
    const crds = (source?.files ?? []).flatMap((file) => documents(join(crdCache, folder, file)));
    if (crds.length === 0) throw new Error(`versions.ts has no CRDs of ${folder}`);
    await this.applyAll(crds);
    await eventually(`CRDs of ${folder} are served`, 60, async () => {
      const live = await this.api.list('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
      return crds.every((crd) =>
        live.some(({ metadata, status }) => metadata.name === crd.metadata.name && established(status as PolicyStatus | undefined)),
      );
    });
  }
}

interface PolicyStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

function established(status: PolicyStatus | undefined): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True') === true;
}

function wave(object: KubeObject): number {
  return Number(object.metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? '0');
}

/** Folders of `dist` that an Application owns. */
function folders(app: KubeObject): string[] {
  const { source, sources } = app['spec'] as { source?: Source; sources?: Source[] };
  return [...(source === undefined ? [] : [source]), ...(sources ?? [])].flatMap(({ path }) =>
    path === undefined ? [] : [path.replace(/^dist\//, '')],
  );
}

interface Source {
  readonly path?: string;
}
