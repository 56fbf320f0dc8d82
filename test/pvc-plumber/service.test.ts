import { readFileSync, renameSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { timeouts } from '../../lib/model/timeouts';
import { buildBundle, bundlePath as builtPath } from '../../pvc-plumber/build';
import { bundleText } from '../support/plumber-bundle';
import { eventually, newPlumber, newS3, stopAll } from '../support/plumber-fixture';
import { credentialsDir, runBundle } from '../support/plumber-process';
import { selfSigned } from '../../pvc-plumber/testing/certificate';
import { faults } from '../../pvc-plumber/testing/faults';
import { testBucket } from '../../pvc-plumber/testing/repositories';
import { scratchFolder } from '../support/scratch';

// Each test starts processes, on machines that may be busy.
jest.setTimeout(30_000);
afterEach(stopAll);

test('the committed bundle is what its sources build, is readable and far below the limit of a ConfigMap', async () => {
  const text = await buildBundle();
  expect(readFileSync(builtPath, 'utf8') === text).toBe(true);
  expect(bundleText() === text).toBe(true);
  expect(Buffer.byteLength(text)).toBeLessThan(512 * 1024);
  expect(text).not.toMatch(/\/(work|home|root|Users)\//);
  expect(await buildBundle()).toBe(text);
});

describe('the question', () => {
  test('contract of the description, "Test pvc-plumber": {"exists":true,"keyCount":n} or {"exists":false}', async () => {
    const plumber = await newPlumber(await newS3());
    const there = await plumber.get('/exists/karakeep/data-pvc');
    expect(there.status).toBe(200);
    expect(there.headers['content-type']).toBe('application/json');
    expect(JSON.parse(there.text)).toEqual({
      exists: true,
      keyCount: 3,
      decision: 'restore',
      authoritative: true,
      namespace: 'karakeep',
      pvc: 'data-pvc',
      reason: 'a kopia repository with data in karakeep/data-pvc/',
    });
    expect(there.text.startsWith('{"exists":true,"keyCount":')).toBe(true);
    const absent = await plumber.get('/exists/karakeep/other');
    expect(absent.status).toBe(200);
    expect(JSON.parse(absent.text)).toMatchObject({ exists: false, keyCount: 0, decision: 'fresh', authoritative: true });
  });

  test('trap 16: what Kubernetes would not accept is 400, and nothing is sent', async () => {
    const s3 = await newS3();
    const plumber = await newPlumber(s3);
    const long = 'a'.repeat(300);
    const bad = [
      `a/${long}`,
      `${long}/a`,
      `${'a'.repeat(64)}/a`,
      'a%2Fb/c',
      'a/b%2Fc',
      '../b',
      'a/..',
      'a/.',
      '%2e%2e/b',
      'A/b',
      'a/B',
      'a/-b',
      'a/b-',
      'a/b_c',
      'a.b/c',
      'a/',
      '/a',
      '/',
      '',
      'a',
      'a/b/',
      'a/b/c',
      'a/b%00',
      'a/\\b',
      "a/b'",
      'a/{{b}}',
      'a/ä',
    ];
    for (const path of bad) {
      const reply = await plumber.get(`/exists/${encodeURI(path).replaceAll('%25', '%')}`);
      expect([path, reply.status]).toEqual([path, 400]);
      expect(JSON.parse(reply.text)).toMatchObject({ exists: false, decision: 'unknown', authoritative: false });
    }
    expect(s3.requests).toBe(0);
    for (const good of [`${'a'.repeat(63)}/${'b'.repeat(253)}`, 'a/b.c-d.e', '0/1']) expect((await plumber.get(`/exists/${good}`)).status).toBe(200);
  });

  test('other methods are 405, other paths 404', async () => {
    const s3 = await newS3();
    const plumber = await newPlumber(s3);
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH']) {
      const reply = await plumber.get('/exists/karakeep/data-pvc', method);
      expect([method, reply.status, reply.headers.allow]).toEqual([method, 405, 'GET']);
    }
    for (const path of ['/', '/exist/a/b', '/existsa/b', '//exists/a/b', '/EXISTS/a/b', '/metrics/x'])
      expect([path, (await plumber.get(path)).status]).toEqual([path, 404]);
    expect(s3.requests).toBe(0);
  });

  test('headers of the caller, credentials and bodies of S3 never get into log or answer', async () => {
    const s3 = await newS3();
    const plumber = await newPlumber(s3, { LOG_LEVEL: 'debug' });
    await plumber.get('/exists/karakeep/data-pvc', 'GET', { authorization: 'Bearer kyverno-token', cookie: 'private' });
    s3.fault = () => faults['403'];
    const refused = await plumber.ask('karakeep', 'x');
    expect(refused.reason).toBe(`credentials were refused by ${s3.endpoint} for bucket ${testBucket} (403 AccessDenied)`);
    await plumber.stop();
    expect(plumber.lines.length).toBeGreaterThan(3);
    expect(plumber.output).not.toMatch(/kyverno-token|private|test-secret|AKIATEST|say the fake server|authorization/i);
  });
});

test('for a caller that reads no body but that of a success, an unknown has status 200, and is as little believed', async () => {
  const s3 = await newS3();
  const plumber = await newPlumber(s3);
  s3.fault = () => faults['403'];
  for (const [query, status] of [
    ['', 503],
    ['?explain', 200],
    ['?explain=x', 503],
    ['?x', 503],
  ] as const) {
    const reply = await plumber.get(`/exists/karakeep/data-pvc${query}`);
    expect([query, reply.status]).toEqual([query, status]);
    expect(JSON.parse(reply.text)).toMatchObject({
      decision: 'unknown',
      authoritative: false,
      exists: false,
      reason: expect.stringContaining('credentials'),
    });
  }
  expect((await plumber.get('/exists/karakeep/B?explain')).status).toBe(400);
});

describe('the Pod', () => {
  test('each mistake in the environment gets its line, and the exit code is 1', async () => {
    const { code, stderr } = await runBundle([], {
      S3_ENDPOINT: 'rustfs:9000/',
      BUDGET_MS: 'soon',
      STORE_ID: 'a b',
      WARM_UP: 'yes',
    });
    expect(code).toBe(1);
    expect(
      stderr
        .trim()
        .split('\n')
        .map((line) => line.split(':', 2).join(':')),
    ).toEqual(['S3_ENDPOINT', 'S3_BUCKET', 'BUDGET_MS', 'WARM_UP', 'STORE_ID'].map((name) => `pvc-plumber: ${name}`));
    expect(await runBundle(['backup'], {})).toMatchObject({
      code: 1,
      stderr: 'pvc-plumber: "backup" is not a command: leave it out to serve, or say "identify", "takeover", "repair" or "--help"\n',
    });
  });

  test('starts without S3 and without credentials, is ready, and says unknown until both are there', async () => {
    const s3 = await newS3();
    const directory = join(scratchFolder(), 'not-yet');
    await s3.stop();
    const plumber = await newPlumber(s3, { CREDENTIALS_DIR: directory, WARM_UP: 'true' });
    expect((await plumber.get('/readyz')).status).toBe(200);
    expect((await plumber.get('/healthz')).status).toBe(200);
    const first = await plumber.ask('karakeep', 'data-pvc');
    expect(first).toMatchObject({ status: 503, decision: 'unknown', authoritative: false });
    expect(first.reason).toMatch(/^no credentials yet: .*access-key-id and .*secret-access-key missing or empty$/);
    expect(first.error).toBe(first.reason);
    renameSync(credentialsDir(), directory);
    expect((await plumber.ask('karakeep', 'data-pvc')).decision).toBe('unknown');
    await s3.start();
    expect(await eventually(plumber, 'data-pvc', 'restore', 5000)).toBeLessThan(5000);
    expect(await eventually(plumber, 'none', 'fresh', 5000)).toBeLessThan(5000);
  });

  test('credentials are read anew when kubelet swaps them', async () => {
    const s3 = await newS3();
    const directory = scratchFolder();
    const version = (name: string, secret: string): void => {
      mkdirSync(join(directory, name));
      writeFileSync(join(directory, name, 'access-key-id'), 'AKIATEST\n');
      writeFileSync(join(directory, name, 'secret-access-key'), `${secret}\n`);
      symlinkSync(name, join(directory, '..tmp'));
      renameSync(join(directory, '..tmp'), join(directory, '..data'));
    };
    version('..v1', 'wrong');
    for (const name of ['access-key-id', 'secret-access-key']) symlinkSync(join('..data', name), join(directory, name));
    const plumber = await newPlumber(s3, { CREDENTIALS_DIR: directory });
    expect((await plumber.ask('karakeep', 'data-pvc')).reason).toMatch(/credentials were refused .*403 SignatureDoesNotMatch/);
    version('..v2', 'test-secret');
    await eventually(plumber, 'data-pvc', 'restore', 5000);
    version('..v3', 'wrong again');
    // Also what was remembered with the old credentials is worth nothing.
    await eventually(plumber, 'data-pvc', 'unknown', 5000);
    rmSync(join(directory, '..v3'), { recursive: true });
    await eventually(plumber, 'none', 'unknown', 5000);
  });

  test("trap 18: another endpoint or bucket in the Secret than the site's is unknown for every PVC, with both values", async () => {
    const s3 = await newS3();
    const bucket = await newPlumber(s3, { CREDENTIALS_DIR: credentialsDir({ bucket: 'old-bucket' }) });
    const reason = `the bucket in the Secret is "old-bucket", but the site's is "${testBucket}": backups may go elsewhere; make them equal`;
    expect(await bucket.ask('karakeep', 'data-pvc')).toMatchObject({ status: 503, decision: 'unknown', reason });
    const endpoint = await newPlumber(s3, { CREDENTIALS_DIR: credentialsDir({ endpoint: 'http://elsewhere:9000' }) });
    expect((await endpoint.ask('karakeep', 'none')).reason).toContain(`"http://elsewhere:9000", but the site's is "${s3.endpoint}"`);
    expect(s3.requests).toBe(0);
    const same = await newPlumber(s3, { CREDENTIALS_DIR: credentialsDir({ endpoint: `${s3.endpoint}/\n`, bucket: `${testBucket}\n` }) });
    expect((await same.ask('karakeep', 'data-pvc')).decision).toBe('restore');
  });

  test('SIGTERM: not ready at once, questions under way get their answer, exit code 0', async () => {
    const s3 = await newS3({ latencyMs: 300 });
    const plumber = await newPlumber(s3, { DRAIN_MS: '1000' });
    const question = plumber.ask('karakeep', 'data-pvc');
    await new Promise((resolve) => void setTimeout(resolve, 50));
    const started = performance.now();
    process.kill(plumber.pid, 'SIGTERM');
    await new Promise((resolve) => void setTimeout(resolve, 50));
    expect((await plumber.get('/readyz')).status).toBe(503);
    expect((await question).decision).toBe('restore');
    expect(await plumber.exited).toBe(0);
    expect(performance.now() - started).toBeLessThan(timeouts.plumberBudgetMs + 2500);
    expect(plumber.lines).toContainEqual(expect.objectContaining({ message: 'answered', pvc: 'data-pvc', decision: 'restore' }));
    expect(plumber.lines.at(-1)).toMatchObject({ message: 'stopped' });
  });

  test('an https endpoint with a CA of its own is trusted with NODE_EXTRA_CA_CERTS', async () => {
    const tls = selfSigned();
    const s3 = await newS3({ tls });
    const ca = join(scratchFolder(), 'ca.pem');
    writeFileSync(ca, tls.cert);
    const trusting = await newPlumber(s3, { NODE_EXTRA_CA_CERTS: ca });
    expect(await trusting.ask('karakeep', 'data-pvc')).toMatchObject({ decision: 'restore' });
    const other = await newPlumber(s3);
    expect((await other.ask('karakeep', 'data-pvc')).reason).toMatch(
      /has a TLS certificate that is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\): name its authority in NODE_EXTRA_CA_CERTS/,
    );
  });
});
