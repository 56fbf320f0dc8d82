import type { ObjectReader } from '../s3/reader';
import { S3Failure } from '../s3/failure';
import type { Listing, ListQuery } from '../s3/listing';
import type { ObjectStoreModel } from './store';

/** The objects of a model, read without HTTP: for tests with thousands of layouts. Subclasses lie. */
export class ModelReader implements ObjectReader {
  constructor(
    protected readonly objects: ObjectStoreModel,
    protected readonly bucket: string,
  ) {}

  has(key: string, _signal: AbortSignal): Promise<boolean> {
    return Promise.resolve(this.objects.bucket(this.bucket).has(key));
  }

  list({ prefix, startAfter = '', maxKeys }: ListQuery, _signal: AbortSignal): Promise<Listing> {
    return Promise.resolve(this.objects.page(this.bucket, prefix, startAfter, maxKeys));
  }

  versions(_prefix: string, _signal: AbortSignal): Promise<readonly string[] | undefined> {
    return Promise.resolve(undefined);
  }

  expectBucket(_signal: AbortSignal): Promise<void> {
    return this.objects.buckets.has(this.bucket) ? Promise.resolve() : Promise.reject(new S3Failure('address', 'no bucket'));
  }

  read(key: string, _signal: AbortSignal): Promise<string | undefined> {
    return Promise.resolve(this.objects.bucket(this.bucket).get(key));
  }
}
