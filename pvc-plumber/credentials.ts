import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Credentials } from './s3/reader';
import { S3Failure, type StoreAddress } from './s3/failure';

/** How long what was read is used before the files are looked at again, in milliseconds. */
const rereadMs = 1000;

/**
 * The mounted Secret: files `access-key-id`, `secret-access-key`, `endpoint`, `bucket`. It may come late and change at any time.
 *
 * `endpoint` and `bucket` are optional. They are what the movers get from the password store; where they differ from the site's values the
 * service would look into one store while backups go to another, so nothing is asked at all.
 */
export class CredentialsDirectory {
  private readAt = Number.NEGATIVE_INFINITY;
  private text = '';
  private current: Credentials | S3Failure = new S3Failure('credentials', 'the credentials were not read yet');

  /**
   * @param directory where the Secret is mounted
   * @param store the site's values
   * @param changed called when other credentials came, or they came or went
   */
  constructor(
    private readonly directory: string,
    private readonly store: StoreAddress,
    private readonly changed: () => void = () => undefined,
  ) {}

  /** @throws S3Failure with what is missing or contradictory */
  read(): Credentials {
    const now = performance.now();
    if (now - this.readAt >= rereadMs) {
      this.readAt = now;
      this.refresh();
    }
    if (this.current instanceof S3Failure) throw this.current;
    return this.current;
  }

  private refresh(): void {
    const files = this.files();
    const text = JSON.stringify(files);
    if (text === this.text) return;
    this.text = text;
    this.current = this.interpret(files);
    this.changed();
  }

  private files(): Record<string, string | undefined> {
    // kubelet swaps the link `..data` as a whole: resolved once, all files are of one version.
    const link = join(this.directory, '..data');
    try {
      const folder = existsSync(link) ? realpathSync(link) : this.directory;
      return Object.fromEntries(['access-key-id', 'secret-access-key', 'endpoint', 'bucket'].map((name) => [name, readText(join(folder, name))]));
    } catch {
      return {};
    }
  }

  private interpret(files: Record<string, string | undefined>): Credentials | S3Failure {
    const { endpoint, bucket, 'access-key-id': accessKeyId, 'secret-access-key': secretAccessKey } = files;
    const missing = ['access-key-id', 'secret-access-key'].filter((name) => (files[name] ?? '') === '');
    if (endpoint !== undefined && !sameEndpoint(endpoint, this.store.endpoint)) return this.mismatch('endpoint', endpoint, this.store.endpoint);
    if (bucket !== undefined && bucket !== this.store.bucket) return this.mismatch('bucket', bucket, this.store.bucket);
    if (accessKeyId === undefined || secretAccessKey === undefined || missing.length > 0) {
      return new S3Failure('credentials', `no credentials yet: ${missing.map((name) => join(this.directory, name)).join(' and ')} missing or empty`);
    }
    // A key with a line break would end up in a header.
    if (!/^[\x21-\x7e]+$/.test(accessKeyId))
      return new S3Failure('credentials', `${join(this.directory, 'access-key-id')} is not an access key: it holds blanks or line breaks`);
    return { accessKeyId, secretAccessKey };
  }

  private mismatch(what: string, secret: string, site: string): S3Failure {
    return new S3Failure(
      'address',
      `the ${what} in the Secret is "${shown(secret)}", but the site's is "${site}": backups may go elsewhere; make them equal`,
    );
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function sameEndpoint(a: string, b: string): boolean {
  if (a === b) return true;
  return URL.canParse(a) && URL.canParse(b) && a.replace(/\/$/, '') === new URL(a).origin && new URL(a).origin === new URL(b).origin;
}

/** A value that may have come into the wrong file: short, and without what might be a password in a URL. */
function shown(value: string): string {
  return value.replace(/\/\/[^/@]*@/, '//***@').slice(0, 120);
}
