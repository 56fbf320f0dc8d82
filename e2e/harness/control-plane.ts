import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { Api } from './api';
import { Daemon } from './daemon';
import { sandboxFile } from './sandbox';
import { tool } from './tools';
import { eventually } from './waiting';

/** The sandbox has a loopback device of its own, so ports can be fixed. */
const ports = { etcd: 2379, etcdPeer: 2380, api: 6443, controllers: 10257 } as const;
/** Two cores carry what a cluster has nodes for, while memory is plenty: these programs collect their garbage less often. Kyverno runs as in the tree. */
const fewCores = { GOGC: '400' };
/** Where the API server listens. */
export const apiAddress = { host: '127.0.0.1', port: ports.api } as const;
const adminToken = 'admin-of-the-e2e-run';

/** etcd, kube-apiserver and kube-controller-manager. No kubelet and no CSI driver: a PVC stays Pending, as it does while its volume is made. */
export class ControlPlane {
  /** A new cluster: nothing of an earlier one is left. */
  static async start(): Promise<ControlPlane> {
    rmSync(sandboxFile('etcd'), { recursive: true, force: true });
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    sandboxFile('sa.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    sandboxFile('sa.pub', publicKey.export({ type: 'spki', format: 'pem' }).toString());
    sandboxFile('tokens.csv', `${adminToken},admin,admin,system:masters\n`);
    const plane = new ControlPlane();
    plane.etcd.start();
    plane.apiServer.start();
    await eventually('certificate of kube-apiserver', 60, async () => plane.ca.includes('BEGIN'));
    plane.admin = new Api(`https://127.0.0.1:${ports.api}`, plane.ca, adminToken);
    await eventually('kube-apiserver is ready', 120, async () => (await plane.admin.request('GET', '/readyz')).status === 200);
    plane.kubeconfig('admin', adminToken);
    plane.controllers.start();
    return plane;
  }

  admin!: Api;
  private readonly etcd = new Daemon(
    'etcd',
    tool('etcd'),
    [
      `--data-dir=${sandboxFile('etcd')}`,
      `--listen-client-urls=http://127.0.0.1:${ports.etcd}`,
      `--advertise-client-urls=http://127.0.0.1:${ports.etcd}`,
      `--listen-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
      `--initial-cluster=default=http://127.0.0.1:${ports.etcdPeer}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
    fewCores,
  );
  private readonly apiServer = new Daemon(
    'kube-apiserver',
    tool('kube-apiserver'),
    [
      `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${ports.api}`,
      `--cert-dir=${sandboxFile('certs')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${sandboxFile('sa.pub')}`,
      `--service-account-signing-key-file=${sandboxFile('sa.key')}`,
      '--authorization-mode=RBAC',
      `--token-auth-file=${sandboxFile('tokens.csv')}`,
      '--service-cluster-ip-range=10.0.0.0/24',
    ],
    fewCores,
  );
  private readonly controllers = new Daemon(
    'kube-controller-manager',
    tool('kube-controller-manager'),
    [
      `--kubeconfig=${sandboxFile('admin.kubeconfig')}`,
      `--service-account-private-key-file=${sandboxFile('sa.key')}`,
      '--use-service-account-credentials',
      `--root-ca-file=${sandboxFile('certs/apiserver.crt')}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${ports.controllers}`,
      '--leader-elect=false',
      `--cert-dir=${sandboxFile('kcm')}`,
    ],
    fewCores,
  );

  /** URL of the API server. */
  get address(): string {
    return `https://127.0.0.1:${ports.api}`;
  }

  get ca(): string {
    return readFileSync(sandboxFile('certs/apiserver.crt'), 'utf8');
  }

  /** The administrator's kubeconfig file. */
  get adminKubeconfig(): string {
    return sandboxFile('admin.kubeconfig');
  }

  /** A kubeconfig file with the rights of a ServiceAccount. */
  async kubeconfigOf(namespace: string, name: string): Promise<string> {
    return this.kubeconfig(name, await this.tokenOf(namespace, name));
  }

  /** A token of a ServiceAccount. @param audiences whom it is for; by default the API server */
  async tokenOf(namespace: string, name: string, audiences?: readonly string[]): Promise<string> {
    const spec = { expirationSeconds: 7200, audiences };
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
    const { body, status, message } = await this.admin.request('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, request);
    if (status !== 201) throw new Error(`no token for ${namespace}/${name}: ${message}`);
    return String(body['status'].token);
  }

  /** As in an upgrade of the control plane. */
  async restartApiServer(): Promise<void> {
    await this.apiServer.stop();
    this.apiServer.start();
    await eventually(
      'kube-apiserver is ready again',
      120,
      async () => (await this.admin.request('GET', '/readyz').catch(() => ({ status: 0 }))).status === 200,
    );
  }

  async stop(): Promise<void> {
    await Promise.all([this.controllers, this.apiServer, this.etcd].map((daemon) => daemon.stop('SIGKILL')));
  }

  private kubeconfig(name: string, token: string): string {
    const cluster = { server: `https://127.0.0.1:${ports.api}`, 'certificate-authority': sandboxFile('certs/apiserver.crt') };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'e2e', cluster }],
      users: [{ name, user: { token } }],
      contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: name } }],
      'current-context': 'e2e',
    };
    return sandboxFile(`${name}.kubeconfig`, JSON.stringify(config));
  }
}
