import { randomUUID } from 'node:crypto';
import { storeMarkerKey } from '../lib/model/object-store';
import type { Config } from './config';
import { withStore } from './store-command';
import { markerId } from './store-proof';

/**
 * Gives a store its identity: writes the marker object where none is. It never overwrites one, not even in a race: it looks first, writes
 * with `If-None-Match: *`, and reads back what then stands there.
 *
 * @returns the new id
 * @throws Error that says what to do when there is a marker, or the store can't be asked
 */
export async function identify(config: Config): Promise<string> {
  return withStore(config, async (client, { bucket }, signal) => {
    await client.expectBucket(signal);
    const existing = await client.read(storeMarkerKey, signal);
    if (existing !== undefined) throw new Error(refusal(bucket, existing));
    const storeId = randomUUID();
    const text = `${JSON.stringify({ storeId, createdAt: new Date().toISOString(), createdBy: 'zero-touch-pvc identify' }, undefined, 2)}\n`;
    const created = await client.create(storeMarkerKey, text, signal);
    const written = await client.read(storeMarkerKey, signal);
    if (!created || written !== text) throw new Error(refusal(bucket, written ?? ''));
    return storeId;
  });
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
