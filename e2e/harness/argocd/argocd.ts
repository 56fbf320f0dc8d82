import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Api, KubeObject } from '../api';
import { Daemon } from '../daemon';
import { sandboxFile } from '../sandbox';
import { tool } from '../tools';
import { eventually } from '../waiting';
import type { Web } from './web';

const ports = { redis: 6379, repoServer: 8081 } as const;
const namespace = 'argocd';

/** How often Argo CD looks, in seconds: its own settings, smaller than they come, so that its hours pass in minutes. */
export const every = { resync: 15, revisions: 5 } as const;

/** Argo CD's controllers, with Redis, Helm, Kustomize and git; without its API server, which nothing here asks. */
export class ArgoCd {
  private readonly daemons: readonly Daemon[];

  constructor(
    private readonly api: Api,
    web: Web,
    kubeconfig: string,
  ) {
    this.daemons = programs(web, kubeconfig);
  }

  /** What a person has when Argo CD was installed, and the programs. */
  async start(apply: (objects: readonly KubeObject[]) => Promise<void>): Promise<void> {
    await apply(installation);
    for (const daemon of this.daemons) daemon.start();
    await eventually('repo-server of Argo CD', 60, async () => (await fetch('http://127.0.0.1:8084/healthz')).ok);
  }

  async stop(): Promise<void> {
    await Promise.all(this.daemons.map((daemon) => daemon.stop('SIGKILL')));
  }

  log(name: 'application-controller' | 'applicationset-controller' | 'repo-server'): string {
    return this.daemons.find((daemon) => daemon.name === `argocd-${name}`)?.log ?? '';
  }

  applications(): Promise<KubeObject[]> {
    return this.api.list('argoproj.io/v1alpha1', 'Application', namespace);
  }

  application(name: string): Promise<KubeObject | undefined> {
    return this.api.find({ ...applicationRef(name) });
  }

  /** As a webhook tells the ApplicationSet of a commit; else it looks every three minutes. */
  async refreshApps(): Promise<void> {
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', namespace, name: 'my-apps' };
    await this.api.patch(ref, { metadata: { annotations: { 'argocd.argoproj.io/application-set-refresh': 'true' } } });
  }

  /** As a person, or a webhook, asks for a look at Git. */
  async refresh(name: string, how: 'normal' | 'hard' = 'normal'): Promise<void> {
    await this.api.patch(applicationRef(name), { metadata: { annotations: { 'argocd.argoproj.io/refresh': how } } });
    await eventually(`${name} is refreshed`, 180, async () => {
      const found = await this.application(name);
      return found !== undefined && found.metadata.annotations?.['argocd.argoproj.io/refresh'] === undefined;
    });
  }
}

export function applicationRef(name: string): { apiVersion: string; kind: string; namespace: string; name: string } {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace, name };
}

/** Where an Application stands, in a few words. */
export function standing(application: KubeObject | undefined): string {
  const { sync, health, operationState: operation } = (application?.['status'] ?? {}) as Standing;
  const tried = operation?.retryCount === undefined ? '' : `, retry ${operation.retryCount}`;
  return `${sync?.status ?? 'not compared'}, ${health?.status ?? 'no health'}, ${operation === undefined ? 'no operation' : operation.phase + tried}`;
}

export interface Standing {
  readonly sync?: { readonly status: string; readonly revision?: string };
  readonly health?: { readonly status: string; readonly message?: string };
  readonly operationState?: { readonly phase: string; readonly retryCount?: number; readonly startedAt: string; readonly message?: string };
  readonly conditions?: readonly { readonly type: string; readonly message: string }[];
  readonly resources?: readonly { readonly kind: string; readonly name: string; readonly status?: string }[];
  readonly history?: readonly { readonly id: number; readonly deployedAt: string }[];
}

const partOf = { 'app.kubernetes.io/part-of': 'argocd' };
const configMap = (name: string, data: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, labels: { ...partOf, 'app.kubernetes.io/name': name } },
  data,
});

const installation: readonly KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  ...['argocd-cm', 'argocd-rbac-cm', 'argocd-ssh-known-hosts-cm', 'argocd-tls-certs-cm', 'argocd-gpg-keys-cm', 'argocd-cmd-params-cm'].map((name) =>
    configMap(name),
  ),
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'argocd-secret', namespace, labels: { ...partOf, 'app.kubernetes.io/name': 'argocd-secret' } },
    stringData: { 'server.secretkey': 'of-the-e2e-run' },
  },
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'default', namespace },
    spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }], clusterResourceWhitelist: [{ group: '*', kind: '*' }] },
  },
];

/** Its programs, as their Pods run them. */
function programs(web: Web, kubeconfig: string): Daemon[] {
  const temporary = sandboxFile('tmp');
  mkdirSync(temporary, { recursive: true });
  // It asks whether a commit is signed, in any case; no commit here is.
  const verifier = sandboxFile('bin/git-verify-wrapper.sh', '#!/bin/sh\n');
  chmodSync(verifier, 0o755);
  const env = {
    PATH: [dirname(verifier), dirname(tool('helm')), dirname(tool('kustomize')), process.env['PATH']].join(':'),
    KUBECONFIG: kubeconfig,
    // The cluster that it runs in, by that file.
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_GPG_ENABLED: 'false',
    SSL_CERT_FILE: web.certificate,
    GIT_SSL_CAINFO: web.certificate,
    TMPDIR: temporary,
  };
  const redis = `--redis=127.0.0.1:${ports.redis}`;
  const program = (name: string, ...args: readonly string[]): Daemon =>
    new Daemon(`argocd-${name}`, tool('argocd'), args, { ...env, ARGOCD_BINARY_NAME: `argocd-${name}` });
  return [
    new Daemon('redis', 'redis-server', [
      '--port',
      String(ports.redis),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      temporary,
    ]),
    program(
      'repo-server',
      '--address=127.0.0.1',
      `--port=${ports.repoServer}`,
      '--metrics-address=127.0.0.1',
      '--metrics-port=8084',
      '--disable-tls',
      '--client-ca-path=',
      redis,
      `--revision-cache-expiration=${every.revisions}s`,
    ),
    program(
      'application-controller',
      `--kubeconfig=${kubeconfig}`,
      `--namespace=${namespace}`,
      `--repo-server=127.0.0.1:${ports.repoServer}`,
      '--repo-server-plaintext',
      '--metrics-port=8182',
      redis,
      `--app-resync=${every.resync}`,
      '--app-resync-jitter=0',
    ),
    program(
      'applicationset-controller',
      `--kubeconfig=${kubeconfig}`,
      `--namespace=${namespace}`,
      `--argocd-repo-server=127.0.0.1:${ports.repoServer}`,
      '--repo-server-plaintext',
      '--enable-leader-election=false',
      '--metrics-addr=127.0.0.1:8185',
      '--probe-addr=127.0.0.1:8186',
      '--webhook-addr=127.0.0.1:8187',
    ),
  ];
}
