import { storePrefix } from '../lib/model/naming';
import { isData, isWrittenByBackups, kopia } from './kopia-layout';
import { trust } from './judgement';
import { split } from './scan';
import type { ObjectReader } from './s3/reader';
import { S3Failure } from './s3/failure';

/** What the store holds of one PVC. */
export interface Usage {
  readonly namespace: string;
  readonly name: string;
  objects: number;
  bytes: number;
  /** Of the packs of file data alone, which no maintenance makes less unless backups expired. */
  dataBytes: number;
  /** When the newest pack was written, in milliseconds since 1970; 0 where there is none, or the store does not say. Every backup writes one, also one of unchanged files. */
  newestPack: number;
  hasRepository: boolean;
  hasData: boolean;
}

/** Keys a page: parsing one holds up answers for about 5 ms. */
const pageSize = 500;

/** Most PVCs of one store. What is kept of each, with its metrics, takes about a kilobyte. */
const mostPvcs = 10_000;

export interface MeasureOptions {
  readonly reader: Pick<ObjectReader, 'list'>;
  /** Keys at the root of the bucket that are there for certain: a list without one of them is not of the whole bucket. */
  readonly expected: readonly string[];
  /** Waits between two pages. @param pageMs how long the last one took, in milliseconds */
  readonly pause: (pageMs: number) => Promise<void>;
}

/**
 * Lists every object of the bucket, and adds up what each PVC has. One page is in memory at a time.
 *
 * @returns by path, `namespace/pvc`
 * @throws S3Failure when a page can't be had, or is not to be believed: half a measurement would look like a loss
 */
export async function measureBucket({ reader, expected, pause }: MeasureOptions, signal: AbortSignal): Promise<ReadonlyMap<string, Usage>> {
  const all = new Map<string, Usage>();
  const missing = new Set(expected);
  let startAfter: string | undefined;
  for (;;) {
    const started = performance.now();
    const page = await reader.list({ prefix: '', maxKeys: pageSize, details: true, startAfter }, signal);
    trust(page, 'the whole bucket');
    const [first] = page.keys;
    if (startAfter !== undefined && first !== undefined && first <= startAfter)
      throw new S3Failure('odd', 'the list of the bucket does not go on where it stopped');
    page.keys.forEach((key, i) => {
      missing.delete(key);
      add(all, key, page.sizes?.[i] ?? Number.NaN, page.times?.[i] ?? Number.NaN);
    });
    startAfter = page.keys.at(-1);
    if (!page.truncated || startAfter === undefined) break;
    await pause(performance.now() - started);
  }
  const [key] = missing;
  if (key !== undefined) throw new S3Failure('odd', `the list of the bucket does not show ${key}, which is there: it is not complete`);
  return all;
}

function add(all: Map<string, Usage>, key: string, size: number, time: number): void {
  const { pvc, blob } = split(key);
  if (pvc === undefined) return;
  const path = storePrefix(pvc);
  let usage = all.get(path);
  if (usage === undefined) {
    if (all.size >= mostPvcs) throw new S3Failure('odd', `the bucket holds more than ${mostPvcs} folders like namespace/pvc/: it can't be measured`);
    usage = { ...pvc, objects: 0, bytes: 0, dataBytes: 0, newestPack: 0, hasRepository: false, hasData: false };
    all.set(path, usage);
  }
  const bytes = Number.isNaN(size) ? 0 : size;
  const data = isData(blob);
  usage.objects += 1;
  usage.bytes += bytes;
  if (data) {
    usage.dataBytes += bytes;
    usage.hasData = true;
  }
  if ((data || isWrittenByBackups(blob)) && time > usage.newestPack) usage.newestPack = time;
  if (blob === kopia.repositoryBlob) usage.hasRepository = true;
}
