import type { Config } from './config';
import { CredentialsDirectory } from './credentials';
import { Deadline } from './deadline';
import { S3Client } from './s3/client';
import type { StoreAddress } from './s3/failure';
import { RequestLimit } from './s3/request-limit';
import { Transport } from './s3/transport';

/** How long a whole command may take, in milliseconds. */
export const patienceMs = 20_000;

/** Opens the store for one command of a person, and closes it again. */
export async function withStore<T>(
  { endpoint, bucket, region, credentialsDir }: Config,
  work: (client: S3Client, store: StoreAddress, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const store = { endpoint, bucket };
  const credentials = new CredentialsDirectory(credentialsDir, store);
  const transport = new Transport(store, 2, () => undefined);
  const client = new S3Client({ store, region, transport, credentials: () => credentials.read(), limit: new RequestLimit(2) });
  const deadline = Deadline.in(patienceMs, endpoint);
  try {
    return await work(client, store, deadline.signal);
  } finally {
    deadline.clear();
    transport.close();
  }
}
