import { Agreement } from '../../pvc-plumber/agreement';
import { findEvidence } from '../../pvc-plumber/evidence';
import type { Listing, ListQuery } from '../../pvc-plumber/s3/listing';
import { eventually, newPlumber, newS3, stopAll } from '../support/plumber-fixture';
import { pause } from '../support/raw-client';
import { type Fault, faults } from '../../pvc-plumber/testing/faults';
import { ModelReader } from '../../pvc-plumber/testing/model-reader';
import { emptyKopiaBlobs, filledKopiaBlobs, putBlobs, testBucket } from '../../pvc-plumber/testing/repositories';
import { splits, verdictsOn } from '../support/split-store';
import { ObjectStoreModel } from '../../pvc-plumber/testing/store';
import { versionsXml } from '../../pvc-plumber/testing/xml';

// Most tests start processes, on machines that may be busy.
jest.setTimeout(120_000);
afterEach(stopAll);

const hex = '0123456789abcdef0123456789abcdef';
const { signal } = new AbortController();

describe('what was deleted from a store that keeps versions', () => {
  test('HEAD that tells of a delete marker is no "fresh"', async () => {
    const s3 = await newS3();
    s3.fault = ({ operation }) =>
      operation === 'HeadObject' ? (response) => void response.writeHead(404, { 'x-amz-delete-marker': 'true' }).end() : undefined;
    const { decision, reason } = await (await newPlumber(s3)).ask('karakeep', 'none');
    expect([decision, reason]).toEqual([
      'unknown',
      `karakeep/none/kopia.repository was deleted from bucket ${testBucket} on ${s3.endpoint}, which keeps older versions: bring them back, or remove them for good when nothing is needed`,
    ]);
  });

  test('a backup that was deleted, and packs that were, are no "fresh"; what never was is', async () => {
    const s3 = await newS3({ versioned: true });
    putBlobs(s3, 'karakeep/packs', filledKopiaBlobs);
    for (const blob of filledKopiaBlobs) s3.objects.delete(testBucket, `karakeep/data-pvc/${blob}`);
    for (const blob of filledKopiaBlobs.filter((each) => /^(p|q.*a3$)/.test(each))) s3.objects.delete(testBucket, `karakeep/packs/${blob}`);
    putBlobs(s3, 'karakeep/logs', [...emptyKopiaBlobs, '_log_old']);
    s3.objects.delete(testBucket, 'karakeep/logs/_log_old');
    const plumber = await newPlumber(s3);
    expect(await plumber.ask('karakeep', 'data-pvc')).toMatchObject({
      decision: 'unknown',
      reason: expect.stringContaining('was deleted') as string,
    });
    expect(await plumber.ask('karakeep', 'packs')).toMatchObject({
      decision: 'unknown',
      reason: expect.stringContaining('keeps older versions of what was deleted there') as string,
    });
    expect((await plumber.ask('karakeep', 'never')).decision).toBe('fresh');
    // Kopia itself deletes logs and indexes.
    expect((await plumber.ask('karakeep', 'logs')).decision).toBe('fresh');
  });

  test('the versions alone tell it, where HEAD does not', async () => {
    const s3 = await newS3();
    const told: Fault = (response, _healthy, { prefix }) => {
      const body = versionsXml(testBucket, prefix, [`${prefix}kopia.repository`]);
      response.writeHead(200, { 'content-length': String(Buffer.byteLength(body)) }).end(body);
    };
    s3.fault = ({ operation }) => (operation === 'ListVersions' ? told : undefined);
    expect((await (await newPlumber(s3)).ask('karakeep', 'none')).reason).toContain('the store keeps older versions of what was deleted there');
  });

  test.each([
    ['403', 'fresh'],
    ['404 NoSuchKey', 'fresh'],
    ['400', 'fresh'],
    ['500', 'unknown'],
    ['503 SlowDown', 'unknown'],
    ['login page 200', 'unknown'],
    ['other XML', 'fresh'],
    ['hang', 'unknown'],
  ] as const)('a store that answers the question for versions with "%s": %s', async (name, decision) => {
    const s3 = await newS3();
    const fault: Fault = name === 'other XML' ? (response) => void response.end('<ListBucketResult/>') : faults[name];
    s3.fault = ({ operation }) => (operation === 'ListVersions' ? fault : undefined);
    expect((await (await newPlumber(s3)).ask('karakeep', 'none')).decision).toBe(decision);
  });
});

describe('a repository without data', () => {
  /** A page that says when each blob was written. */
  class Dated extends ModelReader {
    constructor(private readonly minutes: ReadonlyMap<string, number>) {
      const objects = new ObjectStoreModel();
      for (const blob of minutes.keys()) objects.put('b', `app/data/${blob}`);
      super(objects, 'b');
    }

    override async list(query: ListQuery, within: AbortSignal): Promise<Listing> {
      const page = await super.list(query, within);
      return { ...page, times: page.keys.map((key) => (this.minutes.get(key.slice('app/data/'.length)) ?? Number.NaN) * 60_000) };
    }
  }

  const day = 24 * 60;
  const proof = { recent: () => Promise.resolve(), begunAfterNow: () => Promise.resolve() };
  const agreement = { repeats: () => 1, wait: () => Promise.resolve(), contradicted: () => undefined };
  /** @param minutes when each metadata pack was written */
  function ask(minutes: readonly number[]): Promise<string> {
    const blobs = new Map([['kopia.repository', 0], ['xn0_1-s1-c1', 0], ...minutes.map((minute, i) => [`q${hex}-s${i}`, minute] as const)]);
    const reader = new Dated(blobs);
    return findEvidence({ namespace: 'app', name: 'data' }, { store: reader, anew: reader, proof, agreement }, signal).then(
      ({ decision }) => decision,
      (error: Error) => error.message,
    );
  }

  // Figures of Kopia 0.22.3, with what the fork's entry script does.
  test.each([
    ['just created', [0]],
    ['created, and its first maintenance', [0, 0, 1]],
    ['maintained for two weeks', Array.from({ length: 15 }, (_, i) => i * day)],
    ['maintained, the owner changed once', [0, day, day + 1, 2 * day]],
    ['an upload that ended before any data', [0, 0, 1]],
  ] as const)('fresh: %s', async (_name, minutes) => {
    expect(await ask(minutes)).toBe('fresh');
  });

  test.each([
    ['one backup of folders only, or whose data is gone', [0, 0, 1, 1, 1]],
    ['the same before there was a script around the mover', [0, 0, 0, 1]],
    ['several backups', [0, 0, 1, 20 * 60, 20 * 60, 20 * 60 + 1]],
    ['only the last backup was not merged yet by maintenance', [0, 5 * day, 5 * day + 1, 5 * day + 1]],
    ['nobody knows when', [Number.NaN, Number.NaN, Number.NaN, Number.NaN]],
  ] as const)('no "fresh": %s', async (_name, minutes) => {
    expect(await ask(minutes)).toBe(
      'a kopia repository in app/data/ that backups wrote to, but none of their data: it was lost, or they held folders only. Look with "kopia snapshot list", or remove app/data/ when nothing is needed',
    );
  });

  test('the service reads the times from the listing', async () => {
    const s3 = await newS3();
    putBlobs(s3, 'app/folders', [...emptyKopiaBlobs, ...[1, 2, 3, 4].map((i) => `q${hex}-s${i}`)]);
    putBlobs(s3, 'app/empty', emptyKopiaBlobs);
    const plumber = await newPlumber(s3);
    expect((await plumber.ask('app', 'folders')).reason).toContain('that backups wrote to');
    expect((await plumber.ask('app', 'empty')).decision).toBe('fresh');
  });
});

describe('several servers behind one address', () => {
  test.each(Object.entries(splits))('%s: no PVC with a backup is called fresh', async (_name, split) => {
    expect((await verdictsOn(split, 20)).fresh).toBe(0);
  });

  test('how often an absence is asked for again: more often as long as the store has not shown that it is one, and never believed of several', async () => {
    let different = false;
    class Flapping extends ModelReader {
      private calls = 0;

      override list(query: ListQuery, within: AbortSignal): Promise<Listing> {
        this.calls += 1;
        return different && this.calls % 2 === 0 ? Promise.resolve({ keys: [], truncated: false }) : super.list(query, within);
      }
    }
    const objects = new ObjectStoreModel();
    objects.put('b', 'app/data/kopia.repository');
    const agreement = new Agreement({ anew: new Flapping(objects, 'b'), marked: false, budgetMs: 1000, endpoint: 'http://store' });
    jest.useFakeTimers();
    /** Looks again. */
    const look = async (): Promise<number | string> => {
      await jest.advanceTimersByTimeAsync(31_000);
      agreement.nudge();
      await jest.advanceTimersByTimeAsync(10);
      try {
        return agreement.repeats();
      } catch (error) {
        return (error as Error).message;
      }
    };
    try {
      expect(agreement.repeats()).toBe(5);
      expect([await look(), await look()]).toEqual([5, 2]);
      agreement.contradicted();
      expect(agreement.repeats()).toBe(7);
      different = true;
      const several = '10 connections to http://store found different stores: one address has to lead to one store';
      expect(await look()).toBe(several);
      different = false;
      expect([await look(), await look(), await look(), await look(), await look()]).toEqual([several, several, several, several, 7]);
      await jest.advanceTimersByTimeAsync(600_000);
      expect(agreement.repeats()).toBe(2);
    } finally {
      agreement.stop();
      jest.useRealTimers();
    }
  });

  test('what is there at the second look only, is no "fresh"', async () => {
    const s3 = await newS3();
    let heads = 0;
    s3.fault = ({ operation, key }) => {
      if (operation === 'HeadObject' && key.startsWith('app/late/') && (heads += 1) === 1)
        setImmediate(() => putBlobs(s3, 'app/late', filledKopiaBlobs));
      return undefined;
    };
    const plumber = await newPlumber(s3);
    expect((await plumber.ask('app', 'late')).decision).toBe('unknown');
    await eventually(plumber, 'data-pvc', 'restore', 3000);
    expect((await plumber.ask('app', 'late')).decision).toBe('restore');
  });
});

describe('a backup that is remembered from the listing of the bucket', () => {
  test('is checked against the repository: deleted on purpose, it is not promised again', async () => {
    const s3 = await newS3();
    const plumber = await newPlumber(s3, { WARM_UP: 'true', CACHE_TTL_MS: '0' });
    while (!plumber.output.includes('the bucket was listed')) await pause(20);
    expect(await plumber.ask('karakeep', 'data-pvc')).toMatchObject({
      decision: 'restore',
      reason: expect.stringContaining('seen in the listing') as string,
    });
    expect(s3.seen.HeadObject).toBe(1);
    for (const blob of filledKopiaBlobs) s3.objects.delete(testBucket, `karakeep/data-pvc/${blob}`);
    expect((await plumber.ask('karakeep', 'data-pvc')).decision).not.toBe('restore');
    await eventually(plumber, 'data-pvc', 'fresh', 20_000);
  });

  test('is not promised while nobody can look at the repository', async () => {
    const s3 = await newS3();
    const plumber = await newPlumber(s3, { WARM_UP: 'true', CACHE_TTL_MS: '0' });
    while (!plumber.output.includes('the bucket was listed')) await pause(20);
    s3.fault = ({ operation }) => (operation === 'HeadObject' ? faults['403'] : undefined);
    expect((await plumber.ask('karakeep', 'data-pvc')).decision).toBe('unknown');
  });
});
