import type { ControlPlane } from './control-plane';
import { Daemon } from './daemon';
import type { Store } from './store';
import { tool } from './tools';
import { treeObjects } from './tree';
import { sandboxFile } from './sandbox';

/** Fields of the 1Password item that the site names. */
export interface Item {
  readonly 'k8s-admin-access-key': string;
  readonly 'k8s-admin-secret-key': string;
  readonly kopia_password: string;
  readonly endpoint: string;
  readonly bucket: string;
}

/**
 * The controllers of External Secrets and of VolSync. They run with the rights of an administrator: their own roles come from their charts, and there
 * is no Helm here. 1Password is the one thing that is replaced: its store has the same name and another provider.
 */
export class Operators {
  private readonly daemons: Daemon[] = [];

  constructor(
    private readonly plane: ControlPlane,
    store: Store,
  ) {
    const { accessKeyId, secretAccessKey, kopiaPassword, endpoint, bucket } = store;
    this.item = { 'k8s-admin-access-key': accessKeyId, 'k8s-admin-secret-key': secretAccessKey, kopia_password: kopiaPassword, endpoint, bucket };
  }

  /** The item as it is meant to be. */
  readonly item: Item;

  startExternalSecrets(): void {
    // One worker: the provider `fake` dies of "concurrent map writes" with more.
    this.start('external-secrets', ['--metrics-addr=127.0.0.1:8090', '--live-addr=127.0.0.1:8091', '--concurrent=1', ...off]);
  }

  startVolSync(): void {
    this.start('volsync', ['--metrics-bind-address=127.0.0.1:8443', '--metrics-require-rbac=false', '--health-probe-bind-address=127.0.0.1:8092']);
  }

  /** As when its node dies and its Pod comes back elsewhere. */
  async restartVolSync(): Promise<void> {
    const volsync = this.daemons.find(({ name }) => name === 'volsync');
    await volsync?.stop('SIGKILL');
    volsync?.start();
  }

  /** Writes the item's fields, as a person does at 1Password. */
  async secretStore(item: Item = this.item): Promise<void> {
    const file = 'infrastructure/controllers/external-secrets/cluster-secret-store.yaml';
    const [store] = treeObjects(file);
    if (store === undefined) throw new Error(`${file} is empty`);
    const provider = { fake: { data: [{ key: 'rustfs', value: JSON.stringify(item) }] } };
    const { apiVersion, kind, metadata } = store.object;
    const { status, message } = await this.plane.admin.apply({ apiVersion, kind, metadata: { name: metadata.name }, spec: { provider } });
    if (status >= 300) throw new Error(`ClusterSecretStore: ${message}`);
  }

  async stop(): Promise<void> {
    await Promise.all(this.daemons.map((daemon) => daemon.stop('SIGKILL')));
  }

  private start(name: 'external-secrets' | 'volsync', args: readonly string[]): void {
    const daemon = new Daemon(name, tool(name), args, { KUBECONFIG: sandboxFile('admin.kubeconfig'), POD_NAMESPACE: 'volsync-system' });
    daemon.start();
    this.daemons.push(daemon);
  }
}

/** Controllers that no object of the tree needs. */
const off = ['cluster-external-secret', 'push-secret', 'cluster-push-secret'].map((name) => `--enable-${name}-reconciler=false`);
