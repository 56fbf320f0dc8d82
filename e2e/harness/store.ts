import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { Daemon } from './daemon';
import { sandboxFile } from './sandbox';
import { tool } from './tools';
import { eventually } from './waiting';

/** The site's endpoint in `main.ts`; the address is the sandbox's own. */
const address = { host: '192.168.10.133', port: 30292 } as const;
const backend = { host: '127.0.0.1', port: 7070 } as const;

/** What stands between the clients and the store: nothing, a network that is slow, one that breaks a connection off, or nobody there. */
export type Fault = 'none' | 'down' | { readonly delayMs: number } | { readonly cutAfterBytes: number };

/**
 * An S3 server that keeps its objects on disk, behind a connection that can be disturbed. It is the Versity gateway: RustFS, which the site of the
 * description runs, can't be had by its package name.
 */
export class Store {
  static async start(): Promise<Store> {
    const store = new Store();
    mkdirSync(store.root, { recursive: true });
    store.startGateway();
    await store.listen();
    await eventually('the S3 server answers', 30, async () => (await store.client.fetch(`${store.endpoint}/`)).status === 200);
    await store.makeBucket();
    return store;
  }

  readonly endpoint = `http://${address.host}:${address.port}`;
  readonly bucket = 'volsync-backup';
  readonly accessKeyId = 'k8s-admin';
  readonly secretAccessKey = 'secret-of-the-e2e-run';
  readonly kopiaPassword = 'kopia-of-the-e2e-run';
  private fault: Fault = 'none';
  private readonly root = sandboxFile('s3-data');
  private gateway!: Daemon;
  private server: net.Server | undefined;
  private readonly sockets = new Set<net.Socket>();

  private get client(): AwsClient {
    const { accessKeyId, secretAccessKey } = this;
    return new AwsClient({ accessKeyId, secretAccessKey, service: 's3', region: 'us-east-1', retries: 0 });
  }

  /** What disturbs new connections; those that are open are broken off. */
  async disturb(fault: Fault): Promise<void> {
    this.fault = fault;
    for (const socket of this.sockets) socket.destroy();
    if (fault === 'down') await this.close();
    else if (this.server === undefined) await this.listen();
  }

  /** Files of a prefix by name, or none. */
  keys(prefix: string): string[] {
    const folder = this.folder(prefix);
    return existsSync(folder) ? readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile()) : [];
  }

  bytes(prefix: string): number {
    return this.keys(prefix).reduce((sum, key) => sum + statSync(join(this.folder(prefix), key)).size, 0);
  }

  /** Takes one object away. @returns puts it back */
  take(prefix: string, key: string): () => void {
    const [here, kept] = [join(this.folder(prefix), key), sandboxFile('s3-taken')];
    renameSync(here, kept);
    return () => renameSync(kept, here);
  }

  /** Takes every object of a prefix away whose name begins so, for good. @returns how many */
  remove(prefix: string, start: string): number {
    const keys = this.keys(prefix).filter((key) => key.startsWith(start));
    for (const key of keys) rmSync(join(this.folder(prefix), key));
    return keys.length;
  }

  /** Takes everything out of the bucket, as a new disk behind the old address does. @returns puts it back */
  empty(): () => void {
    const folder = join(this.root, this.bucket);
    const kept = join(this.root, '..', 's3-kept');
    mkdirSync(kept);
    const move = (from: string, to: string): void => {
      for (const name of readdirSync(from)) renameSync(join(from, name), join(to, name));
    };
    move(folder, kept);
    return () => {
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
      move(kept, folder);
      rmSync(kept, { recursive: true });
    };
  }

  async stop(): Promise<void> {
    await this.close();
    await this.gateway.stop();
  }

  private folder(prefix: string): string {
    return join(this.root, this.bucket, prefix);
  }

  private startGateway(): void {
    const args = ['--port', `${backend.host}:${backend.port}`, '--region', 'us-east-1', '--quiet', 'posix', this.root];
    this.gateway = new Daemon('versitygw', tool('versitygw'), args, { ROOT_ACCESS_KEY: this.accessKeyId, ROOT_SECRET_KEY: this.secretAccessKey });
    this.gateway.start();
  }

  private async makeBucket(): Promise<void> {
    const { status } = await this.client.fetch(`${this.endpoint}/${this.bucket}`, { method: 'PUT' });
    if (status !== 200) throw new Error(`the bucket can't be made: ${status}`);
  }

  private async listen(): Promise<void> {
    const server = net.createServer((socket) => this.pass(socket));
    await new Promise<void>((resolve) => void server.listen(address.port, address.host, resolve));
    this.server = server;
  }

  private async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : void server.close(() => resolve())));
  }

  private pass(socket: net.Socket): void {
    const upstream = net.connect(backend.port, backend.host);
    const { fault } = this;
    const delayMs = typeof fault === 'object' && 'delayMs' in fault ? fault.delayMs : 0;
    for (const each of [socket, upstream]) {
      this.sockets.add(each);
      each.on('error', () => undefined).on('close', () => this.sockets.delete(each));
    }
    socket.on('close', () => upstream.destroy());
    // What was sent before the end arrives before it.
    upstream.on('close', () => void setTimeout(() => socket.destroy(), delayMs));
    socket.pipe(upstream);
    if (delayMs > 0) {
      upstream.on('data', (chunk: Buffer) => void setTimeout(() => socket.write(chunk), delayMs));
    } else if (typeof fault === 'object' && 'cutAfterBytes' in fault) {
      let left = fault.cutAfterBytes;
      upstream.on('data', (chunk: Buffer) => {
        socket.write(chunk.subarray(0, Math.max(0, left)));
        left -= chunk.length;
        if (left <= 0) socket.destroy();
      });
    } else {
      upstream.pipe(socket);
    }
  }
}
