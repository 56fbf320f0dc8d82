/** What a client asked, as far as it matters here. */
export interface Request {
  readonly method: string;
  /** As it was sent: nothing is decoded. */
  readonly target: string;
  /** The client wants to ask again on the same connection. */
  readonly keepAlive: boolean;
  /** A body follows, which nobody reads: nothing behind this request can be understood. */
  readonly hasBody: boolean;
  /** Bytes that it took. */
  readonly length: number;
}

/** Not understood, or too much. The connection ends with it. */
export interface Refusal {
  readonly status: 400 | 431;
}

/** Longest request that is read, in bytes. Kyverno's has a token of some 1,500. */
export const maxRequestBytes = 8192;

const requestLine = /^([A-Z]{1,16}) ([\x21-\x7e]+) HTTP\/1\.([01])$/;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)$/;
const endOfHead = Buffer.from('\r\n\r\n');

/**
 * Reads one request of HTTP/1.0 or 1.1 from the start of `bytes`. Strict: what two programs could read in two ways is refused.
 *
 * @returns undefined as long as its end has not come
 */
export function parseRequest(bytes: Buffer): Request | Refusal | undefined {
  const end = bytes.subarray(0, maxRequestBytes).indexOf(endOfHead);
  if (end < 0) return bytes.length >= maxRequestBytes ? { status: 431 } : undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const [, method, target, minor] = requestLine.exec(first) ?? [];
  if (method === undefined || target === undefined) return { status: 400 };
  let keepAlive = minor === '1';
  let hosts = 0;
  let hasBody = false;
  for (const line of lines) {
    const [, name, value] = headerLine.exec(line) ?? [];
    if (name === undefined || value === undefined) return { status: 400 };
    switch (name.toLowerCase()) {
      case 'host':
        hosts += 1;
        break;
      case 'connection':
        if (/(^|,)[ \t]*close[ \t]*(,|$)/i.test(value)) keepAlive = false;
        break;
      case 'content-length':
        hasBody ||= value.trim() !== '0';
        break;
      case 'transfer-encoding':
        hasBody = true;
        break;
      default:
    }
  }
  if (hosts > 1 || (minor === '1' && hosts === 0)) return { status: 400 };
  return { method, target, keepAlive, hasBody, length: end + endOfHead.length };
}
