import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { credentialsDir, PlumberProcess } from '../support/plumber-process';
import { describeWhere } from '../support/not-tested';
import { scratchFolder } from '../support/scratch';
import { builtTools, secretOf, Versity } from '../support/versity';

// A real S3 server and real Kopia, on machines that may be busy.
jest.setTimeout(120_000);

const tools = builtTools();
const lacking =
  tools === undefined
    ? 'what pvc-plumber says of repositories that Kopia itself wrote: the programs of the e2e run are not built (npm run e2e builds them)'
    : undefined;

describeWhere(lacking, 'repositories that Kopia itself wrote', () => {
  const { versitygw = '', kopia = '' } = tools ?? {};
  let server: Versity;
  let plumber: PlumberProcess;

  beforeAll(async () => {
    server = await Versity.start(versitygw, []);
    plumber = await PlumberProcess.start(server.endpoint, {
      CREDENTIALS_DIR: credentialsDir({ 'access-key-id': 'root', 'secret-access-key': secretOf('root') }),
      CACHE_TTL_MS: '0',
    });
  });

  afterAll(async () => {
    await plumber.stop('SIGKILL');
    await server.stop();
  });

  /** A repository in which a folder was backed up so many times, by what VolSync's entry script runs. */
  async function repository(path: string, fill: (folder: string) => void, backups: number): Promise<void> {
    const [home, source] = [scratchFolder(), scratchFolder()];
    fill(source);
    const env = { HOME: home, KOPIA_PASSWORD: 'password', KOPIA_CHECK_FOR_UPDATES: 'false' };
    const run = (...args: string[]): Promise<unknown> => promisify(execFile)(kopia, args, { env });
    const place = [`--bucket=${Versity.bucket}`, `--prefix=${path}/`, `--endpoint=${server.endpoint.slice('http://'.length)}`, '--disable-tls'];
    await run('repository', 'create', 's3', ...place, '--access-key=root', `--secret-access-key=${secretOf('root')}`);
    for (let i = 0; i < backups; i += 1) {
      await run('policy', 'set', source, '--compression=zstd-fastest');
      await run('snapshot', 'create', source);
      await run(
        'policy',
        'set',
        source,
        '--keep-hourly=24',
        '--keep-daily=7',
        '--keep-weekly=4',
        '--keep-monthly=2',
        '--keep-annual=0',
        '--keep-latest=0',
      );
    }
  }

  const file = (folder: string): void => writeFileSync(join(folder, 'file'), 'data '.repeat(20_000));
  const foldersOnly = (folder: string): void => void mkdirSync(join(folder, 'mail', 'cur'), { recursive: true });

  async function decisionOn(name: string): Promise<[string, string]> {
    const { decision, reason } = await plumber.ask('real', name);
    return [decision, reason];
  }

  test('one with a file is restored, and one that was only created is fresh', async () => {
    await repository('real/filled', file, 1);
    await repository('real/created', file, 0);
    expect(await decisionOn('filled')).toEqual(['restore', expect.any(String)]);
    expect(await decisionOn('created')).toEqual(['fresh', 'a kopia repository in real/created/ that holds no data']);
  });

  test.each([1, 3])('data that is gone after %s backups is never fresh', async (backups) => {
    const name = `lost-${backups}`;
    await repository(`real/${name}`, file, backups);
    expect(await server.deleteAll(`real/${name}/p`)).toBeGreaterThan(0);
    expect(await decisionOn(name)).toEqual(['unknown', expect.stringContaining('that backups wrote to, but none of their data')]);
  });

  test('backups of folders only are never fresh', async () => {
    await repository('real/folders', foldersOnly, 2);
    expect(await decisionOn('folders')).toEqual(['unknown', expect.stringContaining('they held folders only')]);
  });
});
