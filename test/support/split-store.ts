import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { storeMarkerKey } from '../../lib/model/object-store';
import { PlumberProcess } from './plumber-process';
import { emptyKopiaBlobs, filledKopiaBlobs, putBlobs, testBucket } from '../../pvc-plumber/testing/repositories';
import { FakeS3 } from '../../pvc-plumber/testing/server';

const storeId = 'store-with-the-backups';

/** One address, and two stores behind it. */
export interface Split {
  /** What decides who answers. */
  readonly by: 'request' | 'connection';
  /** Share of those that the other store answers, of 1. */
  readonly share: number;
  /** The other one holds nothing; or the marker, as a copy that lags; what a look at the bucket shows first, too; or a repository of each PVC from before the first backup. */
  readonly other: 'empty' | 'lagging' | 'nearly there' | 'older';
  readonly storeId: boolean;
}

/** The ways in which two stores were seen, or could be, behind one address. */
export const splits: Readonly<Record<string, Split>> = {
  'by request, the other one empty': { by: 'request', share: 0.5, other: 'empty', storeId: true },
  'by request, one in ten to the empty one': { by: 'request', share: 0.1, other: 'empty', storeId: true },
  'by request, seven in ten to the empty one': { by: 'request', share: 0.7, other: 'empty', storeId: true },
  'by connection, the other one empty': { by: 'connection', share: 0.5, other: 'empty', storeId: true },
  'by request, a copy that lags': { by: 'request', share: 0.5, other: 'lagging', storeId: true },
  'by connection, a copy that lags': { by: 'connection', share: 0.5, other: 'lagging', storeId: true },
  'by request, a copy that looks the same': { by: 'request', share: 0.5, other: 'nearly there', storeId: true },
  'by connection, a copy that looks the same': { by: 'connection', share: 0.5, other: 'nearly there', storeId: true },
  'by request, a copy from before the first backups': { by: 'request', share: 0.5, other: 'older', storeId: true },
  'by connection, a copy from before the first backups': { by: 'connection', share: 0.5, other: 'older', storeId: true },
  'by request, without an id': { by: 'request', share: 0.5, other: 'empty', storeId: false },
  'by connection, without an id': { by: 'connection', share: 0.5, other: 'empty', storeId: false },
};

/** How often somebody asks again before he gives up, and how many ask at the same time. */
const mostTries = 8;
const askers = 16;

/** Asks for PVCs, all of which have a backup, again and again until they are admitted, as Argo CD does. @returns the decisions */
export async function verdictsOn(split: Split, pvcs: number): Promise<{ fresh: number; restore: number; unknown: number }> {
  const [right, other] = [new FakeS3({ checkSignatures: false }), new FakeS3({ checkSignatures: false })];
  for (const s3 of [right, other]) s3.objects.bucket(testBucket);
  right.objects.put(testBucket, storeMarkerKey, JSON.stringify({ storeId }));
  if (split.other !== 'empty') other.objects.put(testBucket, storeMarkerKey, JSON.stringify({ storeId }));
  // So many that a look at the bucket sees no further.
  if (split.other === 'nearly there') for (const s3 of [right, other]) for (const name of ['a', 'b']) putBlobs(s3, `a/${name}`, filledKopiaBlobs);
  for (let i = 0; i < pvcs; i += 1) {
    putBlobs(right, `app-${i % 50}/pvc-${i}`, filledKopiaBlobs);
    if (split.other === 'older') putBlobs(other, `app-${i % 50}/pvc-${i}`, emptyKopiaBlobs);
  }
  const chosen = new WeakMap<Socket, FakeS3>();
  const choose = (): FakeS3 => (Math.random() < split.share ? other : right);
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    const s3 = split.by === 'request' ? choose() : (chosen.get(request.socket) ?? choose());
    chosen.set(request.socket, s3);
    s3.receive(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => void server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const plumber = await PlumberProcess.start(endpoint, { CACHE_TTL_MS: '0', ...(split.storeId ? { STORE_ID: storeId } : {}) });

  const count = { fresh: 0, restore: 0, unknown: 0 };
  const admit = async (i: number): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      const { decision } = await plumber.ask(`app-${i % 50}`, `pvc-${i}`);
      if (decision === 'unknown' && tries < mostTries) continue;
      count[decision] += 1;
      return;
    }
  };
  let next = 0;
  await Promise.all(
    Array.from({ length: askers }, async () => {
      while (next < pvcs) await admit((next += 1) - 1);
    }),
  );
  await plumber.stop('SIGKILL');
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => void server.close(resolve));
  return count;
}
