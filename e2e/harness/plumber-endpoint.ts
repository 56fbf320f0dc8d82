import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import * as http from 'node:http';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { FakeS3, testCredentials } from '../../pvc-plumber/testing/server';
import { filledKopiaBlobs, putBlobs } from '../../pvc-plumber/testing/repositories';
import type { Api } from './api';
import { Daemon } from './daemon';
import { Metrics } from './metrics';
import { sandboxFile } from './sandbox';
import { folderObjects } from './tree';
import { explainQuery, plumber } from '../../lib/model/naming';
import { eventually, Loop } from './waiting';

type Behaviour = (request: http.IncomingMessage, response: http.ServerResponse) => void;

const plumberPort = 8080;

/**
 * The address that the policy calls, port 80. Behind it stands the real pvc-plumber from the tree with its environment, before an S3 server in this
 * process; or, for a while, something broken.
 */
export class PlumberEndpoint {
  readonly s3 = new FakeS3();
  private readonly bucket: string;
  private plumber: Daemon;
  private secret: Loop | undefined;
  private behaviour: Behaviour = forward;
  private server: http.Server | undefined;
  private readonly sockets = new Set<Socket>();
  /** Questions of Kyverno since the start: `namespace/pvc`. */
  readonly asked: string[] = [];
  private readonly command: (word: string, changes?: Readonly<Record<string, string>>) => Promise<string>;
  private readonly program: (changes: Readonly<Record<string, string>>) => Daemon;

  private constructor() {
    const objects = folderObjects('infrastructure/controllers/pvc-plumber');
    const program = objects.find(({ kind }) => kind === 'ConfigMap')?.['data']['pvc-plumber.js'] as string | undefined;
    if (program === undefined) throw new Error('the tree carries no bundle of pvc-plumber');
    const container = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === plumber.name)?.['spec'].template.spec
      .containers[0] as Pod;
    const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
    this.bucket = env['S3_BUCKET'] ?? '';
    const flags = container.command.filter((part) => part.startsWith('--'));
    const args = [...flags, sandboxFile('pvc-plumber.js', program)];
    const own = { ...env, CREDENTIALS_DIR: sandboxFile('s3'), CLUSTER_TOKEN_FILE: clusterToken() };
    this.command = async (word, changes = {}) =>
      (await promisify(execFile)(process.execPath, [...args, word], { encoding: 'utf8', env: { ...own, ...changes } })).stdout;
    this.program = (changes) => new Daemon('pvc-plumber', process.execPath, args, { ...own, ...changes });
    this.plumber = this.program({});
  }

  /** pvc-plumber before an S3 server in this process. */
  static async open(): Promise<PlumberEndpoint> {
    const plumberEndpoint = new PlumberEndpoint();
    await plumberEndpoint.s3.start();
    plumberEndpoint.s3.objects.bucket(plumberEndpoint.bucket);
    sandboxFile('s3/access-key-id', testCredentials.accessKeyId);
    sandboxFile('s3/secret-access-key', testCredentials.secretAccessKey);
    await plumberEndpoint.listen();
    await plumberEndpoint.restart({ S3_ENDPOINT: plumberEndpoint.s3.endpoint });
    return plumberEndpoint;
  }

  /** pvc-plumber with its environment unchanged and the Secret that External Secrets makes for it, as the kubelet would mount it. */
  static async openWithSecret(api: Api): Promise<PlumberEndpoint> {
    const plumberEndpoint = new PlumberEndpoint();
    plumberEndpoint.secret = new Loop('pvc-plumber-s3', 500, async () => {
      const found = await api.find({ apiVersion: 'v1', kind: 'Secret', namespace: plumber.namespace, name: plumber.credentialsSecret });
      for (const [key, value] of Object.entries((found?.['data'] ?? {}) as Record<string, string>)) {
        sandboxFile(`s3/${key}`, Buffer.from(value, 'base64').toString('utf8'));
      }
    });
    plumberEndpoint.secret.start();
    await plumberEndpoint.listen();
    await plumberEndpoint.restart();
    return plumberEndpoint;
  }

  /** Starts pvc-plumber anew, with some other environment. */
  async restart(changes: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.plumber.stop();
    this.plumber = this.program(changes);
    this.plumber.start();
    await eventually('pvc-plumber answers', 20, async () => (await fetch(`http://127.0.0.1:${plumberPort}/healthz`)).ok);
  }

  /** Gives the store an identity with pvc-plumber's own command. @returns the id */
  async identify(): Promise<string> {
    const text = await this.command('identify');
    const id = /storeId: '([^']+)'/.exec(text)?.[1];
    if (id === undefined) throw new Error(`identify says: ${text}`);
    return id;
  }

  /** Takes the store over from another cluster, with pvc-plumber's own command. */
  async takeOver(changes: Readonly<Record<string, string>> = {}): Promise<string> {
    return this.command('takeover', changes);
  }

  /** A backup of a PVC, as the mover leaves it. */
  putBackup(namespace: string, pvc: string): void {
    putBlobs(this.s3, `${namespace}/${pvc}`, filledKopiaBlobs, this.bucket);
  }

  /** Another answer than pvc-plumber's until {@link real} is called. */
  pretend(behaviour: Behaviour): void {
    this.behaviour = behaviour;
  }

  real(): void {
    this.behaviour = forward;
  }

  /** Nobody listens: connection refused. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : void server.close(() => resolve())));
  }

  async listen(): Promise<void> {
    const server = http.createServer((request, response) => {
      const path = (request.url ?? '').replace('/exists/', '').replace(`?${explainQuery}`, '');
      this.asked.push(path);
      this.behaviour(request, response);
    });
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => void server.listen(80, '127.0.0.1', resolve));
    this.server = server;
  }

  /** Asks pvc-plumber itself. @returns the status of its answer */
  async ask(namespace: string, pvc: string): Promise<number> {
    return (await fetch(`http://127.0.0.1:${plumberPort}/exists/${namespace}/${pvc}`)).status;
  }

  /** How many questions about a PVC came through. */
  questions(namespace: string, pvc: string): number {
    return this.asked.filter((path) => path === `${namespace}/${pvc}`).length;
  }

  /** Sum of a counter of pvc-plumber's own metrics. */
  async metric(name: string): Promise<number> {
    return new Metrics(await (await fetch(`http://127.0.0.1:${plumberPort}/metrics`)).text()).sum(name);
  }

  /** The last lines of pvc-plumber's log. */
  get lastWords(): string {
    return this.plumber.log.trimEnd().split('\n').slice(-3).join('\n');
  }

  async stop(): Promise<void> {
    await this.close();
    await this.secret?.stop();
    await this.plumber.stop();
    await this.s3.stop();
  }
}

interface Pod {
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

function forward(request: http.IncomingMessage, response: http.ServerResponse): void {
  const passed = http.request(
    { host: '127.0.0.1', port: plumberPort, path: request.url, method: request.method, headers: request.headers },
    (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    },
  );
  passed.on('error', () => response.destroy());
  request.pipe(passed);
}

/** An answer of this status and body. */
export function says(status: number, body: unknown): Behaviour {
  return (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Takes the question and never answers. */
export const hangs: Behaviour = () => undefined;

/** The answers one after another, the last for ever. */
export function saysInTurn(...answers: readonly ((path: string) => unknown)[]): Behaviour {
  let turn = 0;
  return (request, response) => {
    const current = answers[Math.min(turn, answers.length - 1)];
    turn += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(current?.(request.url ?? '')));
  };
}

/** A proven answer as pvc-plumber gives it, changed in some fields. */
export function answer(decision: 'restore' | 'fresh', changes: Record<string, unknown> = {}): (path: string) => unknown {
  return (path) => {
    const [, , namespace, pvc] = (path.split('?')[0] ?? '').split('/');
    const exists = decision === 'restore';
    return { exists, keyCount: exists ? 8 : 0, decision, authoritative: true, namespace, pvc, reason: 'test', ...changes };
  };
}

/** A token as the kubelet mounts it: of a ServiceAccount that only one cluster has, another one at each call. @returns its file */
export function clusterToken(): string {
  const claims = {
    aud: ['zero-touch-pvc'],
    'kubernetes.io': { namespace: plumber.namespace, serviceaccount: { name: plumber.name, uid: randomUUID() } },
  };
  const parts = [{ alg: 'RS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return sandboxFile(`cluster-${randomUUID()}/token`, `${parts.join('.')}.unread`);
}
