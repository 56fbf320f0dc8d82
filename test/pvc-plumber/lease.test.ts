import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { storeLeaseKey } from '../../lib/model/object-store';
import { clusterIdentity } from '../../pvc-plumber/cluster-identity';
import { Lease } from '../../pvc-plumber/lease';
import { Log } from '../../pvc-plumber/log';
import { S3Client } from '../../pvc-plumber/s3/client';
import { RequestLimit } from '../../pvc-plumber/s3/request-limit';
import { Transport } from '../../pvc-plumber/s3/transport';
import { filledKopiaBlobs, putBlobs, testBucket } from '../../pvc-plumber/testing/repositories';
import { FakeS3, type FakeS3Options, testCredentials } from '../../pvc-plumber/testing/server';
import { credentialsDir, PlumberProcess, runBundle } from '../support/plumber-process';
import { scratchFolder } from '../support/scratch';

jest.setTimeout(180_000);

const renewMs = 300;
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function newStore(options: FakeS3Options = {}): Promise<FakeS3> {
  const s3 = await new FakeS3(options).start();
  s3.objects.bucket(testBucket);
  ends.push(() => s3.stop());
  return s3;
}

/** The lease as one cluster sees it. */
function leaseOf(s3: FakeS3, cluster: string): Lease {
  const store = { endpoint: s3.endpoint, bucket: testBucket };
  const transport = new Transport(store, 4, () => undefined);
  const client = new S3Client({ store, region: 'us-east-1', credentials: () => testCredentials, transport, limit: new RequestLimit(4) });
  const lease = new Lease({ client, store, cluster: () => cluster, renewMs, budgetMs: 1000, log: new Log('error', () => undefined) });
  ends.push(() => {
    lease.stop();
    transport.close();
  });
  return lease;
}

async function until(what: string, seconds: number, look: () => boolean): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!look()) {
    if (performance.now() > end) throw new Error(`not in ${seconds} s: ${what}`);
    await sleep(20);
  }
}

const problemOf = (lease: Lease): string => {
  try {
    lease.check();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

/** A file like the one that Kubernetes mounts. */
function tokenFile(uid: string = randomUUID()): string {
  const claims = { aud: ['zero-touch-pvc'], 'kubernetes.io': { serviceaccount: { name: 'pvc-plumber', uid } } };
  const file = join(scratchFolder(), 'token');
  writeFileSync(file, `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`);
  return file;
}

test('one cluster holds the lease, and the other is told who does and what to do', async () => {
  const s3 = await newStore();
  const [first, second] = [leaseOf(s3, 'first'), leaseOf(s3, 'second')];
  first.start();
  await until('the first one holds it', 10, () => first.isOurs === true);
  second.start();
  await until('the second one has looked', 10, () => second.isOurs === false);
  expect(problemOf(first)).toBe('');
  expect(problemOf(second)).toMatch(/another cluster \(first\) holds the lease of bucket .* renewed it \d+ s ago.*takeover$/);
  await sleep(renewMs * 8);
  expect([first.isOurs, second.isOurs]).toEqual([true, false]);
});

test('when the cluster that holds it is gone, the other one takes over by itself, and not before its time', async () => {
  const s3 = await newStore();
  const [first, second] = [leaseOf(s3, 'first'), leaseOf(s3, 'second')];
  first.start();
  await until('the first one holds it', 10, () => first.isOurs === true);
  second.start();
  first.stop();
  const stopped = performance.now();
  await until('the second one holds it', 15, () => second.isOurs === true);
  // HTTP dates have no fractions of a second.
  expect(performance.now() - stopped).toBeGreaterThan(renewMs * 5 - 1000);
  expect(JSON.parse(s3.objects.bucket(testBucket).get(storeLeaseKey) ?? '')).toMatchObject({ cluster: 'second' });
});

test.each([
  ['a server with conditions', {}],
  ['a server that ignores conditions', { ignoreConditions: true }],
])('of clusters that come at the same moment one holds the lease: %s', async (_, options) => {
  for (let round = 0; round < 8; round += 1) {
    const s3 = await newStore(options);
    const all = ['a', 'b', 'c'].map((name) => leaseOf(s3, name));
    for (const lease of all) lease.start();
    await until('all have looked', 10, () => all.every((lease) => lease.isOurs !== undefined));
    for (let look = 0; look < 10; look += 1) {
      expect(all.filter((lease) => lease.isOurs === true).length).toBeLessThanOrEqual(1);
      await sleep(20);
    }
    for (const lease of all) lease.stop();
  }
});

test('a store that is away for a moment takes the lease from nobody; one that is away too long leaves a doubt', async () => {
  const s3 = await newStore();
  const lease = leaseOf(s3, 'first');
  lease.start();
  await until('it is held', 10, () => lease.isOurs === true);
  s3.fault = () => (response) => response.destroy();
  await sleep(renewMs * 2);
  expect(problemOf(lease)).toBe('');
  await until('it is over', 15, () => problemOf(lease) !== '');
  expect(problemOf(lease)).toMatch(/could not be renewed for \d+ s: another cluster may have taken it/);
  s3.fault = () => undefined;
  await until('it is held again', 15, () => problemOf(lease) === '');
});

test('a lease that nobody can read counts as another cluster’s, as long as it is fresh', async () => {
  const s3 = await newStore();
  s3.objects.put(testBucket, storeLeaseKey, 'not JSON');
  const lease = leaseOf(s3, 'first');
  lease.start();
  await until('it has looked', 10, () => lease.isOurs !== undefined);
  expect(problemOf(lease)).toMatch(/another cluster \(unreadable\)/);
});

test('two clusters with pvc-plumber: the second answers nothing until it takes over, and then the first answers nothing', async () => {
  const s3 = await newStore();
  putBlobs(s3, 'app/data', filledKopiaBlobs);
  const start = async (file: string): Promise<PlumberProcess> => {
    const plumber = await PlumberProcess.start(s3.endpoint, { CLUSTER_TOKEN_FILE: file, LEASE_RENEW_MS: '1000', CACHE_TTL_MS: '0' });
    ends.push(() => plumber.stop());
    return plumber;
  };
  const [mine, other] = [tokenFile(), tokenFile()];
  const first = await start(mine);
  const answers = async (plumber: PlumberProcess, decision: string): Promise<string> => {
    for (let tries = 0; ; tries += 1) {
      const answer = await plumber.ask('app', 'data');
      if (answer.decision === decision) return answer.reason;
      if (tries > 100) throw new Error(`not ${decision}: ${answer.reason}`);
      await sleep(100);
    }
  };
  await answers(first, 'restore');
  const second = await start(other);
  expect((await second.ask('app', 'data')).reason).toContain(`another cluster (${clusterIdentity(mine)})`);
  expect((await second.ask('app', 'nothing')).decision).toBe('unknown');
  const env = { S3_ENDPOINT: s3.endpoint, S3_BUCKET: testBucket, CREDENTIALS_DIR: credentialsDir(), CLUSTER_TOKEN_FILE: other };
  const { code, stdout } = await runBundle(['takeover'], env);
  expect([code, stdout]).toEqual([0, `The lease of the store was held by ${clusterIdentity(mine)}; this cluster holds it now.\n`]);
  await answers(second, 'restore');
  expect(await answers(first, 'unknown')).toContain(`another cluster (${clusterIdentity(other)})`);
  expect((await first.get('/metrics')).text).toContain('pvc_plumber_store_lease 0');
  expect((await second.get('/metrics')).text).toContain('pvc_plumber_store_lease 1');
  expect(await runBundle(['takeover'], { ...env, CLUSTER_TOKEN_FILE: '' })).toMatchObject({
    code: 1,
    stderr: 'pvc-plumber: CLUSTER_TOKEN_FILE: missing; run this in a Pod of pvc-plumber, where the tree sets it\n',
  });
});

test('an empty store gets its lease while pvc-plumber looks whether it is one store: no doubt comes of that', async () => {
  for (let round = 0; round < 5; round += 1) {
    const s3 = await newStore();
    // The connections of one probe get their answers one after another, and the lease is written in between.
    let listed = 0;
    s3.fault = ({ operation }) => {
      if (operation !== 'ListObjects') return undefined;
      listed += 1;
      const delayMs = (listed % 10) * 8;
      return (response, { status, body }) => void setTimeout(() => response.writeHead(status).end(body), delayMs);
    };
    const plumber = await PlumberProcess.start(s3.endpoint, { CLUSTER_TOKEN_FILE: tokenFile(), WARM_UP: 'true' });
    ends.push(() => plumber.stop());
    await sleep(1500);
    let answer = await plumber.ask('app', `data-${round}`);
    // On a busy machine the lease, or all looks at the store, take longer than there is time for. That says nothing about the store, and goes by itself.
    for (let again = 0; again < 20 && /no answer from|not read yet/.test(answer.reason); again += 1) {
      await sleep(500);
      answer = await plumber.ask('app', `data-${round}`);
    }
    expect(`${answer.decision}: ${answer.reason}`).toMatch(/^fresh: /);
  }
});

test('where the identity of the cluster can’t be read, nothing is answered', async () => {
  const s3 = await newStore();
  const plumber = await PlumberProcess.start(s3.endpoint, { CLUSTER_TOKEN_FILE: join(scratchFolder(), 'none') });
  ends.push(() => plumber.stop());
  const { decision, reason } = await plumber.ask('app', 'data');
  expect([decision, reason]).toEqual(['unknown', expect.stringMatching(/could not be taken: .*ENOENT/)]);
});
