import * as fc from 'fast-check';
import type { Decision } from '../../lib/model/decision';
import { findEvidence } from '../../pvc-plumber/evidence';
import type { Listing, ListQuery } from '../../pvc-plumber/s3/listing';
import { S3Failure } from '../../pvc-plumber/s3/failure';
import { scanBucket } from '../../pvc-plumber/scan';
import { ModelReader } from '../../pvc-plumber/testing/model-reader';
import { ObjectStoreModel } from '../../pvc-plumber/testing/store';

jest.setTimeout(30_000);

const bucket = 'b';
const hex = '0123456789abcdef0123456789abcdef';
const signal = new AbortController().signal;
/** The right store, always: what it proves is tested beside the marker. */
const proof = { recent: () => Promise.resolve(), begunAfterNow: () => Promise.resolve() };

const agreement = { repeats: () => 1, wait: () => Promise.resolve(), contradicted: () => undefined };

function decide(reader: ModelReader, path: string): Promise<Decision> {
  const [namespace = '', name = ''] = path.split('/');
  return findEvidence({ namespace, name }, { store: reader, anew: reader, proof, agreement }, signal).then(
    ({ decision }) => decision,
    (error: unknown) => {
      if (!(error instanceof S3Failure)) throw error;
      return 'unknown';
    },
  );
}

function modelOf(keys: readonly string[]): ObjectStoreModel {
  const objects = new ObjectStoreModel();
  objects.bucket(bucket);
  for (const key of keys) objects.put(bucket, key, 'blob');
  return objects;
}

/** PVCs whose prefixes are each other's neighbours. */
const paths = ['app/data', 'app/data-2', 'app/data.x', 'app/dat', 'app/data0', 'app-2/data', 'ap/data', 'a/p', 'p/p', 'p/kopia.repository'];
const kopiaBlobs = [
  'kopia.repository',
  'kopia.blobcfg',
  'kopia.maintenance',
  `p${hex}-s1`,
  `p${hex}-s2`,
  `q${hex}-s1`,
  'xn0_1-s1-c1',
  'xr0_1',
  'n0123',
  'm0123',
  'l0123',
  's0123',
  '_log_2026_1',
];
const strayBlobs = ['readme.txt', 'P123', 'kopia', 'snapshots', 'x/y'];
/** Keys that a prefix without its slash would match. */
const strayKeys = [
  'app/datakopia.repository',
  `app/datap${hex}`,
  'app/data',
  'app',
  'p',
  'kopia.repository',
  `p${hex}-s1`,
  'app//data/p1',
  'zero-touch-pvc-store.json',
];

function bucketOf(blobs: readonly string[]): fc.Arbitrary<string[]> {
  const repository = fc.tuple(fc.constantFrom(...paths), fc.subarray([...blobs]), fc.subarray(strayBlobs, { maxLength: 1 }));
  const stray = fc.subarray(strayKeys);
  return fc
    .tuple(fc.array(repository, { maxLength: 5 }), stray)
    .map(([repositories, strays]) => [
      ...strays,
      ...repositories.flatMap(([path, own, other]) => [...own, ...other].map((blob) => `${path}/${blob}`)),
    ]);
}

/** What the rules of the design say, from the plain set of keys. */
function expected(keys: readonly string[], path: string): Decision {
  const blobs = keys.filter((key) => key.startsWith(`${path}/`)).map((key) => key.slice(path.length + 1));
  const known = /^(kopia\.\w+|[qxnmls]\w[\w-]*|_\w+)$/;
  const repository = blobs.includes('kopia.repository');
  if (blobs.some((blob) => blob.startsWith('p'))) return repository ? 'restore' : 'unknown';
  if (blobs.length === 0) return 'fresh';
  const finished = blobs.some((blob) => /^[qxs]/.test(blob));
  return repository && finished && blobs.every((blob) => known.test(blob)) ? 'fresh' : 'unknown';
}

describe('a bucket with Kopia repositories', () => {
  test('trap 6: whatever lies in the bucket, each PVC is judged by exactly its own prefix', async () => {
    await fc.assert(
      fc.asyncProperty(bucketOf(kopiaBlobs), fc.constantFrom(...paths), async (keys, path) => {
        expect(await decide(new ModelReader(modelOf(keys), bucket), path)).toBe(expected(keys, path));
      }),
      { numRuns: 500 },
    );
  });

  test('trap 4: whatever lists leave out, a backup is never "fresh"', async () => {
    const filled = kopiaBlobs.map((blob) => `app/data/${blob}`);
    const lie = fc.constantFrom<Lie>('truth', 'empty', 'cut', 'others');
    await fc.assert(
      fc.asyncProperty(fc.array(lie, { minLength: 3, maxLength: 3 }), fc.nat(12), async (lies, cut) => {
        expect(await decide(new LyingLists(modelOf(filled), bucket, lies, cut), 'app/data')).not.toBe('fresh');
      }),
      { numRuns: 300 },
    );
  });

  test('a HEAD that lies is contradicted by the lists', async () => {
    const filled = kopiaBlobs.map((blob) => `app/data/${blob}`);
    const bare = filled.filter((key) => !/\/p[0-9a-f]/.test(key));
    // One page of Kopia's shows repository and data: there HEAD is not asked.
    for (const keys of [bare, []]) {
      expect(await decide(new LyingHead(modelOf(keys), bucket), 'app/data')).toBe('unknown');
    }
  });

  test('the scan of the bucket reports exactly the PVCs that can be restored, however its pages fall', async () => {
    await fc.assert(
      fc.asyncProperty(bucketOf(kopiaBlobs), fc.integer({ min: 2, max: 7 }), async (keys, pageSize) => {
        const found: string[] = [];
        await scanBucket(new SmallPages(modelOf(keys), bucket, pageSize), ({ namespace, name }) => found.push(`${namespace}/${name}`), signal);
        expect(found.toSorted()).toEqual(paths.filter((path) => expected(keys, path) === 'restore').toSorted());
      }),
      { numRuns: 300 },
    );
  });
});

type Lie = 'truth' | 'empty' | 'cut' | 'others';

/** Lists that tell less than the truth, each in a consistent way: nothing in the page itself is odd. */
class LyingLists extends ModelReader {
  private calls = 0;

  constructor(
    objects: ObjectStoreModel,
    name: string,
    private readonly lies: readonly Lie[],
    private readonly cut: number,
  ) {
    super(objects, name);
  }

  override async list(query: ListQuery, within: AbortSignal): Promise<Listing> {
    const page = await super.list(query, within);
    const lie = this.lies[this.calls % this.lies.length];
    this.calls += 1;
    if (lie === 'empty') return { keys: [], truncated: false };
    if (lie === 'cut') return { keys: page.keys.slice(0, this.cut), truncated: false };
    if (lie === 'others')
      return { keys: page.keys.filter((key) => !/(\/p[0-9a-f]|snapshots\/|kopia\.repository|config)/.test(key)), truncated: false };
    return page;
  }
}

class LyingHead extends ModelReader {
  override async has(key: string, within: AbortSignal): Promise<boolean> {
    return !(await super.has(key, within));
  }
}

class SmallPages extends ModelReader {
  constructor(
    objects: ObjectStoreModel,
    name: string,
    private readonly pageSize: number,
  ) {
    super(objects, name);
  }

  override list(query: ListQuery, within: AbortSignal): Promise<Listing> {
    return super.list({ ...query, maxKeys: this.pageSize }, within);
  }
}

test('the scan leaves a large repository after the page that proved it', async () => {
  const packs = Array.from({ length: 20_000 }, (_, i) => `app/big/p${i.toString(16).padStart(32, '0')}`);
  const logs = Array.from({ length: 5000 }, (_, i) => `app/big/_log_${String(i).padStart(6, '0')}`);
  const others = ['app/a', 'app/z'].flatMap((path) => kopiaBlobs.map((blob) => `${path}/${blob}`));
  const found: string[] = [];
  const reader = new ModelReader(modelOf([...packs, ...logs, ...others, 'app/big/kopia.repository']), bucket);
  const pages = await scanBucket(reader, ({ name }) => found.push(name), signal);
  expect(found).toEqual(['a', 'big', 'z']);
  expect(pages).toBe(3);
});

test('a server that ignores start-after ends the scan', async () => {
  class Stuck extends ModelReader {
    override list(query: ListQuery, within: AbortSignal): Promise<Listing> {
      return super.list({ prefix: query.prefix, maxKeys: 3 }, within);
    }
  }
  const reader = new Stuck(modelOf(kopiaBlobs.map((blob) => `app/data/${blob}`)), bucket);
  await expect(scanBucket(reader, () => undefined, signal)).rejects.toThrow('does not go on where it stopped');
});

test('a repository with more metadata than can be looked through is left to a person', async () => {
  const logs = Array.from({ length: 5001 }, (_, i) => `app/data/_log_${String(i).padStart(6, '0')}`);
  expect(await decide(new ModelReader(modelOf([...logs, 'app/data/kopia.repository', 'app/data/q1']), bucket), 'app/data')).toBe('unknown');
  expect(await decide(new ModelReader(modelOf([...logs.slice(0, 2000), 'app/data/kopia.repository', 'app/data/q1']), bucket), 'app/data')).toBe(
    'fresh',
  );
});
