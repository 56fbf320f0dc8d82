import { storeLeaseKey, storeMarkerKey } from '../../lib/model/object-store';
import { measureBucket, type Usage } from '../../pvc-plumber/usage';
import { usageText } from '../../pvc-plumber/usage-metrics';
import { ModelReader } from '../../pvc-plumber/testing/model-reader';
import { emptyKopiaBlobs, filledKopiaBlobs, putBlobs, testBucket } from '../../pvc-plumber/testing/repositories';
import { ObjectStoreModel } from '../../pvc-plumber/testing/store';
import type { Listing, ListQuery } from '../../pvc-plumber/s3/listing';
import type { Plumber } from '../../pvc-plumber/plumber';
import { Server } from '../../pvc-plumber/server';
import type { PlumberProcess } from '../support/plumber-process';
import { newPlumber, newS3, stopAll } from '../support/plumber-fixture';
import { pause } from '../support/raw-client';

// Most tests start a process, on machines that may be busy.
jest.setTimeout(60_000);
afterEach(stopAll);

/** The samples of the PVCs, by metric and path. */
function samples(text: string): Record<string, number> {
  const found = text.matchAll(/^pvc_plumber_backup_(\w+)\{namespace="([^"]+)",persistentvolumeclaim="([^"]+)"\} (\S+)$/gm);
  return Object.fromEntries([...found].map(([, metric, namespace, name, value]) => [`${metric} ${namespace}/${name}`, Number(value)]));
}

async function scraped(plumber: PlumberProcess, until: (text: string) => boolean): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    const { text } = await plumber.get('/metrics');
    if (until(text)) return text;
    if (tries > 200) throw new Error(`never came: ${text.slice(-2000)}\n${plumber.output}`);
    await pause(50);
  }
}

const scanned = (text: string): boolean => /^pvc_plumber_scan_timestamp_seconds [1-9]/m.test(text);

describe('a scan of the store', () => {
  test('tells of each PVC how much it holds, when it was last written, and whether it would be restored', async () => {
    const s3 = await newS3();
    const before = Math.floor(Date.now() / 1000) - 1;
    putBlobs(s3, 'app/empty', emptyKopiaBlobs);
    putBlobs(s3, 'app/no-repository', filledKopiaBlobs.slice(1));
    s3.objects.put(testBucket, 'app/photos/kopia.repository', 'x'.repeat(100));
    s3.objects.put(testBucket, 'app/photos/p1', 'x'.repeat(2000));
    s3.objects.put(testBucket, 'app/photos/q1', 'x'.repeat(30));
    s3.objects.put(testBucket, 'not-a-repository', 'x');
    const text = await scraped(await newPlumber(s3, { SCAN_INTERVAL_MS: '500' }), scanned);
    const found = samples(text);
    expect(found).toMatchObject({
      'bytes app/photos': 2130,
      'data_bytes app/photos': 2000,
      'objects app/photos': 3,
      'restorable app/photos': 1,
      'data_bytes app/empty': 0,
      'restorable app/empty': 0,
      'restorable app/no-repository': 0,
      'restorable karakeep/data-pvc': 1,
    });
    expect(found['newest_object_timestamp_seconds app/photos']).toBeGreaterThanOrEqual(before);
    expect(text).toMatch(/^pvc_plumber_scan_duration_seconds 0\.\d+$/m);
    expect(Object.keys(found).length).toBe(4 * 5);
  });

  test('what is gone from the store has no series from the next scan on', async () => {
    const s3 = await newS3();
    const plumber = await newPlumber(s3, { SCAN_INTERVAL_MS: '300' });
    await scraped(plumber, (text) => text.includes('persistentvolumeclaim="data-pvc"'));
    for (const blob of filledKopiaBlobs) s3.objects.delete(testBucket, `karakeep/data-pvc/${blob}`);
    const text = await scraped(plumber, (each) => !each.includes('persistentvolumeclaim="data-pvc"'));
    expect(text).toMatch(/^pvc_plumber_scan_timestamp_seconds [1-9]/m);
  });

  test('a scan that fails keeps what the last one found, and says so once', async () => {
    const s3 = await newS3();
    const plumber = await newPlumber(s3, { SCAN_INTERVAL_MS: '300' });
    const time = (text: string): string => /^pvc_plumber_scan_timestamp_seconds (\d+)/m.exec(text)?.[1] ?? '';
    const first = time(await scraped(plumber, scanned));
    await s3.stop();
    await pause(2500);
    const later = await plumber.get('/metrics');
    expect(samples(later.text)['restorable karakeep/data-pvc']).toBe(1);
    expect(Number(time(later.text)) - Number(first)).toBeLessThanOrEqual(1);
    expect(plumber.lines.filter(({ message }) => String(message).startsWith('the store could not be scanned')).length).toBe(1);
    await s3.start();
    await scraped(plumber, (text) => Number(time(text)) > Number(first) + 1);
  });

  test('before the first one nothing is claimed: the time is 0, and no PVC is named', async () => {
    const { text } = await (await newPlumber(await newS3(), { SCAN_INTERVAL_MS: '3600000' })).get('/metrics');
    expect(text).toMatch(/^pvc_plumber_scan_timestamp_seconds 0$/m);
    expect(text).toMatch(/^pvc_plumber_scan_duration_seconds nan$/im);
    expect(text).not.toContain('persistentvolumeclaim');
  });
});

describe('a list that is not of the whole bucket is no measurement', () => {
  const { signal } = new AbortController();

  class Pages extends ModelReader {
    change: (page: Listing, query: ListQuery) => Listing = (page) => page;
    asked = 0;

    override async list(query: ListQuery, within: AbortSignal): Promise<Listing> {
      this.asked += 1;
      const page = await super.list(query, within);
      return this.change({ ...page, times: page.keys.map(() => 1000), sizes: page.keys.map(() => 10) }, query);
    }
  }

  function store(pvcs: number, blobs: number): Pages {
    const objects = new ObjectStoreModel();
    objects.put('b', storeLeaseKey);
    objects.put('b', storeMarkerKey);
    for (let i = 0; i < pvcs; i += 1)
      for (const blob of ['kopia.repository', ...Array.from({ length: blobs }, (_, j) => `p${j}`)]) objects.put('b', `app/pvc-${i}/${blob}`);
    return new Pages(objects, 'b');
  }

  const measure = (reader: Pages, expected: readonly string[] = [storeLeaseKey]): Promise<ReadonlyMap<string, Usage>> =>
    measureBucket({ reader, expected, pause: () => Promise.resolve() }, signal);

  test('every object counts once, over many pages', async () => {
    const reader = store(7, 300);
    const all = await measure(reader);
    expect([...all.values()].map(({ objects, bytes, dataBytes }) => [objects, bytes, dataBytes])).toEqual(
      Array.from({ length: 7 }, () => [301, 3010, 3000]),
    );
    expect(reader.asked).toBe(5);
  });

  test.each<[string, Pages['change'], RegExp]>([
    ['an empty one', (page) => ({ ...page, keys: [], truncated: false }), /does not show zero-touch-pvc-lease.json/],
    ['one that ends early', (page, { startAfter }) => (startAfter === undefined ? { ...page, truncated: false } : page), /does not show/],
    ['one that repeats itself', (page) => ({ ...page, keys: ['app/pvc-0/p1'], truncated: true }), /does not go on/],
    ['one that is in doubt', (page) => ({ ...page, doubt: 'a list without KeyCount' }), /a list without KeyCount/],
  ])('%s', async (_name, change, message) => {
    const reader = store(7, 300);
    reader.change = change;
    await expect(measure(reader)).rejects.toThrow(message);
  });

  test('a bucket of something else is given up, and not kept in memory', async () => {
    await expect(measure(store(10_001, 0))).rejects.toThrow(/more than 10000 folders/);
  });

  test('thousands of PVCs are written in a few megabytes, each in five series', () => {
    const usage = { objects: 1000, bytes: 5e9, dataBytes: 4e9, newestPack: 1_767_323_045_000, hasRepository: true, hasData: true };
    const text = usageText(Array.from({ length: 2000 }, (_, i) => ({ ...usage, namespace: `app-${i % 50}`, name: `pvc-${i}` })));
    expect(Object.keys(samples(text.toString())).length).toBe(10_000);
    expect(text.length).toBeLessThan(1.2e6);
  });
});

test('one client has two scrapes at a time, and the next when they are out', async () => {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const metrics = { request: () => undefined, registry: { contentType: 'text/plain' } };
  const scrape = (): Promise<object> => gate.then(() => ({ own: 'own\n', backups: Buffer.from('backups\n') }));
  const server = new Server({ metrics, scrape } as unknown as Plumber, 10);
  const port = await server.listen(0);
  try {
    const ask = async (): Promise<[number, string]> => {
      const reply = await fetch(`http://127.0.0.1:${port}/metrics`);
      return [reply.status, await reply.text()];
    };
    const all = Array.from({ length: 3 }, ask);
    // The one that is refused is answered at once, the others wait for their text.
    expect((await Promise.race(all))[0]).toBe(503);
    release();
    const whole = [200, 'own\nbackups\n'];
    expect((await Promise.all(all)).filter(([status]) => status === 200)).toEqual([whole, whole]);
    for (let i = 0; i < 20; i += 1) expect(await ask()).toEqual(whole);
  } finally {
    await server.close(0);
  }
});
