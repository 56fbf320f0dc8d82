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

/** Says what is wrong with an endpoint, or undefined. A path or a trailing slash breaks the mover, which strips only the scheme. */
export function endpointProblem(endpoint: string): string | undefined {
  const want = 'write it as http://host:port or https://host:port';
  if (!/^https?:\/\//.test(endpoint)) return `"${endpoint}" has no http:// or https:// in front: ${want}`;
  if (!URL.canParse(endpoint)) return `"${endpoint}" is not a URL: ${want}`;
  const url = new URL(endpoint);
  if (url.username !== '' || url.password !== '') return `the endpoint holds credentials: take them out, they come from 1Password; ${want}`;
  if (endpoint.endsWith('/')) return `"${endpoint}" ends with a slash: ${want}`;
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    return `"${endpoint}" has more than scheme, host and port: ${want}; the bucket is a value of its own`;
  return undefined;
}

/** Says what is wrong with a bucket name, or undefined. Rules of S3, less the dots that break TLS host names. */
export function bucketProblem(bucket: string): string | undefined {
  if (/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)) return undefined;
  return `"${bucket}" is no bucket name: 3 to 63 lower-case letters, digits and dashes, without a path`;
}
