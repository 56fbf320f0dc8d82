import type { Listing, ListQuery } from './listing';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export type Operation = 'HeadObject' | 'ListObjects' | 'ListVersions' | 'HeadBucket' | 'GetObject' | 'PutObject';

/** What the service asks of S3. Everything but a clear answer is an {@link S3Failure}. */
export interface ObjectReader {
  /** Is there an object of that key? A missing bucket also says no: HEAD has no body that could tell the two apart. */
  has(key: string, signal: AbortSignal): Promise<boolean>;
  list(query: ListQuery, signal: AbortSignal): Promise<Listing>;
  /** Some keys below a prefix that the server keeps older versions or delete markers of; undefined where it does not tell. */
  versions(prefix: string, signal: AbortSignal): Promise<readonly string[] | undefined>;
  /** @throws S3Failure unless the bucket is there and may be read */
  expectBucket(signal: AbortSignal): Promise<void>;
  /** The object's text, or undefined when there is none. */
  read(key: string, signal: AbortSignal): Promise<string | undefined>;
}

/** An object with what the server says about it. */
export interface ReadObject {
  readonly text: string;
  readonly etag: string | undefined;
  /** Time since it was written, by the clock of the server, in milliseconds; 0 where the server does not say. */
  readonly ageMs: number;
}

/** What a lease needs of a store. */
export interface LeaseStore {
  /** @returns undefined when there is none */
  readObject(key: string, signal: AbortSignal): Promise<ReadObject | undefined>;
  /**
   * Writes an object if it is still as it was read. @param before what was read, `absent` where there was none, undefined: whatever is there
   * @returns false when it is another one by now
   */
  write(key: string, body: string, before: ReadObject | 'absent' | undefined, signal: AbortSignal): Promise<boolean>;
}
