import { join } from 'node:path';
import { plumber } from '../../lib/model/naming';
import { crdSources } from '../../versions';
import { type Api, type KubeObject } from './api';
import { ControlPlane } from './control-plane';
import { PlumberEndpoint } from './plumber-endpoint';
import { CanaryApp } from './canary-app';
import { Informers } from './informer';
import { Kubelet } from './kubelet';
import { Kyverno } from './kyverno';
import { Operators } from './operators';
import { Repairer } from './repairer';
import type { Store } from './store';
import { documents, folderObjects, repository, treeObjects } from './tree';
import { storageClass, Volumes } from './volumes';
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
export class Cluster {
  /** @param store where backups lie. Without one nothing is backed up: pvc-plumber looks into a server of the tests, and there is no VolSync */
  static async start(store?: Store): Promise<Cluster> {
    const plane = await ControlPlane.start();
    if (store === undefined) return new Cluster(plane, await PlumberEndpoint.open(), new Kyverno(plane), new Repairer(plane));
    const machinery = new Node(plane.admin, new Operators(plane, store));
    return new Cluster(plane, await PlumberEndpoint.openWithSecret(plane.admin), new Kyverno(plane), new Repairer(plane), machinery);
  }

  /** An application that is applied from the first second on, while the tree is applied. */
  early: CanaryApp | undefined;

  private constructor(
    readonly plane: ControlPlane,
    readonly plumberEndpoint: PlumberEndpoint,
    readonly kyverno: Kyverno,
    readonly repairer: Repairer,
    private readonly machinery?: Node,
  ) {}

  /** What moves data. @throws Error in a cluster without a store */
  get node(): Node {
    if (this.machinery === undefined) throw new Error('this cluster has no store, and nothing in it moves data');
    return this.machinery;
  }

  get api(): Api {
    return this.plane.admin;
  }

  /**
   * Applies the tree as Argo CD does: Application after Application in the order of the waves, each until it is done.
   */
  async applyTree(options: { readonly early?: boolean } = {}): Promise<void> {
    if (options.early === true) this.early = new CanaryApp(this);
    try {
      await this.applyCrds('argocd');
      const argocd = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } };
      await this.applyAll([argocd, ...folderObjects('bootstrap'), ...folderObjects('infrastructure/controllers/argocd')]);
      for (const app of applications()) {
        await this.sync(app);
        this.early?.synced.set(app.metadata.name, Date.now());
      }
    } finally {
      await this.early?.stop();
    }
  }

  /** What a cluster has before it is adopted: every program that the tree counts on runs, and nothing of the tree is there. */
  async startPrograms(): Promise<void> {
    for (const folder of ['argocd', ...Object.values(chartCrds).flat()]) await this.applyCrds(folder);
    for (const name of ['argocd', 'external-secrets', 'kyverno', 'monitoring', 'volsync-system']) await this.namespace(name);
    await this.kyverno.install();
    await this.kyverno.start();
    await this.node.start();
  }

  /** Applies the tree into a cluster whose programs run already. */
  async adopt(): Promise<void> {
    await this.applyAll([...folderObjects('bootstrap'), ...folderObjects('infrastructure/controllers/argocd')]);
    for (const app of applications()) await this.applyAll(folders(app).flatMap(folderObjects));
    await this.repairer.start();
    await this.policiesReady();
  }

  /** Makes names of namespaces different, when the scenarios are played again. */
  round = '';

  /** Makes a namespace. @returns its name */
  async namespace(name: string, labels: Record<string, string> = {}): Promise<string> {
    const full = `${name}${this.round}`;
    await this.applyAll([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: full, labels } }]);
    return full;
  }

  /** Deletes a namespace with everything in it, and waits until it is gone. */
  async removeNamespace(name: string): Promise<void> {
    const ref = { apiVersion: 'v1', kind: 'Namespace', name };
    await this.api.delete(ref);
    await eventually(`namespace ${name} is gone`, 120, async () => (await this.api.find(ref)) === undefined, 250);
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

  /** As when all machines lose power: nobody tidies up in a cluster that is gone. */
  async stop(): Promise<void> {
    await this.machinery?.stop();
    await Promise.all([this.kyverno.stop('SIGKILL'), this.repairer.stop(), this.plumberEndpoint.stop(), this.plane.stop()]);
  }

  private async sync(app: KubeObject): Promise<void> {
    const { name } = app.metadata;
    for (const folder of chartCrds[name] ?? []) await this.applyCrds(folder);
    if (name === 'kyverno') {
      await this.kyverno.install();
      await this.kyverno.start();
    }
    const objects = folders(app).flatMap(folderObjects);
    if (name === 'longhorn') objects.push(storageClass);
    if (this.machinery === undefined) await this.applyAll(objects);
    else await this.machinery.sync(name, objects, (each) => this.applyAll(each));
    if (name === plumber.name) await this.repairer.start();
    if (name === 'kyverno') await this.policiesReady();
  }

  private async applyCrds(folder: string): Promise<void> {
    const source = crdSources.find((each) => each.folder === folder);
    const crds = [...(source?.files ?? []), ...(source?.forClusters ?? [])].flatMap((file) => documents(join(crdCache, folder, file)));
    if (crds.length === 0) throw new Error(`versions.ts has no CRDs of ${folder}`);
    await Promise.all(crds.map((crd) => this.applyAll([crd])));
    await eventually(`CRDs of ${folder} are served`, 60, async () => {
      const live = await this.api.list('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
      return crds.every((crd) =>
        live.some(({ metadata, status }) => metadata.name === crd.metadata.name && established(status as PolicyStatus | undefined)),
      );
    });
  }
}

/** What moves data in a cluster: the node with its volumes, and the controllers of External Secrets and VolSync. */
export class Node {
  readonly volumes: Volumes;
  readonly kubelet: Kubelet;
  readonly seen: Informers;

  constructor(
    api: Api,
    readonly operators: Operators,
  ) {
    this.seen = new Informers(api);
    this.volumes = new Volumes(api, this.seen);
    this.kubelet = new Kubelet(api, this.volumes, this.seen);
  }

  /** Applies what an Application owns, and starts what its chart would. */
  async sync(application: string, objects: readonly KubeObject[], apply: (objects: readonly KubeObject[]) => Promise<void>): Promise<void> {
    await apply(objects.filter(({ kind }) => kind !== 'ClusterSecretStore'));
    if (application === 'external-secrets') {
      await this.operators.secretStore();
      this.operators.startExternalSecrets();
    }
    if (application === 'longhorn') {
      this.volumes.start();
      await this.kubelet.start();
    }
    if (application === 'volsync') this.operators.startVolSync();
  }

  /** Starts everything at once, as in a cluster that is in use. */
  async start(): Promise<void> {
    this.operators.startExternalSecrets();
    this.volumes.start();
    await this.kubelet.start();
    this.operators.startVolSync();
  }

  async stop(): Promise<void> {
    await this.kubelet.stop();
    await this.volumes.stop();
    await this.seen.stop();
    await this.operators.stop();
  }
}

interface PolicyStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

function established(status: PolicyStatus | undefined): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True') === true;
}

/** The Applications that the root makes, in the order of their waves. */
function applications(): KubeObject[] {
  return treeObjects('infrastructure')
    .map(({ object }) => object)
    .filter(({ kind }) => kind === 'Application')
    .toSorted((a, b) => wave(a) - wave(b));
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
