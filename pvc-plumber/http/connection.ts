import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { maxRequestBytes, parseRequest, type Request } from './request';

export interface Reply {
  readonly status: number;
  readonly type: string;
  /** A buffer where many connections may wait for the same one. */
  readonly body: string | Buffer;
  /** Follows the body: bytes that many answers share. */
  readonly tail?: Buffer;
  /** Called once, when the answer is with the client's system, or its connection is gone. */
  readonly done?: () => void;
  /** Further header lines, each with its line break. */
  readonly headers?: string;
}

/** Answers a request. What it throws, or rejects with, ends the connection without an answer. */
export type Handler = (request: Request, client: string) => Reply | Promise<Reply>;

export interface ConnectionOptions {
  readonly handle: Handler;
  /** Runs something at the end of the turn of the event loop. */
  readonly post: (send: () => void) => void;
  /** Every answer is the last one of its connection. */
  readonly draining: () => boolean;
}

/** Time for a whole request from its first byte on, for an answer to be read, and for a last answer to be taken, in milliseconds. */
const requestMs = 5000;
const readMs = 10_000;
const lingerMs = 1000;
/** Longer than Go's client keeps an idle connection (90 s), so that never the server closes one on which a question is under way. */
const idleMs = 120_000;

const nothing = Buffer.alloc(0);

/**
 * One client's connection. It holds one question and one answer at a time, and at most {@link maxRequestBytes} that came ahead: what a client sends without reading
 * costs that much, and not the memory of the service.
 */
export class Connection {
  readonly client: string;
  /** When the client last sent a request, or took an answer. In milliseconds of `performance.now()`. */
  active = performance.now();
  private ahead: Buffer = nothing;
  private state: 'listening' | 'answering' | 'writing' | 'ending' = 'listening';
  private since = this.active;
  private halfClosed = false;
  private asked = false;
  private done: (() => void) | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly options: ConnectionOptions,
  ) {
    this.client = socket.remoteAddress ?? '';
    socket.setNoDelay(true);
    socket.on('close', () => this.ended());
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('end', () => {
      this.halfClosed = true;
      if (this.state === 'listening') this.socket.end();
    });
  }

  /** Nobody waits for an answer. */
  get idle(): boolean {
    return this.state === 'listening';
  }

  /** How much its client would lose with it: nothing was ever asked, nothing is asked now, an answer. */
  get worth(): 0 | 1 | 2 {
    return this.idle ? (this.asked ? 1 : 0) : 2;
  }

  /** Breaks the connection when the client takes too long with something. */
  sweep(now: number): void {
    const limit = { listening: this.ahead.length === 0 ? idleMs : requestMs, answering: Infinity, writing: readMs, ending: lingerMs }[this.state];
    if (now - this.since > limit) this.break();
  }

  break(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    if (this.state === 'ending') return;
    if (this.state === 'listening' && this.ahead.length === 0) {
      this.since = performance.now();
      this.read(chunk);
      return;
    }
    if (this.ahead.length + chunk.length > maxRequestBytes) {
      // A client that waits for its answer has nothing more to say.
      if (this.state === 'listening') this.read(Buffer.concat([this.ahead, chunk]));
      else this.break();
      return;
    }
    this.ahead = Buffer.concat([this.ahead, chunk]);
    if (this.state === 'listening') this.read(this.ahead);
  }

  /** Takes one request from what came; the rest waits until its answer is out. */
  private read(bytes: Buffer): void {
    const request = parseRequest(bytes);
    if (request === undefined) {
      // Copied, because a short piece of a long chunk keeps all of it.
      this.ahead = bytes === this.ahead ? bytes : Buffer.from(bytes);
      if (this.halfClosed) this.socket.end();
      return;
    }
    if (!('method' in request)) {
      this.send({ status: request.status, type: 'application/json', body: '{"error":"not understood"}' }, undefined);
      return;
    }
    const rest = bytes.length - request.length;
    if (rest > maxRequestBytes) {
      this.break();
      return;
    }
    this.ahead = rest === 0 ? nothing : Buffer.from(bytes.subarray(request.length));
    this.state = 'answering';
    this.asked = true;
    this.active = performance.now();
    try {
      const reply = this.options.handle(request, this.client);
      const post = (each: Reply): void => this.options.post(() => this.send(each, request));
      if (reply instanceof Promise) reply.then(post).catch(() => this.break());
      else post(reply);
    } catch {
      this.break();
    }
  }

  /** @param request undefined when it was not understood */
  private send({ status, type, body, tail = nothing, done, headers = '' }: Reply, request: Request | undefined): void {
    this.done = done;
    if (this.socket.destroyed) {
      this.ended();
      return;
    }
    const last = request === undefined || !request.keepAlive || request.hasBody || this.halfClosed || this.options.draining();
    const length = Buffer.byteLength(body) + tail.length;
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\ncache-control: no-store\r\ndate: ${date()}\r\n${headers}${last ? 'connection: close\r\n' : ''}\r\n`;
    this.state = last ? 'ending' : 'writing';
    this.since = performance.now();
    const shown = request?.method === 'HEAD' ? '' : body;
    if (last) this.ahead = nothing;
    const written = (): void => this.written();
    if (typeof shown === 'string') {
      this.socket.write(head + shown, written);
    } else {
      this.socket.cork();
      this.socket.write(head);
      if (tail.length > 0) this.socket.write(shown);
      this.socket.write(tail.length > 0 ? tail : shown, written);
      this.socket.uncork();
    }
  }

  /** The answer is out, or will never be. */
  private ended(): void {
    this.done?.();
    this.done = undefined;
  }

  private written(): void {
    this.ended();
    if (this.socket.destroyed) return;
    this.since = this.active = performance.now();
    if (this.state === 'ending') {
      this.socket.end();
      return;
    }
    this.state = 'listening';
    if (this.ahead.length > 0) this.read(this.ahead);
    else if (this.halfClosed) this.socket.end();
  }
}

let dateText = '';
let dateUntil = 0;

/** The header's value, made once a second. */
function date(): string {
  const now = Date.now();
  if (now >= dateUntil) {
    dateText = new Date(now).toUTCString();
    dateUntil = now + 1000;
  }
  return dateText;
}
