import { dump, loadAll } from 'js-yaml';
import { charts } from '../../../versions';
import { homelab } from '../../../examples/homelab/site';
import { ControlPlane } from '../control-plane';
import type { SiteValues } from '../../../lib';
import type { Api, KubeObject } from '../api';
import { Daemon } from '../daemon';
import { PlumberEndpoint } from '../plumber-endpoint';
import { Kyverno } from '../kyverno';
import { kubeStateMetrics } from '../kube-state-metrics';
import { tool } from '../tools';
import { currentTree, documents, exampleTree, type Tree } from '../tree';
import { crdCache } from '../cluster';
import { eventually, sleep } from '../waiting';
import { crdSources } from '../../../versions';
import { join } from 'node:path';
import { applicationRef, ArgoCd, type Standing, standing } from './argocd';
import { packedCharts } from './charts';
import { Git } from './git';
import { Pods } from './pods';
import { Web } from './web';

const secretStore = 'dist/infrastructure/controllers/external-secrets/cluster-secret-store.yaml';

/** A cluster on which nothing is but Argo CD, and a repository with the rendered tree. What the tree wants, Argo CD makes. */
export class ArgoCluster {
  static async start(): Promise<ArgoCluster> {
    const plane = await ControlPlane.start();
    const cluster = new ArgoCluster(plane, await PlumberEndpoint.open());
    try {
      await cluster.begin();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  readonly git: Git;
  readonly argocd: ArgoCd;
  readonly kyverno: Kyverno;
  readonly pods: Pods;
  readonly web: Web;
  private readonly started = new Map<string, Promise<void>>();
  private readonly daemons: Daemon[] = [];

  private constructor(
    private readonly plane: ControlPlane,
    readonly plumberEndpoint: PlumberEndpoint,
  ) {
    this.kyverno = new Kyverno(plane);
    this.pods = new Pods(plane.admin);
    const { hostname, pathname } = new URL(homelab.git.url);
    this.git = new Git(pathname);
    this.web = new Web([hostname, ...new Set(Object.values(charts).map(({ repo }) => new URL(repo).hostname))], Git.root(), packedCharts());
    this.argocd = new ArgoCd(plane.admin, this.web, plane.adminKubeconfig);
  }

  get api(): Api {
    return this.plane.admin;
  }

  /** Brings the rendered example into the repository. 1Password is the one thing that is replaced: its store has the same name and another provider. */
  commitTree(
    message = 'the rendered tree',
    item: Readonly<Record<string, string>> = wholeItem,
    change: (git: Git) => void = () => undefined,
  ): string {
    return this.push(currentTree(), message, item, change);
  }

  /** Brings the example with other values into the repository. */
  commitSite(values: Partial<SiteValues>, message: string): string {
    return this.push(exampleTree(values), message, wholeItem, () => undefined);
  }

  private push(tree: Tree, message: string, item: Readonly<Record<string, string>>, change: (git: Git) => void): string {
    this.git.remove('dist');
    for (const [path, text] of tree) this.git.write(`dist/${path}`, text);
    const [store] = loadAll(this.git.read(secretStore)) as KubeObject[];
    this.git.write(secretStore, dump({ ...store, spec: { provider: { fake: { data: [secretItem(item)] } } } }));
    change(this.git);
    return this.git.push(message);
  }

  /** Steps 3 and 4 of the README: the bootstrap secrets and the root. @param change something else in the root's file */
  async bootstrap(change: (text: string) => string = (text) => text): Promise<void> {
    for (const [namespace, name, key] of [
      ['1passwordconnect', '1password-credentials', '1password-credentials.json'],
      ['external-secrets', '1passwordconnect', 'token'],
    ] as const) {
      await this.applied({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      await this.applied({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData: { [key]: 'of the e2e run' } });
    }
    const root = change(currentTree().get('bootstrap/root-app.yaml') ?? '');
    for (const object of loadAll(root) as KubeObject[]) await this.applied(object);
  }

  /** Starts kube-state-metrics with the tree's values. */
  observe(): void {
    const daemon = kubeStateMetrics();
    daemon.start();
    this.daemons.push(daemon);
  }

  /** Every Application of the platform; those of the users are left out. */
  async platform(): Promise<KubeObject[]> {
    return (await this.argocd.applications()).filter(({ metadata }) => !metadata.name.startsWith('my-apps-'));
  }

  /** The root has synced a commit, and the platform is settled. The apps of the users may wait for volumes. */
  async arrived(commit: string, seconds = 300): Promise<void> {
    await this.argocd.refresh('root');
    await eventually('the root has synced the commit', seconds, async () => {
      const root = await this.argocd.application('root');
      const { sync, operationState } = (root?.['status'] ?? {}) as Standing;
      if (sync?.status === 'Synced' && sync.revision === commit && operationState?.phase === 'Succeeded') return true;
      throw new Error(`${standing(root)}: ${operationState?.message?.slice(0, 400)}`);
    });
    for (const { metadata } of await this.platform()) await this.settled(metadata.name, 180);
  }

  async applied(object: KubeObject): Promise<void> {
    await eventually(`${object.kind} ${object.metadata.name} is applied`, 60, async () => {
      const { status, message } = await this.api.apply(object);
      if (status >= 300) throw new Error(`${status} ${message}`);
      return true;
    });
  }

  /** An Application is Synced and Healthy, and nothing runs. */
  async settled(name: string, seconds: number): Promise<KubeObject> {
    return eventually(`Application ${name} is settled`, seconds, async () => {
      const found = await this.argocd.application(name);
      const status = found?.['status'] as Standing | undefined;
      if (status?.sync?.status === 'Synced' && status.health?.status === 'Healthy' && found?.['operation'] === undefined) return found;
      throw new Error(`${standing(found)}${status?.operationState?.message === undefined ? '' : `: ${status.operationState.message.slice(0, 600)}`}`);
    });
  }

  /** Deletes an Application, as `kubectl delete application` does. */
  async deleteApplication(name: string): Promise<void> {
    const before = (await this.argocd.application(name))?.metadata.uid;
    await this.api.delete(applicationRef(name));
    await eventually(`Application ${name} is gone`, 60, async () => (await this.argocd.application(name))?.metadata.uid !== before);
  }

  async stop(): Promise<void> {
    await this.argocd.stop();
    await this.pods.stop();
    await Promise.all([...this.daemons.map((daemon) => daemon.stop('SIGKILL')), this.kyverno.stop('SIGKILL')]);
    await Promise.all([this.plumberEndpoint.stop(), this.web.stop(), this.plane.stop()]);
  }

  private async begin(): Promise<void> {
    const crds = crdSources
      .filter(({ folder }) => folder === 'argocd')
      .flatMap(({ files }) => files.flatMap((file) => documents(join(crdCache, 'argocd', file))));
    for (const crd of crds) await this.applied(crd);
    await sleep(1000);
    await this.web.start();
    this.pods.ready = (pod) => this.runs(pod);
    this.pods.start();
    await this.argocd.start(async (objects) => {
      for (const object of objects) await this.applied(object);
    });
  }

  /** Starts the program that a Pod stands for, with the rights of its ServiceAccount. */
  private async runs({ metadata }: KubeObject): Promise<boolean> {
    const owner = metadata.ownerReferences?.[0]?.name.replace(/-[a-z0-9]+$/, '') ?? '';
    const programs: Readonly<Record<string, () => Promise<void>>> = {
      'kyverno-admission-controller': () => this.kyverno.start(),
      'external-secrets': () =>
        // One worker: the provider `fake` dies of "concurrent map writes" with more.
        this.program('external-secrets', ['--metrics-addr=127.0.0.1:8090', '--live-addr=127.0.0.1:8091', '--concurrent=1', ...off]),
      volsync: () =>
        this.program('volsync', [
          '--metrics-bind-address=127.0.0.1:8443',
          '--metrics-require-rbac=false',
          '--health-probe-bind-address=127.0.0.1:8092',
        ]),
    };
    const start = metadata.ownerReferences?.[0]?.kind === 'ReplicaSet' ? programs[owner] : undefined;
    if (start === undefined) return true;
    let running = this.started.get(owner);
    if (running === undefined) {
      running = start();
      this.started.set(owner, running);
    }
    return Promise.race([running.then(() => true), sleep(100).then(() => false)]);
  }

  private async program(name: 'external-secrets' | 'volsync', args: readonly string[]): Promise<void> {
    const namespace = { 'external-secrets': 'external-secrets', volsync: 'volsync-system' }[name];
    const daemon = new Daemon(name, tool(name), args, { KUBECONFIG: await this.plane.kubeconfigOf(namespace, name), POD_NAMESPACE: namespace });
    daemon.start();
    this.daemons.push(daemon);
  }
}

/** Controllers that no object of the tree needs; the chart's values switch them off, too. */
const off = ['cluster-external-secret', 'push-secret', 'cluster-push-secret'].map((name) => `--enable-${name}-reconciler=false`);

/** An item as the store that stands in for 1Password has it. */
export function secretItem(item: Readonly<Record<string, string>>): object {
  return { key: homelab.onepassword.item, value: JSON.stringify(item) };
}

/** The item of 1Password, with every field that the site names. */
export const wholeItem: Readonly<Record<string, string>> = {
  'k8s-admin-access-key': 'key',
  'k8s-admin-secret-key': 'secret',
  kopia_password: 'password',
  endpoint: homelab.s3.endpoint,
  bucket: homelab.s3.bucket,
};
