import { randomUUID } from 'node:crypto';
import { storeMarkerKey } from '../lib/model/naming';
import type { Config } from './config';
import { CredentialsDirectory } from './credentials';
import { Deadline } from './deadline';
import { S3Client } from './s3/client';
import { RequestLimit } from './s3/request-limit';
import { Transport } from './s3/transport';
import { markerId } from './store-proof';

/** How long the whole command may take, in milliseconds. */
const patienceMs = 20_000;

/**
 * Gives a store its identity: writes the marker object where none is. It never overwrites one, not even in a race: it looks first, writes
 * with `If-None-Match: *`, and reads back what then stands there.
 *
 * @returns the new id
 * @throws Error that says what to do when there is a marker, or the store can't be asked
 */
export async function identify(config: Config): Promise<string> {
  const { endpoint, bucket, region } = config;
  const store = { endpoint, bucket };
  const credentials = new CredentialsDirectory(config.credentialsDir, store);
  const transport = new Transport(store, 2, () => undefined);
  const client = new S3Client({ store, region, transport, credentials: () => credentials.read(), limit: new RequestLimit(2) });
  const deadline = Deadline.in(patienceMs, endpoint);
  try {
    await client.expectBucket(deadline.signal);
    const existing = await client.read(storeMarkerKey, deadline.signal);
    if (existing !== undefined) throw new Error(refusal(bucket, existing));
    const storeId = randomUUID();
    const text = `${JSON.stringify({ storeId, createdAt: new Date().toISOString(), createdBy: 'zero-touch-pvc identify' }, undefined, 2)}\n`;
    const created = await client.create(storeMarkerKey, text, deadline.signal);
    const written = await client.read(storeMarkerKey, deadline.signal);
    if (!created || written !== text) throw new Error(refusal(bucket, written ?? ''));
    return storeId;
  } finally {
    deadline.clear();
    transport.close();
  }
}

/** The line for `main.ts`. */
export function siteLine(storeId: string): string {
  return `storeId: '${storeId}',`;
}

function refusal(bucket: string, marker: string): string {
  const id = markerId(marker);
  const has = `bucket ${bucket} has a marker already (${storeMarkerKey})`;
  if (id === undefined) return `${has}, but it can't be read: look at it by hand; it is not overwritten`;
  return `${has}; it is not overwritten. If this is the store of your backups, the line for the s3 block of main.ts is\n  ${siteLine(id)}`;
}
