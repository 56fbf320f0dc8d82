/** A real database on the volume: it looks at owner and mode of its folder before it starts. */
import { execFile } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { check, same } from '../../harness/check';
import { read } from '../../harness/data';
import type { DataLife } from '../../harness/data-life';
import { sandboxFile } from '../../harness/sandbox';

/** Where Debian's package has its programs. */
function programs(): string | undefined {
  const root = '/usr/lib/postgresql';
  const version = existsSync(root) ? readdirSync(root).toSorted().at(-1) : undefined;
  return version === undefined ? undefined : join(root, version, 'bin');
}

const uid = 26;

/** PostgreSQL as an application runs it: a user of its own, its data in a folder of the volume. */
class Postgres {
  private readonly data: string;

  constructor(
    private readonly bin: string,
    volume: string,
    private readonly sockets: string,
  ) {
    this.data = join(volume, 'pgdata');
    mkdirSync(sockets, { recursive: true });
    chownSync(sockets, uid, uid);
  }

  async create(): Promise<void> {
    mkdirSync(this.data);
    chownSync(this.data, uid, uid);
    chmodSync(this.data, 0o700);
    await this.run('initdb', '-D', this.data, '-U', 'app', '--auth=trust', '--no-sync');
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    const options = `-c listen_addresses= -k ${this.sockets}`;
    await this.run('pg_ctl', '-D', this.data, '-w', '-t', '60', '-l', join(this.sockets, 'log'), '-o', options, 'start');
    try {
      return await work();
    } finally {
      await this.run('pg_ctl', '-D', this.data, '-w', '-m', 'immediate', 'stop');
    }
  }

  async sql(text: string): Promise<string> {
    return (await this.run('psql', '-h', this.sockets, '-U', 'app', '-d', 'postgres', '-Atc', text)).trim();
  }

  private async run(program: string, ...args: string[]): Promise<string> {
    const user = ['--reuid', String(uid), '--regid', String(uid), '--clear-groups', '--'];
    const { stdout } = await promisify(execFile)('setpriv', [...user, join(this.bin, program), ...args], {
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    });
    return stdout;
  }
}

export const postgresLives: readonly DataLife[] = [
  {
    name: 'PostgreSQL starts on the restored volume, and has every row',
    pvcs: 1,
    calm: true,
    play: async (stage) => {
      const bin = programs();
      if (bin === undefined) return "NOT PLAYED: Debian's package postgresql is not installed";
      const ns = 'postgres';
      await stage.world.namespace(ns);
      await stage.admitted(ns, 'data');
      await stage.bound(ns, 'data');
      const folder = await stage.world.node.volumes.folderOf(ns, 'data');
      await stage.world.node.volumes.atRest(folder);
      chmodSync(folder, 0o755);
      const before = new Postgres(bin, folder, sandboxFile('postgres/before'));
      await before.create();
      await before.during(() => before.sql('create table t as select generate_series(1, 10000) as n'));
      await stage.backUp(ns, 'data', read(folder));
      await stage.lose(ns, 'data');
      await stage.admitted(ns, 'data');
      await stage.restored(ns, 'data');
      const after = new Postgres(bin, await stage.world.node.volumes.folderOf(ns, 'data'), sandboxFile('postgres/after'));
      const rows = await after.during(() => after.sql('select count(*), sum(n) from t'));
      same(rows, '10000|50005000', 'what is in the table');
      check(rows !== '', 'the database answers');
      return undefined;
    },
  },
];
