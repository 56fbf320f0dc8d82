import * as http from 'node:http';
import type { Socket } from 'node:net';
import { FakeS3, testCredentials } from '../../test/support/s3/server';
import { filledKopiaBlobs, putBlobs } from '../../test/support/s3/repositories';
import { Daemon } from './daemon';
import { sandboxFile } from './sandbox';
import { folderObjects } from './tree';
import { eventually } from './waiting';

type Behaviour = (request: http.IncomingMessage, response: http.ServerResponse) => void;

const plumberPort = 8080;

/**
 * The address that the policy calls, port 80. Behind it stands the real pvc-plumber from the tree with its environment, before an S3 server in this
 * process; or, for a while, something broken.
 */
export class Door {
  readonly s3 = new FakeS3();
  private readonly bucket: string;
  private readonly plumber: Daemon;
  private behaviour: Behaviour = forward;
  private server: http.Server | undefined;
  private readonly sockets = new Set<Socket>();
  /** Questions of Kyverno since the start: `namespace/pvc`. */
  readonly asked: string[] = [];

  private constructor(endpoint: string, s3: FakeS3) {
    this.s3 = s3;
    const objects = folderObjects('infrastructure/controllers/pvc-plumber');
    const program = objects.find(({ kind }) => kind === 'ConfigMap')?.['data']['pvc-plumber.js'] as string | undefined;
    if (program === undefined) throw new Error('the tree carries no bundle of pvc-plumber');
    const container = objects.find(({ kind }) => kind === 'Deployment')?.['spec'].template.spec.containers[0] as Pod;
    const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
    this.bucket = env['S3_BUCKET'] ?? '';
    sandboxFile('s3/access-key-id', testCredentials.accessKeyId);
    sandboxFile('s3/secret-access-key', testCredentials.secretAccessKey);
    const flags = container.command.filter((part) => part.startsWith('--'));
    const args = [...flags, sandboxFile('pvc-plumber.js', program)];
    this.plumber = new Daemon('pvc-plumber', process.execPath, args, { ...env, S3_ENDPOINT: endpoint, CREDENTIALS_DIR: sandboxFile('s3') });
  }

  static async open(): Promise<Door> {
    const s3 = await new FakeS3().start();
    const door = new Door(s3.endpoint, s3);
    s3.objects.bucket(door.bucket);
    door.plumber.start();
    await door.listen();
    await eventually('pvc-plumber answers', 20, async () => (await fetch(`http://127.0.0.1:${plumberPort}/healthz`)).ok);
    return door;
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
      const path = (request.url ?? '').replace('/exists/', '');
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

  /** How many questions about a PVC came through. */
  questions(namespace: string, pvc: string): number {
    return this.asked.filter((path) => path === `${namespace}/${pvc}`).length;
  }

  /** Sum of a counter of pvc-plumber's own metrics. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${plumberPort}/metrics`)).text();
    const values = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  async stop(): Promise<void> {
    await this.close();
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
    const [, , namespace, pvc] = path.split('/');
    const exists = decision === 'restore';
    return { exists, keyCount: exists ? 8 : 0, decision, authoritative: true, namespace, pvc, reason: 'test', ...changes };
  };
}
