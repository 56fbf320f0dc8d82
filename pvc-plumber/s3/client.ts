import type { OutgoingHttpHeaders } from 'node:http';
import { sign } from 'aws4';
import { pause } from '../deadline';
import { fromStatus, noSuchBucket, S3Failure, type StoreAddress, wasDeleted } from './failure';
import { type Listing, type ListQuery, parseErrorCode, parseListing, parseVersions } from './listing';
import type { Credentials, LeaseStore, ObjectReader, Operation, ReadObject } from './reader';
import type { Room } from './request-limit';
import type { Reply, Transport } from './transport';

export interface ClientOptions {
  readonly store: StoreAddress;
  readonly region: string;
  /** @throws S3Failure while there are none */
  readonly credentials: () => Credentials;
  readonly transport: Transport;
  readonly limit: Room;
  /** Each request goes over a connection of its own. @default false */
  readonly anew?: boolean;
  /** Told of each request that was sent. `outcome` is the status, or the kind of failure. */
  readonly observe?: (operation: Operation, outcome: string, seconds: number) => void;
}

/** A page of 1,000 keys of 1,024 bytes stays below it; a page of a healthy store has a tenth. */
const maxListBytes = 2 << 20;
const maxObjectBytes = 64 << 10;

/** Pauses before the second and third try, in milliseconds. Short: they come out of the budget of one answer. */
const retryPauses = [40, 160];

interface Call {
  readonly operation: Operation;
  readonly method: 'GET' | 'HEAD' | 'PUT';
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maxBytes?: number;
}

/**
 * Six signed requests of S3, in path style (`http://host/bucket/key`), which servers without wildcard DNS need.
 *
 * It is ours because the SDKs hide what an answer proves (they retry, follow redirects and repair lists), and add a megabyte to a program that lies in a
 * ConfigMap. Signing is aws4's: synchronous, where WebCrypto's detour over the thread pool costs more than the whole request.
 */
export class S3Client implements ObjectReader, LeaseStore {
  private readonly base: string;

  constructor(private readonly options: ClientOptions) {
    this.base = `/${options.store.bucket}`;
  }

  /** The same client, whose requests wait elsewhere. */
  within(limit: Room): S3Client {
    return new S3Client({ ...this.options, limit });
  }

  /** The same client, each of whose requests may be answered by another server than the one before. */
  anew(): S3Client {
    return new S3Client({ ...this.options, anew: true });
  }

  async has(key: string, signal: AbortSignal): Promise<boolean> {
    const reply = await this.call({ operation: 'HeadObject', method: 'HEAD', key }, signal);
    if (reply.status === 200) return true;
    if (reply.status === 404 && reply.deleted) throw wasDeleted(key, this.options.store);
    if (reply.status === 404) return false;
    throw this.failure(reply);
  }

  async list(query: ListQuery, signal: AbortSignal): Promise<Listing> {
    const parameters = {
      'list-type': '2',
      'max-keys': String(query.maxKeys),
      prefix: query.prefix,
      ...(query.startAfter === undefined ? {} : { 'start-after': query.startAfter }),
    };
    const reply = await this.call({ operation: 'ListObjects', method: 'GET', query: parameters, maxBytes: maxListBytes }, signal);
    if (reply.status !== 200) throw this.failure(reply);
    return parseListing(reply.body, query, this.options.store);
  }

  async versions(prefix: string, signal: AbortSignal): Promise<readonly string[] | undefined> {
    const query = { versions: '', 'max-keys': '10', prefix };
    const reply = await this.call({ operation: 'ListVersions', method: 'GET', query, maxBytes: maxListBytes }, signal);
    if (reply.status === 200) return parseVersions(reply.body, prefix, this.options.store);
    // Servers that keep none, and keys that may not ask.
    if (reply.status === 501 || (reply.status >= 400 && reply.status < 500 && reply.status !== 429)) return undefined;
    throw this.failure(reply);
  }

  async expectBucket(signal: AbortSignal): Promise<void> {
    const reply = await this.call({ operation: 'HeadBucket', method: 'HEAD' }, signal);
    if (reply.status === 404) throw noSuchBucket(this.options.store);
    if (reply.status !== 200) throw this.failure(reply);
  }

  async read(key: string, signal: AbortSignal): Promise<string | undefined> {
    return (await this.readObject(key, signal))?.text;
  }

  async readObject(key: string, signal: AbortSignal): Promise<ReadObject | undefined> {
    const reply = await this.call({ operation: 'GetObject', method: 'GET', key, maxBytes: maxObjectBytes }, signal);
    if (reply.status === 200) return { text: reply.body, etag: reply.etag, ageMs: reply.ageMs ?? 0 };
    if (reply.status === 404 && parseErrorCode(reply.body) === 'NoSuchKey') return undefined;
    throw this.failure(reply);
  }

  async write(key: string, body: string, before: ReadObject | 'absent' | undefined, signal: AbortSignal): Promise<boolean> {
    const condition: Record<string, string> =
      before === 'absent' ? { 'if-none-match': '*' } : before?.etag === undefined ? {} : { 'if-match': before.etag };
    const put = (headers: Readonly<Record<string, string>>): Promise<Reply> =>
      this.call({ operation: 'PutObject', method: 'PUT', key, headers: { 'content-type': 'application/json', ...headers }, body }, signal);
    let reply = await put(condition);
    // A server that does not know conditions: who writes last holds the lease, and who reads it afterwards sees that.
    if (reply.status === 501 || (reply.status === 400 && Object.keys(condition).length > 0)) reply = await put({});
    if (reply.status === 200) return true;
    if (reply.status === 412 || reply.status === 409) return false;
    throw this.failure(reply);
  }

  /**
   * Writes an object where none is: `If-None-Match: *`.
   *
   * @returns false when there is one
   */
  async create(key: string, body: string, signal: AbortSignal): Promise<boolean> {
    const headers = { 'if-none-match': '*', 'content-type': 'application/json' };
    const reply = await this.call({ operation: 'PutObject', method: 'PUT', key, headers, body }, signal);
    if (reply.status === 200) return true;
    if (reply.status === 412) return false;
    throw this.failure(reply);
  }

  private failure({ status, body, location }: Reply): S3Failure {
    return fromStatus(status, parseErrorCode(body), location, this.options.store);
  }

  /** Sends a call, again when the failure may pass. Only what is safe to repeat is: a PUT is sent once. */
  private async call(call: Call, signal: AbortSignal): Promise<Reply> {
    for (let attempt = 0; ; attempt += 1) {
      const wait = call.method === 'PUT' ? undefined : retryPauses[attempt];
      const outcome = await this.options.limit.run(() => this.once(call, signal), signal).catch(asRetry(wait));
      if (!(outcome instanceof S3Failure)) {
        const passing = outcome.status >= 500 && outcome.status !== 501;
        if (!passing || wait === undefined) return outcome;
      }
      await pause((wait ?? 0) * (0.75 + Math.random() / 2), signal);
    }
  }

  private async once(call: Call, signal: AbortSignal): Promise<Reply> {
    const started = performance.now();
    const observe = (outcome: string): void => this.options.observe?.(call.operation, outcome, (performance.now() - started) / 1000);
    try {
      const { path, headers } = this.sign(call);
      const reply = await this.options.transport.send(
        { method: call.method, path, headers, body: call.body, maxBytes: call.maxBytes ?? maxObjectBytes, anew: this.options.anew === true },
        signal,
      );
      observe(String(reply.status));
      return reply;
    } catch (error) {
      observe(error instanceof S3Failure ? error.kind : 'error');
      throw error;
    }
  }

  private sign({ method, key, query, headers, body }: Call): { path: string; headers: OutgoingHttpHeaders } {
    const { host } = this.options.transport;
    const parameters = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    const path = `${key === undefined ? this.base || '/' : `${this.base}/${key}`}${parameters}`;
    const { accessKeyId, secretAccessKey } = this.options.credentials();
    const request = {
      service: 's3',
      region: this.options.region,
      method,
      host,
      path,
      headers: { ...headers },
      body,
    };
    const signed = sign(request, { accessKeyId, secretAccessKey });
    return { path: signed.path ?? path, headers: signed.headers ?? {} };
  }
}

/** Hands a failure that may pass back as a value while there is a try left; throws any other. */
function asRetry(wait: number | undefined): (error: unknown) => S3Failure {
  return (error) => {
    if (error instanceof S3Failure && error.retry && wait !== undefined) return error;
    throw error;
  };
}
