/** A real database on the volume: it looks at owner and mode of its folder before it starts. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { same } from '../../harness/check';
import { read } from '../../harness/data';
import type { DataScenario } from '../../harness/data-scenario';

/** Where Debian's package has its programs. */
function programs(): string | undefined {
  const root = '/usr/lib/postgresql';
  const version = existsSync(root) ? readdirSync(root).toSorted().at(-1) : undefined;
  return version === undefined ? undefined : join(root, version, 'bin');
}

/**
 * Runs PostgreSQL as an application does: its own user, its data in a folder of the volume, which is mounted where that user may go. It ends as in a power cut.
 *
 * @param sql what is asked while it runs
 * @returns the answer
 */
async function postgres(bin: string, volume: string, sql: string): Promise<string> {
  const script = [
    'set -eu',
    'bin=$1 volume=$2 sql=$3',
    'mount -t tmpfs tmpfs /mnt && mkdir /mnt/volume /mnt/run',
    'mount --bind "$volume" /mnt/volume',
    'chown postgres:postgres /mnt/run',
    'as() { setpriv --reuid postgres --regid postgres --init-groups -- "$@"; }',
    // A new volume belongs to root: the folder is made for the database, as its chart would.
    '[ -e /mnt/volume/pgdata ] || { install -d -o postgres -g postgres -m 0700 /mnt/volume/pgdata; as "$bin/initdb" -D /mnt/volume/pgdata -U app --auth=trust --no-sync >&2; }',
    'cd /mnt/run',
    'as "$bin/pg_ctl" -D /mnt/volume/pgdata -w -t 60 -l /mnt/run/log -o "-c listen_addresses= -k /mnt/run" start >&2 || { cat /mnt/run/log >&2; exit 1; }',
    'as "$bin/psql" -h /mnt/run -U app -d postgres -Atc "$sql"',
    'as "$bin/pg_ctl" -D /mnt/volume/pgdata -w -m immediate stop >&2',
  ].join('\n');
  const { stdout } = await promisify(execFile)('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', bin, volume, sql], {
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  return stdout.trim();
}

export const postgresScenarios: readonly DataScenario[] = [
  {
    name: 'PostgreSQL starts on the restored volume, and has every row',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      const bin = programs();
      if (bin === undefined) return "NOT PLAYED: Debian's package postgresql is not installed";
      const ns = 'postgres';
      await context.cluster.namespace(ns);
      await context.admitted(ns, 'data');
      await context.bound(ns, 'data');
      const { volumes } = context.cluster.node;
      const folder = await volumes.folderOf(ns, 'data');
      await volumes.atRest(folder);
      await postgres(bin, folder, 'create table t as select generate_series(1, 10000) as n');
      await context.backUp(ns, 'data', read(folder));
      await context.lose(ns, 'data');
      await context.admitted(ns, 'data');
      await context.restored(ns, 'data');
      const restored = await volumes.folderOf(ns, 'data');
      await volumes.atRest(restored);
      same(await postgres(bin, restored, 'select count(*), sum(n) from t'), '10000|50005000', 'what is in the table');
      // The database has written: the backup that follows a restore may have met it before or after.
      await context.backUp(ns, 'data', read(restored));
      return undefined;
    },
  },
];
