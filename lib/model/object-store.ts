import { isDnsSubdomain } from './kubernetes-name';
import { InputError } from './problems';

/** Where the backups lie: an S3 endpoint and a bucket, in the two spellings that the programs want. */
export class ObjectStore {
  /**
   * @param endpoint `http://host[:port]` or `https://host[:port]`; anything more is refused by {@link endpointProblem}
   * @param bucket S3 bucket name, see {@link bucketProblem}
   * @throws InputError that names the value and the fix
   */
  static of(endpoint: string, bucket: string): ObjectStore {
    const problem = endpointProblem(endpoint) ?? bucketProblem(bucket);
    if (problem !== undefined) throw new InputError(problem);
    return new ObjectStore(endpoint, bucket);
  }

  private constructor(
    /** With scheme, for HTTP clients and for people. */
    readonly endpoint: string,
    readonly bucket: string,
  ) {}

  /** Without scheme. Kopia wants it bare: VolSync's mover strips a scheme, but `http://` alone does not turn TLS off. */
  get host(): string {
    return this.endpoint.replace(/^https?:\/\//, '');
  }

  /** TCP port, also where the endpoint names none. */
  get port(): number {
    return Number(new URL(this.endpoint).port || (this.tls ? 443 : 80));
  }

  get tls(): boolean {
    return this.endpoint.startsWith('https://');
  }

  /** `s3://bucket/prefix`: VolSync's mover reads the prefix only from here (`KOPIA_REPOSITORY`) and adds the trailing slash. */
  repositoryUrl(prefix: string): string {
    return `s3://${this.bucket}/${prefix}`;
  }
}

/** Says what is wrong with an S3 endpoint, or undefined. A path or a trailing slash breaks the mover, which strips only the scheme. */
export function endpointProblem(endpoint: string): string | undefined {
  return serverUrlProblem(endpoint, {
    credentials: 'the endpoint holds credentials: take them out, they come from 1Password',
    path: 'the bucket is a value of its own',
  });
}

/** Says what is wrong with the URL of a 1Password Connect server, or undefined. */
export function connectHostProblem(url: string): string | undefined {
  return serverUrlProblem(url, {
    credentials: 'the URL holds credentials: take them out, the token comes from a Secret',
    path: 'Connect is asked below its root',
  });
}

/**
 * Says what is wrong with `http(s)://host[:port]`, or undefined. Node reads an odd spelling its own way (`10.1` is 10.0.0.1, `/..` is nothing, a space at the
 * end is dropped), Go, in which Kopia and External Secrets are written, does not; so only what both leave as it is is taken.
 */
function serverUrlProblem(value: string, words: { readonly credentials: string; readonly path: string }): string | undefined {
  const want = 'write it as http://host:port or https://host:port';
  // Before anything that shows the value.
  if (value.includes('@')) return `${words.credentials}; ${want}`;
  const shown = JSON.stringify(value);
  if (hasBlanks(value)) return `${shown} holds white space or a control character: remove it; ${want}`;
  const [, scheme, rest] = /^(https?):\/\/(.*)$/.exec(value) ?? [];
  if (scheme === undefined || rest === undefined) return `${shown} has no http:// or https:// in front: ${want}`;
  if (/^[^/?#\\]+\/$/.test(rest)) return `${shown} ends with a slash: ${want}`;
  if (/[/?#\\]/.test(rest)) return `${shown} has more than scheme, host and port: ${want}; ${words.path}`;
  return hostPortProblem(value, rest, want);
}

function hostPortProblem(value: string, rest: string, want: string): string | undefined {
  const shown = JSON.stringify(value);
  const [, host, , port] = /^(\[[^\]]*\]|[^:]*)(:(.*))?$/.exec(rest) ?? [];
  if (port !== undefined && (!/^[1-9]\d*$/.test(port) || Number(port) > 65_535)) {
    return /^\d+$/.test(port) ? `${shown} has no port from 1 to 65535 (without zeros in front): ${want}` : `${shown} is not a URL: ${want}`;
  }
  if (!URL.canParse(value)) return `${shown} is not a URL: ${want}`;
  const { hostname } = new URL(value);
  if (hostname !== host) return `${shown} is read as ${hostname} by one program, and as it stands by another: write the host as ${hostname}`;
  // Some home networks have names with underscores; both programs take them.
  if (!isIp(hostname) && !isDnsSubdomain(hostname.replaceAll('_', '-')))
    return `${shown} has a host that is neither a DNS name nor an address: ${want}`;
  // Kopia's library refuses it.
  if (/\.amazonaws\.com(\.cn)?$/.test(hostname) && !/^s3[.-]/.test(hostname)) {
    return `${shown} is not an S3 endpoint of AWS: write that of the region, https://s3.<region>.amazonaws.com; the bucket is a value of its own`;
  }
  return undefined;
}

/** Whether a text holds white space or control characters, which no URL, name or region has. */
export function hasBlanks(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202f\ufeff]/u.test(text);
}

/** Whether a host, as a URL has it, is an address. */
function isIp(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Says why no Pod reaches a server there, or undefined. Not asked by pvc-plumber, which a person may also start beside a store. */
export function loopbackProblem(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  const own = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[::ffff:(7f[0-9a-f]{2}:[0-9a-f]+|0:0)\])$/.test(hostname);
  return own ? `"${url}" is the Pod itself, wherever it is used: write the address of the server` : undefined;
}

/** Whether an endpoint is a Service of the cluster itself, by the name that every cluster gives to it. */
export function isService(endpoint: string): boolean {
  return URL.canParse(endpoint) && /\.svc(\.[a-z0-9.-]+)?$/.test(new URL(endpoint).hostname);
}

/** Says what is wrong with a bucket name, or undefined. Rules of S3. */
export function bucketProblem(bucket: string): string | undefined {
  const shown = JSON.stringify(bucket);
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    return `${shown} is not a bucket name: 3 to 63 lower-case letters, digits, dashes and dots, without a path`;
  }
  if (/\.[.-]|-\./.test(bucket)) return `${shown} is not a bucket name: no dot beside a dot or a dash`;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(bucket)) return `${shown} is not a bucket name: it looks like an address`;
  return undefined;
}

/** Says what is wrong with an S3 region, or undefined. It goes into each signature. */
export function regionProblem(region: string): string | undefined {
  return /^[a-z0-9-]{1,40}$/.test(region)
    ? undefined
    : `${JSON.stringify(region)} is not a region: write it like us-east-1, in 1 to 40 lower-case letters, digits and dashes`;
}

/** What a store id may look like. Generated ones are UUIDs. */
export const storeIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Says what is wrong with a store's identity, or undefined. */
export function storeIdProblem(id: string): string | undefined {
  return storeIdPattern.test(id)
    ? undefined
    : `${JSON.stringify(id)} is not an id: letters, digits, dots and dashes; take the one that \`npm run plumber -- identify\` printed`;
}

/** Key of the marker object at the bucket's root; it holds the store's identity. */
export const storeMarkerKey = 'zero-touch-pvc-store.json';

/** Key of the object at the bucket's root that says which cluster uses the store. */
export const storeLeaseKey = 'zero-touch-pvc-lease.json';
