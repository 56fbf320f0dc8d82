/**
 * Why a request to S3 proved nothing.
 *
 * - `timeout`: the budget ran out, in the queue or on the wire
 * - `credentials`: there are none yet, or they were refused
 * - `address`: nothing usable at that address: not reachable, redirected, TLS, bucket missing, another store
 * - `server`: an S3 server answered that it can't answer now
 * - `odd`: an answer that no S3 server should give, or answers that contradict each other
 */
export type FailureKind = 'timeout' | 'credentials' | 'address' | 'server' | 'odd';

/** A request that proved nothing. Its message is shown to people and says what to do; it never holds headers, bodies or secrets. */
export class S3Failure extends Error {
  override readonly name = 'S3Failure';

  /**
   * @param retry whether the same request may succeed a moment later
   * @param vague a status alone, without the server's word for it: HEAD has no body
   */
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly retry = false,
    readonly vague = false,
  ) {
    super(message);
  }
}

/** What is needed to name the store in a message. */
export interface StoreAddress {
  readonly endpoint: string;
  readonly bucket: string;
}

/** Codes of Node's TLS layer that mean "this certificate is not trusted", https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes */
const untrusted =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_\w+|INVALID_CA|ERR_TLS_\w+)$/;

/** A failure below HTTP: name resolution, connecting, TLS, a connection that broke. */
export function fromSocketError(error: NodeJS.ErrnoException, { endpoint }: StoreAddress): S3Failure {
  const code = error.code ?? error.name;
  if (untrusted.test(code))
    return new S3Failure(
      'address',
      `${endpoint} has a TLS certificate that is not trusted (${code}): name its authority in NODE_EXTRA_CA_CERTS, or correct the endpoint`,
    );
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return new S3Failure('address', `${endpoint} does not speak TLS as expected (${code}): is it http:// instead of https://?`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new S3Failure('address', `the host of ${endpoint} can't be resolved (${code})`);
  if (code === 'ECONNRESET' || code === 'EPIPE') return new S3Failure('server', `${endpoint} broke the connection (${code})`, true);
  if (code.startsWith('HPE_'))
    return new S3Failure('odd', `${endpoint} does not speak proper HTTP (${code}): is it https:// instead of http://, or not an S3 server?`);
  return new S3Failure('address', `${endpoint} can't be reached (${code})`);
}

/** A status that is not the one hoped for. `code` is S3's error code, where the answer had a body with one. */
export function fromStatus(status: number, code: string | undefined, location: string | undefined, { endpoint, bucket }: StoreAddress): S3Failure {
  const said = code === undefined ? `${status}` : `${status} ${code}`;
  if (code === 'NoSuchBucket') return noSuchBucket({ endpoint, bucket });
  if (code === 'RequestTimeTooSkewed')
    return new S3Failure('credentials', `${endpoint} refused the time of the request (${said}): the clock of this node or of the S3 server is wrong`);
  if (status === 401 || status === 403)
    return new S3Failure('credentials', `credentials were refused by ${endpoint} for bucket ${bucket} (${said})`, false, code === undefined);
  if (status >= 300 && status < 400) {
    return new S3Failure(
      'address',
      `${endpoint} redirected${location === undefined ? '' : ` to ${location}`} (${said}), which is not followed: correct the endpoint or the region`,
    );
  }
  if (status === 503 || status === 429 || code === 'SlowDown')
    return new S3Failure('server', `${endpoint} is overloaded or not ready (${said})`, true);
  if (status >= 500) return new S3Failure('server', `${endpoint} failed (${said})`, true);
  return new S3Failure('odd', `${endpoint} answered ${said}, which proves nothing`, false, code === undefined);
}

export function noSuchBucket({ endpoint, bucket }: StoreAddress): S3Failure {
  return new S3Failure('address', `bucket ${bucket} does not exist on ${endpoint}`);
}

/** The way out is the same whoever says that there was something. */
export function wasDeleted(what: string, { endpoint, bucket }: StoreAddress): S3Failure {
  return new S3Failure(
    'odd',
    `${what} was deleted from bucket ${bucket} on ${endpoint}, which keeps older versions: bring them back, or remove them for good when nothing is needed`,
  );
}
