import { createHash } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { AwsV4Signer } from 'aws4fetch';
import type { Operation } from '../s3/reader';
import type { Fault, HealthyReply, S3Call } from './faults';
import { ObjectStoreModel } from './store';
import { errorXml, listXml, versionsXml } from './xml';

/** The credentials that the fake server knows. */
export const testCredentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'test-secret' } as const;

export interface FakeS3Options {
  /** Time before each answer, in milliseconds. @default 0 */
  readonly latencyMs?: number;
  /** Checks signatures, by signing the request again with {@link testCredentials}. @default true */
  readonly checkSignatures?: boolean;
  /** Writes whatever `If-None-Match` says, as older servers do. @default false */
  readonly ignoreConditions?: boolean;
  /** Key and certificate in PEM form: serves https. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Keeps what is deleted as an older version, and tells. @default false */
  readonly versioned?: boolean;
  /** Keeps its address over {@link FakeS3.stop} and {@link FakeS3.start}. @default a free one */
  readonly port?: number;
}

/** A small S3 server in this process: HEAD, GET, conditional PUT, ListObjectsV2, path style. It can be told to fail in many ways. */
export class FakeS3 {
  readonly objects = new ObjectStoreModel();
  /** How many requests came, by operation. */
  readonly seen: Record<Operation, number> = { HeadObject: 0, ListObjects: 0, ListVersions: 0, HeadBucket: 0, GetObject: 0, PutObject: 0 };
  /** Asked for each request: what to do in place of the healthy answer. */
  fault: (call: S3Call) => Fault | undefined = () => undefined;
  latencyMs: number;
  private readonly sockets = new Set<Socket>();
  private server: http.Server | undefined;
  private port: number;

  constructor(private readonly options: FakeS3Options = {}) {
    this.latencyMs = options.latencyMs ?? 0;
    this.port = options.port ?? 0;
  }

  get endpoint(): string {
    return `${this.options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`;
  }

  get openSockets(): number {
    return this.sockets.size;
  }

  get requests(): number {
    return Object.values(this.seen).reduce((sum, count) => sum + count, 0);
  }

  async start(): Promise<this> {
    const listener: http.RequestListener = (request, response) => this.receive(request, response);
    const server = this.options.tls === undefined ? http.createServer(listener) : https.createServer(this.options.tls, listener);
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => void server.listen({ port: this.port, host: '127.0.0.1', backlog: 4096 }, resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** Dies as a killed process does: every connection breaks, the port is closed. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = new Promise<void>((resolve) => (server === undefined ? resolve() : void server.close(() => resolve())));
    for (const socket of this.sockets) socket.resetAndDestroy();
    await closed;
  }

  /** Answers a request, also one that came to another server. */
  receive(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void this.respond(request, Buffer.concat(chunks).toString('utf8'), response));
  }

  private async respond(request: http.IncomingMessage, body: string, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.endpoint);
    const call = callOf(request.method ?? '', url);
    this.seen[call.operation] += 1;
    const trusted = this.options.checkSignatures === false || (await isSigned(request, url, body));
    if (this.latencyMs > 0) await new Promise((resolve) => void setTimeout(resolve, this.latencyMs));
    const healthy = trusted ? this.healthy(call, url, request.headers, body) : { status: 403, body: errorXml('SignatureDoesNotMatch') };
    const fault = this.fault(call);
    if (fault !== undefined) {
      fault(response, healthy, call);
      return;
    }
    const shown = request.method === 'HEAD' ? '' : healthy.body;
    response.writeHead(healthy.status, { 'content-length': String(Buffer.byteLength(shown)), ...healthy.headers }).end(shown);
  }

  private healthy({ operation, bucket, key, prefix }: S3Call, url: URL, headers: http.IncomingHttpHeaders, body: string): HealthyReply {
    const objects = this.objects.buckets.get(bucket);
    if (objects === undefined) return { status: 404, body: errorXml('NoSuchBucket') };
    if (operation === 'HeadBucket') return { status: 200, body: '' };
    if (operation === 'ListObjects') {
      const maxKeys = Number(url.searchParams.get('max-keys') ?? '1000');
      const found = this.objects.page(bucket, prefix, url.searchParams.get('start-after') ?? '', maxKeys);
      const times = found.keys.map((each) => new Date(this.objects.written.get(`${bucket}/${each}`) ?? 0).toISOString());
      const sizes = found.keys.map((each) => Buffer.byteLength(objects.get(each) ?? ''));
      const page = { bucket, prefix, maxKeys, ...found, keyCount: found.keys.length, times, sizes };
      return { status: 200, body: listXml(page), page };
    }
    if (operation === 'ListVersions') {
      if (this.options.versioned !== true) return { status: 501, body: errorXml('NotImplemented') };
      const kept = [...this.objects.deleted].filter((each) => each.startsWith(`${bucket}/${prefix}`)).map((each) => each.slice(bucket.length + 1));
      return { status: 200, body: versionsXml(bucket, prefix, kept) };
    }
    const text = objects.get(key);
    if (text === undefined && operation !== 'PutObject' && this.options.versioned === true && this.objects.deleted.has(`${bucket}/${key}`))
      return { status: 404, body: errorXml('NoSuchKey'), headers: { 'x-amz-delete-marker': 'true' } };
    if (operation === 'PutObject') {
      if (text !== undefined && headers['if-none-match'] === '*' && this.options.ignoreConditions !== true)
        return { status: 412, body: errorXml('PreconditionFailed') };
      const wanted = headers['if-match'];
      if (wanted !== undefined && this.options.ignoreConditions !== true && (text === undefined || wanted !== etagOf(text)))
        return { status: 412, body: errorXml('PreconditionFailed') };
      this.objects.put(bucket, key, body);
      return { status: 200, body: '' };
    }
    if (text === undefined) return { status: 404, body: errorXml('NoSuchKey') };
    const modified = new Date(this.objects.written.get(`${bucket}/${key}`) ?? 0).toUTCString();
    return { status: 200, body: text, headers: { etag: etagOf(text), 'last-modified': modified } };
  }
}

function etagOf(text: string): string {
  return `"${createHash('md5').update(text).digest('hex')}"`;
}

function callOf(method: string, url: URL): S3Call {
  const [, bucket = '', ...rest] = url.pathname.split('/').map((part) => decodeURIComponent(part));
  const key = rest.join('/');
  const head = key === '' ? 'HeadBucket' : 'HeadObject';
  const list = url.searchParams.has('versions') ? 'ListVersions' : 'ListObjects';
  const get = key === '' ? list : 'GetObject';
  return { operation: method === 'HEAD' ? head : method === 'PUT' ? 'PutObject' : get, bucket, key, prefix: url.searchParams.get('prefix') ?? '' };
}

async function isSigned(request: http.IncomingMessage, url: URL, body: string): Promise<boolean> {
  const { authorization = '', 'x-amz-date': datetime, 'x-amz-content-sha256': sha256 } = request.headers;
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? [];
  if (typeof datetime !== 'string' || typeof sha256 !== 'string' || !names.includes('host')) return false;
  const headers = Object.fromEntries(names.filter((name) => name !== 'host').map((name) => [name, String(request.headers[name])]));
  const method = request.method ?? 'GET';
  const again = await new AwsV4Signer({
    url: url.href,
    method,
    headers,
    ...(body === '' ? {} : { body }),
    ...testCredentials,
    service: 's3',
    region: 'us-east-1',
    datetime,
    // The signed headers are given, and those only.
    allHeaders: true,
  }).sign();
  return again.headers.get('authorization') === authorization;
}
