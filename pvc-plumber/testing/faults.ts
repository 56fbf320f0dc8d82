import type { ServerResponse } from 'node:http';
import type { Operation } from '../s3/reader';
import { errorXml, listXml, type Page } from './xml';

/** A request as the fake server understood it. */
export interface S3Call {
  readonly operation: Operation;
  readonly bucket: string;
  readonly key: string;
  readonly prefix: string;
}

/** What a healthy server would answer. */
export interface HealthyReply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
  /** Only of a list. */
  readonly page?: Page;
}

/** Answers in the healthy server's place. */
export type Fault = (response: ServerResponse, healthy: HealthyReply, call: S3Call) => void;

function answer(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/xml', 'content-length': String(Buffer.byteLength(body)), ...headers });
  response.end(body);
}

/** A status, with a code where the method allows a body. */
function refuse(status: number, code: string, headers: Record<string, string> = {}): Fault {
  return (response, _healthy, call) => answer(response, status, call.operation.startsWith('Head') ? '' : errorXml(code), headers);
}

/** A list with something changed; anything else is answered well. */
function list(change: (page: Page) => Page): Fault {
  return (response, { status, body, page }) => answer(response, status, page === undefined ? body : listXml(change(page)));
}

/** The body of a list, changed as a text; anything else is answered well. */
function text(change: (body: string) => string): Fault {
  return (response, { status, body, page }) => answer(response, status, page === undefined ? body : change(body));
}

/** Writes raw HTTP, so that lengths can lie. */
function raw(message: (healthy: HealthyReply) => string, thenClose: boolean): Fault {
  return (response, healthy) => {
    const { socket } = response;
    socket?.write(message(healthy));
    if (thenClose) socket?.end();
  };
}

function head(status: number, length: number): string {
  return `HTTP/1.1 ${status} OK\r\ncontent-type: application/xml\r\ncontent-length: ${length}\r\n\r\n`;
}

/** Until the connection is gone; it may have gone already, while the server was thinking, and then nothing tells of it any more. */
function writeAgainAndAgain(response: ServerResponse, chunk: string): void {
  const timer = setInterval(() => {
    if (response.destroyed || response.socket === null) clearInterval(timer);
    else response.write(chunk);
  }, 20);
}

/** Every way to fail that the service has to survive, by the name under which the matrix prints it. */
export const faults = {
  hang: () => undefined,
  'hang after headers': (response) => void response.writeHead(200, { 'content-length': '5000' }).flushHeaders(),
  drip: (response, { status, body }) => {
    response.writeHead(status, { 'content-length': String(Math.max(Buffer.byteLength(body), 1000)) });
    writeAgainAndAgain(response, '<');
  },
  reset: (response) => void response.socket?.resetAndDestroy(),
  'closed without an answer': (response) => void response.socket?.end(),
  'no HTTP': raw(() => 'SSH-2.0-OpenSSH_9.2\r\n', true),
  '301 other region': refuse(301, 'PermanentRedirect'),
  '400': refuse(400, 'InvalidRequest'),
  '403': refuse(403, 'AccessDenied'),
  '403 clock skew': refuse(403, 'RequestTimeTooSkewed'),
  '404 NoSuchBucket': refuse(404, 'NoSuchBucket'),
  '404 NoSuchKey': refuse(404, 'NoSuchKey'),
  '404 page of a proxy': (response) => answer(response, 404, '<html><body>404 page not found</body></html>'),
  '409': refuse(409, 'OperationAborted'),
  '412': refuse(412, 'PreconditionFailed'),
  '500': refuse(500, 'InternalError'),
  '503': refuse(503, 'ServiceUnavailable'),
  '503 SlowDown': refuse(503, 'SlowDown'),
  '204': (response) => void response.writeHead(204).end(),
  'empty 200': (response) => answer(response, 200, ''),
  'login page 200': (response) => answer(response, 200, '<!DOCTYPE html><html><body><br>Please log in</body></html>'),
  'bad XML': text((body) => body.replace('</Name>', '</Nam>')),
  'XML cut off': text((body) => body.slice(0, body.indexOf('<IsTruncated>'))),
  'other XML': text(() => '<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>'),
  'body shorter than Content-Length': raw(({ status, body }) => `${head(status, Buffer.byteLength(body) + 500)}${body.slice(0, 200)}`, true),
  'whole body, but shorter than Content-Length': raw(({ status, body }) => `${head(status, Buffer.byteLength(body) + 500)}${body}`, true),
  'body longer than Content-Length': raw(({ status, body }) => `${head(status, Math.floor(Buffer.byteLength(body) / 2))}${body}`, false),
  'endless body': (response) => {
    response.writeHead(200);
    writeAgainAndAgain(response, '<!-- -->'.repeat(65_536));
  },
  'false-empty list': list((page) => ({ ...page, keys: [], keyCount: 0, truncated: false })),
  'false-empty list without KeyCount': list((page) => ({ ...page, keys: [], keyCount: undefined, truncated: false })),
  'false-empty but truncated list': list((page) => ({ ...page, keys: [], keyCount: 0, truncated: true })),
  'empty list that counts keys': list((page) => ({ ...page, keys: [], keyCount: 3 })),
  'list without KeyCount': list((page) => ({ ...page, keyCount: undefined })),
  'list of the whole bucket': list((page) => ({ ...page, prefix: '', keys: ['other/pvc/kopia.repository', 'other/pvc/p0'], keyCount: 2 })),
  'list of another prefix, empty': list((page) => ({ ...page, prefix: 'other/', keys: [], keyCount: 0 })),
  'list with the first key only': list((page) => ({ ...page, keys: page.keys.slice(0, 1), keyCount: Math.min(page.keys.length, 1) })),
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/** A redirect to another host, which would say "nothing here". */
export function redirectTo(origin: string): Fault {
  return (response, _healthy, call) => answer(response, 307, '', { location: `${origin}/${call.bucket}/${call.key}?X-Amz-Signature=test-secret` });
}
