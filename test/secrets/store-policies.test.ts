import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { storeLeaseKey, storeMarkerKey } from '../../lib/model/object-store';
import { bucketPolicy, moverPolicy, moverUser, plumberUser, userPolicies } from '../../lib/secrets/store-policies';
import { credentialsDir, PlumberProcess, runBundle } from '../support/plumber-process';
import { describeWhere } from '../support/not-tested';
import { scratchFolder } from '../support/scratch';
import { builtTools, secretOf, Versity } from '../support/versity';
import { pause } from '../support/raw-client';
import { repository } from '../../verify/tree';

// A real S3 server and real Kopia, on machines that may be busy.
jest.setTimeout(120_000);

const { bucket } = Versity;
const options = { bucket, hidesMissing: false };
const [a, b] = [moverUser('team-a'), moverUser('team-b')];

test('a mover’s policy names its own folder only; without a prefix it may list only where the server hides what is missing', () => {
  for (const hidesMissing of [false, true]) {
    const { Statement } = moverPolicy({ bucket, hidesMissing }, 'team-a');
    const objects = Statement.filter(({ Action }) => Action.some((action) => action.includes('Object')));
    expect(objects.flatMap(({ Resource }) => Resource)).toEqual([`arn:aws:s3:::${bucket}/team-a/*`]);
    expect(Statement.filter(({ Condition }) => Condition?.['Null'] !== undefined).length).toBe(hidesMissing ? 1 : 0);
  }
});

test('one user has one policy, and each statement of the bucket’s has an id and a user of its own', () => {
  expect(Object.keys(userPolicies(options, ['team-a', 'team-b']))).toEqual([a, b, plumberUser]);
  const { Statement } = bucketPolicy(options, ['team-a', 'team-b'], 'arn:aws:iam::1:user/') as {
    Statement: { Sid: string; Principal: { AWS: string[] } }[];
  };
  expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length);
  expect(Statement.filter(({ Sid }) => !/^[A-Za-z0-9]+$/.test(Sid))).toEqual([]);
  expect(Statement[0]?.Principal).toEqual({ AWS: [`arn:aws:iam::1:user/${a}`] });
});

test('the command takes the bucket from main.ts, and refuses what is not a namespace', async () => {
  const folder = scratchFolder();
  // What stands in the main.ts of this repository is the user's.
  const site = join(repository, '.cache', `store-policies-${process.pid}`);
  mkdirSync(site, { recursive: true });
  writeFileSync(
    join(site, 'main.ts'),
    "import { homelab } from '../../examples/homelab/site';\nimport { synth } from '../../lib';\n\nsynth(homelab);\n",
  );
  const command = ['--import', 'tsx', join(repository, 'scripts/store-policies.ts')];
  const run = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)(process.execPath, [...command, ...args], { cwd: site }).catch((error: { stdout: string; stderr: string }) => error);
  const [printed, policyOfBucket, wrong, written] = await Promise.all([
    run('team-a'),
    run('--bucket-policy', '--amazon', 'team-a'),
    run('Team_A'),
    run('--out', join(folder, 'policies'), 'team-a'),
  ]);
  expect(JSON.parse(printed.stdout)).toEqual(userPolicies(options, ['team-a']));
  expect(JSON.parse(policyOfBucket.stdout)).toEqual(bucketPolicy({ bucket, hidesMissing: true }, ['team-a'], ''));
  expect([wrong.stdout, wrong.stderr]).toEqual(['', '"Team_A" is not the name of a namespace: 1 to 63 lower-case letters, digits and dashes\n']);
  expect([written.stdout, written.stderr]).toEqual(['', '']);
  rmSync(site, { recursive: true });
});

const tools = builtTools();
const lacking =
  tools === undefined
    ? 'the policies of the store on a real S3 server: the programs of the e2e run are not built (npm run e2e builds them)'
    : undefined;

describeWhere(lacking, 'on a server that keeps to them', () => {
  let server: Versity;
  const { versitygw = '', kopia = '' } = tools ?? {};

  beforeAll(async () => {
    server = await Versity.start(versitygw, [a, b, plumberUser]);
    await server.ask('root', 'PUT', '?policy', JSON.stringify(bucketPolicy(options, ['team-a', 'team-b'], '')));
    await server.ask('root', 'PUT', '/team-b/data/p1', 'data of b');
    await server.ask('root', 'PUT', `/${storeMarkerKey}`, '{"storeId":"5f1d7c"}');
  });

  afterAll(() => server.stop());

  /** Kopia as the movers run it, with the key of a user. */
  const kopiaOf = (user: string, prefix: string) => {
    const home = scratchFolder();
    const env = { HOME: home, KOPIA_PASSWORD: `password of ${user}`, KOPIA_CHECK_FOR_UPDATES: 'false' };
    const run = (...args: string[]): Promise<{ stdout: string; stderr: string }> => promisify(execFile)(kopia, args, { env });
    const place = ['s3', `--bucket=${bucket}`, `--prefix=${prefix}/`, `--endpoint=${server.endpoint.slice('http://'.length)}`, '--disable-tls'];
    const keys = [`--access-key=${user}`, `--secret-access-key=${secretOf(user)}`];
    return { run, open: (how: 'create' | 'connect') => run('repository', how, ...place, ...keys), home };
  };

  test('a mover backs up, restores and maintains below its own folder', async () => {
    const { run, open, home } = kopiaOf(a, 'team-a/data');
    const [source, target] = [join(home, 'source'), join(home, 'target')];
    mkdirSync(source);
    writeFileSync(join(source, 'file'), 'x'.repeat(100_000));
    await expect(open('connect')).rejects.toThrow(/not initialized/);
    await open('create');
    await run('snapshot', 'create', source);
    await run('maintenance', 'run', '--full', '--safety=none');
    const { stdout } = await run('snapshot', 'list', '--json');
    const [snapshot] = JSON.parse(stdout) as { id: string }[];
    await run('snapshot', 'restore', snapshot?.id ?? '', target);
    await run('snapshot', 'delete', snapshot?.id ?? '', '--delete');
  });

  test.each<[method: string, path: string]>([
    ['GET', '/team-b/data/p1'],
    ['HEAD', '/team-b/data/p1'],
    ['PUT', '/team-b/data/p1'],
    ['DELETE', '/team-b/data/p1'],
    ['GET', '?list-type=2&prefix=team-b/data/'],
    ['GET', '?list-type=2&prefix=team-'],
    ['GET', '?list-type=2'],
    ['GET', '?versions&prefix=team-b/'],
    ['PUT', `/${storeMarkerKey}`],
    ['GET', `/${storeLeaseKey}`],
    ['PUT', `/${storeLeaseKey}`],
    ['PUT', '?policy'],
    ['DELETE', '?policy'],
    ['DELETE', ''],
  ])('the mover of one namespace can’t %s %s', async (method, path) => {
    expect(await server.ask(a, method, path, method === 'PUT' ? '{}' : undefined)).toBe(403);
    expect(await server.ask(b, 'GET', '/team-b/data/p1')).toBe(200);
  });

  test('Kopia of one namespace can’t open the repository of another', async () => {
    await expect(kopiaOf(a, 'team-b/data').open('connect')).rejects.toThrow(/Access Denied/);
  });

  test.each<[method: string, path: string]>([
    ['GET', '/team-b/data/p1'],
    ['PUT', '/team-b/data/p1'],
    ['PUT', '/team-b/data/kopia.repository'],
    ['DELETE', '/team-b/data/p1'],
    ['DELETE', `/${storeLeaseKey}`],
    ['PUT', `/${storeMarkerKey}`],
    ['DELETE', `/${storeMarkerKey}`],
    ['DELETE', '?policy'],
  ])('pvc-plumber can’t %s %s', async (method, path) => {
    expect(await server.ask(plumberUser, method, path, method === 'PUT' ? '{}' : undefined)).toBe(403);
  });

  test('pvc-plumber answers, keeps the lease, checks the marker and scans with its key', async () => {
    const { open, run, home } = kopiaOf(a, 'team-a/answers');
    writeFileSync(join(home, 'file'), 'y'.repeat(50_000));
    await open('create');
    await run('snapshot', 'create', join(home, 'file'));
    const token = `x.${Buffer.from(JSON.stringify({ 'kubernetes.io': { serviceaccount: { uid: 'this-cluster' } } })).toString('base64url')}.x`;
    const tokenFile = join(scratchFolder(), 'token');
    writeFileSync(tokenFile, token);
    const env = {
      CREDENTIALS_DIR: credentialsDir({ 'access-key-id': plumberUser, 'secret-access-key': secretOf(plumberUser) }),
      STORE_ID: '5f1d7c',
      CLUSTER_TOKEN_FILE: tokenFile,
      WARM_UP: 'true',
      SCAN_INTERVAL_MS: '1000',
    };
    const plumber = await PlumberProcess.start(server.endpoint, env);
    try {
      // Until it holds the lease it does not know.
      const decided = async (namespace: string, name: string): Promise<string> => {
        for (let tries = 0; ; tries += 1) {
          const { decision, reason } = await plumber.ask(namespace, name);
          if (decision !== 'unknown') return decision;
          if (tries > 50) throw new Error(reason);
          await pause(200);
        }
      };
      expect(await decided('team-a', 'answers')).toBe('restore');
      expect(await decided('team-c', 'never')).toBe('fresh');
      expect(await plumber.ask('team-b', 'data')).toMatchObject({ decision: 'unknown', reason: expect.stringContaining('damaged') as string });
      for (let tries = 0; tries < 200 && !plumber.output.includes('the store was scanned'); tries += 1) await pause(50);
      expect((await plumber.get('/metrics')).text).toContain('pvc_plumber_backup_restorable{namespace="team-a",persistentvolumeclaim="answers"} 1');
      expect(plumber.output).toContain('this cluster holds the lease of the store');
      // Its key can't give the store another identity.
      const base = { S3_ENDPOINT: server.endpoint, S3_BUCKET: bucket, CREDENTIALS_DIR: env.CREDENTIALS_DIR };
      expect((await runBundle(['identify'], base)).stderr).toContain('has a marker already');
    } finally {
      await plumber.stop('SIGKILL');
    }
  });
});
