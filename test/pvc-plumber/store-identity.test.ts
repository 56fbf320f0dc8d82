import { storeMarkerKey } from '../../lib/model/object-store';
import { credentialsDir, PlumberProcess, runBundle } from '../support/plumber-process';
import { faults } from '../../pvc-plumber/testing/faults';
import { filledKopiaBlobs, putBlobs, testBucket } from '../../pvc-plumber/testing/repositories';
import { FakeS3 } from '../../pvc-plumber/testing/server';

jest.setTimeout(30_000);

const storeId = 'a3bb189e-8bf9-3888-9912-ace4e6543002';
let s3: FakeS3;
let plumber: PlumberProcess | undefined;

beforeEach(async () => {
  s3 = await new FakeS3().start();
  putBlobs(s3, 'app/data', filledKopiaBlobs);
});

afterEach(async () => {
  await plumber?.stop('SIGKILL');
  plumber = undefined;
  await s3.stop();
});

function mark(id: string): void {
  s3.objects.put(testBucket, storeMarkerKey, JSON.stringify({ storeId: id }));
}

async function bothAnswers(): Promise<string[]> {
  const answers = await Promise.all([plumber?.ask('app', 'data'), plumber?.ask('app', 'none')]);
  return answers.map((answer) => answer?.decision ?? '');
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

test('with an id set, only the store with that very marker is believed', async () => {
  plumber = await PlumberProcess.start(s3.endpoint, { STORE_ID: storeId, STORE_CHECK_MS: '100' });
  const missing = await plumber.ask('app', 'data');
  expect(missing.decision).toBe('unknown');
  expect(missing.reason).toBe(
    `bucket ${testBucket} on ${s3.endpoint} has no store marker (${storeMarkerKey}), but storeId is set: it is another store, or it was emptied`,
  );
  expect((await plumber.ask('app', 'none')).decision).toBe('unknown');
  mark('0-old-marker');
  expect((await plumber.ask('app', 'none')).reason).toBe(
    `bucket ${testBucket} on ${s3.endpoint} is another store: its marker says 0-old-marker, storeId is ${storeId}`,
  );
  expect(await bothAnswers()).toEqual(['unknown', 'unknown']);
  s3.objects.put(testBucket, storeMarkerKey, '<html>');
  expect((await plumber.ask('app', 'none')).reason).toContain('its marker says nothing readable');
  mark(storeId);
  expect((await plumber.ask('app', 'data')).decision).toBe('restore');
  // A look at the store may have seen the marker change; another process meets it as it is.
  await plumber.stop('SIGKILL');
  plumber = await PlumberProcess.start(s3.endpoint, { STORE_ID: storeId });
  expect(await bothAnswers()).toEqual(['restore', 'fresh']);
});

test('an emptied bucket is unknown for every PVC, also for one whose backup is remembered', async () => {
  mark(storeId);
  plumber = await PlumberProcess.start(s3.endpoint, { STORE_ID: storeId, STORE_CHECK_MS: '100' });
  expect(await bothAnswers()).toEqual(['restore', 'fresh']);
  s3.objects.deleteBucket(testBucket);
  s3.objects.bucket(testBucket);
  // "fresh" needs a check that began after its evidence, so it is unknown at once; what is remembered as soon as the check is too old.
  expect((await plumber.ask('app', 'none')).decision).toBe('unknown');
  await wait(150);
  expect(await bothAnswers()).toEqual(['unknown', 'unknown']);
});

test('a store that loses everything between the lists and the check is not "fresh"', async () => {
  mark(storeId);
  plumber = await PlumberProcess.start(s3.endpoint, { STORE_ID: storeId });
  let lists = 0;
  s3.fault = ({ operation }) => {
    if (operation === 'ListObjects' && (lists += 1) === 2) s3.objects.delete(testBucket, storeMarkerKey);
    return undefined;
  };
  expect((await plumber.ask('app', 'none')).decision).toBe('unknown');
});

test('a store without its disks, which says 404 and lists nothing, is only told apart by the marker', async () => {
  mark(storeId);
  plumber = await PlumberProcess.start(s3.endpoint, { STORE_ID: storeId });
  s3.fault = ({ operation }) =>
    operation === 'ListObjects' ? faults['false-empty list'] : operation === 'HeadBucket' ? undefined : faults['404 NoSuchKey'];
  expect(await bothAnswers()).toEqual(['unknown', 'unknown']);
});

test('without an id the service works and warns', async () => {
  plumber = await PlumberProcess.start(s3.endpoint);
  expect(await bothAnswers()).toEqual(['restore', 'fresh']);
  expect(plumber.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
    expect.stringMatching(/^no STORE_ID: /),
    expect.stringMatching(/^no CLUSTER_TOKEN_FILE: /),
  ]);
});

describe('identify', () => {
  function identify(env: Record<string, string> = {}): ReturnType<typeof runBundle> {
    return runBundle(['identify'], { S3_ENDPOINT: s3.endpoint, S3_BUCKET: testBucket, CREDENTIALS_DIR: credentialsDir(), ...env });
  }

  test('gives a store without a marker one, prints the line for main.ts, and never overwrites it', async () => {
    const first = await identify();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const line = /storeId: '([0-9a-f-]{36})',/.exec(first.stdout)?.[1] ?? '';
    const marker = s3.objects.bucket(testBucket).get(storeMarkerKey) ?? '';
    expect(JSON.parse(marker)).toMatchObject({ storeId: line });
    const second = await identify();
    expect(second.code).toBe(1);
    expect(second.stdout).toBe('');
    expect(second.stderr).toContain('has a marker already');
    expect(second.stderr).toContain(`storeId: '${line}',`);
    expect(s3.objects.bucket(testBucket).get(storeMarkerKey)).toBe(marker);
    plumber = await PlumberProcess.start(s3.endpoint, { STORE_ID: line });
    expect(await bothAnswers()).toEqual(['restore', 'fresh']);
  });

  test('loses a race without harm: the condition of the PUT keeps the marker that came first', async () => {
    s3.fault = ({ operation }) => {
      if (operation === 'PutObject') return undefined;
      // The other one writes right after our look.
      if (operation === 'GetObject' && s3.seen.GetObject === 1) setImmediate(() => mark('the-other-one'));
      return undefined;
    };
    const { code, stderr } = await identify();
    expect([code, stderr.includes("storeId: 'the-other-one',")]).toEqual([1, true]);
    expect(s3.objects.bucket(testBucket).get(storeMarkerKey)).toContain('the-other-one');
  });

  test('never overwrites a marker on a server that ignores the condition of the PUT', async () => {
    const careless = await new FakeS3({ ignoreConditions: true }).start();
    careless.objects.put(testBucket, storeMarkerKey, 'something that can not be read');
    const { code, stderr } = await identify({ S3_ENDPOINT: careless.endpoint });
    await careless.stop();
    expect([code, stderr.includes('look at it by hand; it is not overwritten')]).toEqual([1, true]);
    expect(careless.objects.bucket(testBucket).get(storeMarkerKey)).toBe('something that can not be read');
  });

  test('fails with a reason where it can not look', async () => {
    expect((await identify({ S3_BUCKET: 'no-such-bucket' })).stderr).toBe(`pvc-plumber: bucket no-such-bucket does not exist on ${s3.endpoint}\n`);
    s3.fault = ({ operation }) => (operation === 'GetObject' ? faults['500'] : undefined);
    expect(await identify()).toMatchObject({ code: 1, stderr: expect.stringContaining('failed (500 InternalError)') as string });
    s3.fault = () => undefined;
    expect(await identify({ CREDENTIALS_DIR: '/nowhere' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no credentials yet') as string,
    });
    expect(s3.seen.PutObject).toBe(0);
  });
});
