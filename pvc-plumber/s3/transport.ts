import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { fromSocketError, S3Failure, type StoreAddress } from './failure';

export interface Request {
  readonly method: string;
  /** With query, as it was signed. */
  readonly path: string;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: string | undefined;
  /** Longest answer that is read; a longer one is a failure. */
  readonly maxBytes: number;
  /** On a connection of its own, which may end at another server than those before. @default false */
  readonly anew?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly location?: string;
  /** The server says that the object was there, and that it keeps it as an older version. */
  readonly deleted: boolean;
  readonly body: string;
  readonly etag?: string;
  /** Time since the object was written, by the clock of the server, in milliseconds; absent where the server does not say. */
  readonly ageMs?: number;
}

/** TCP probes on connections begin after this time, in milliseconds, so that a silent loss of an idle one is noticed before it is used. */
const probeMs = 10_000;

/** HTTP below the signing: reused connections, no redirects, a bound on the body, and an abort that really ends the connection. */
export class Transport {
  private readonly agent: http.Agent;
  private readonly onceAgent: http.Agent;
  /** Host with port, as it stands in the header that is signed. */
  readonly host: string;
  private readonly target: http.RequestOptions;
  private readonly request: typeof http.request;
  private readonly watched = new WeakSet<Socket>();

  /**
   * @param connections most connections at once
   * @param lost called when the server ends a connection, idle or not: the first sign of a server that dies
   */
  constructor(
    private readonly store: StoreAddress,
    connections: number,
    private readonly lost: () => void,
  ) {
    const url = new URL(store.endpoint);
    const secure = url.protocol === 'https:';
    const Agent = secure ? https.Agent : http.Agent;
    const keep = { keepAlive: true, maxFreeSockets: connections, scheduling: 'lifo', keepAliveMsecs: probeMs } as const;
    this.agent = new Agent({ ...keep, maxSockets: connections });
    this.onceAgent = new Agent({ keepAlive: false, maxSockets: connections });
    this.request = secure ? https.request : http.request;
    this.host = url.host;
    this.target = { hostname: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? (secure ? 443 : 80) : url.port };
  }

  /** @throws S3Failure for anything but a complete HTTP answer, or the signal's reason */
  send({ method, path, headers, body, maxBytes, anew = false }: Request, signal: AbortSignal): Promise<Reply> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      let size = 0;
      const fail = (error: NodeJS.ErrnoException): void => {
        if (signal.aborted) reject(signal.reason as Error);
        else if (size > maxBytes) reject(new S3Failure('odd', `${this.store.endpoint} answered with more than ${maxBytes} bytes`));
        else reject(fromSocketError(error, this.store));
      };
      // `request` follows no redirect by itself.
      const request = this.request({ ...this.target, agent: anew ? this.onceAgent : this.agent, method, path, headers });
      // Ends the connection, also one that is still being made. Node's own `signal` option does the same with five times the listeners.
      const stop = (): void => void request.destroy();
      signal.addEventListener('abort', stop, { once: true });
      request.on('close', () => signal.removeEventListener('abort', stop));
      request.on('error', fail);
      if (!anew) request.on('socket', (socket) => this.watch(socket));
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= maxBytes) chunks.push(chunk);
          else request.destroy();
        });
        response.on('error', fail);
        response.on('close', () => {
          if (response.complete && size <= maxBytes) resolve(reply(response, chunks));
          else fail(Object.assign(new Error('cut off'), { code: 'ECONNRESET' }));
        });
      });
      request.end(body);
    });
  }

  private watch(socket: Socket): void {
    if (this.watched.has(socket)) return;
    this.watched.add(socket);
    socket.on('end', this.lost);
    socket.on('error', this.lost);
  }

  close(): void {
    this.agent.destroy();
    this.onceAgent.destroy();
  }
}

function reply(response: http.IncomingMessage, chunks: readonly Buffer[]): Reply {
  const location = originOf(response.headers.location);
  const deleted = response.headers['x-amz-delete-marker'] === 'true';
  const { etag, date, 'last-modified': modified } = response.headers;
  const ageMs = Date.parse(date ?? '') - Date.parse(modified ?? '');
  return {
    status: response.statusCode ?? 0,
    deleted,
    body: Buffer.concat(chunks).toString('utf8'),
    location,
    etag,
    ...(Number.isNaN(ageMs) ? {} : { ageMs }),
  };
}

/** Only the origin of a redirect is kept: its query may hold a signature. */
function originOf(location: string | undefined): string | undefined {
  return location !== undefined && URL.canParse(location) ? new URL(location).origin : undefined;
}
