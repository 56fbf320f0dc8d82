import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWhere } from '../support/not-tested';
import { scratchFolder } from '../support/scratch';
import { repository } from '../../verify/tree';

jest.setTimeout(60_000);

/** What a mover's image has, and this machine lacks. */
function missing(): string[] {
  return ['bash -c true', 'jq -n 1', 'stat -c %.9X /', 'stat -f -c %b /', 'find / -maxdepth 0 -xdev', 'cksum /dev/null'].filter((command) => {
    try {
      execFileSync('sh', ['-c', command], { stdio: 'ignore' });
      return false;
    } catch {
      return true;
    }
  });
}

/** As VolSync's entry script calls Kopia, with its habit of ending well when there is nothing to restore. */
const entry = `#!/bin/bash
set -e -o pipefail
KOPIA=(kopia --config-file=x)
if [[ $1 == backup ]]; then
  if ! "\${KOPIA[@]}" snapshot create "$DATA_DIR" 2>&1 | cat; then exit 1; fi
  exit
fi
list=$("\${KOPIA[@]}" snapshot list data-backup@app:/data --json 2>/dev/null) || true
id=$(jq -r 'reverse | .[0].id // empty' <<<"$list" 2>/dev/null || true)
if [[ -z $id ]]; then echo 'No eligible snapshots found'; exit 0; fi
cd "$DATA_DIR"
"\${KOPIA[@]}" snapshot restore "$id" . --write-files-atomically --ignore-permission-errors
echo 'Snapshot restore completed successfully'
`;

/** Writes down how it is called, lists what the test wrote, restores a file, and fails where the test says so. */
const kopia = `#!/bin/bash
echo "$*" >>"$HOME/calls"
[[ -z "\${FAILS:-}" || " $* " != *" $FAILS "* ]] || exit 1
case " $* " in
  *' policy show '*) echo '{"files":{}}' ;;
  *' snapshot list '*) cat "$HOME/list" ;;
  *' snapshot restore '*) echo restored >file ;;
esac
`;

interface Snapshot {
  readonly id: string;
  readonly startTime: string;
  readonly incomplete?: string;
  readonly stats?: { readonly errorCount: number };
}

const good = (id: string, startTime: string): Snapshot => ({ id, startTime });

class Mover {
  readonly home = scratchFolder();
  readonly data = join(this.home, 'data');
  private child: ChildProcess | undefined;
  output = '';

  constructor(snapshots: readonly Snapshot[] = []) {
    mkdirSync(this.data);
    mkdirSync(join(this.home, 'bin'));
    writeFileSync(join(this.home, 'list'), JSON.stringify(snapshots));
    writeFileSync(join(this.home, 'entry.sh'), entry, { mode: 0o755 });
    writeFileSync(join(this.home, 'bin', 'kopia'), kopia, { mode: 0o755 });
  }

  /** Runs it until it ends, or until it says something, and then tells it to end. @returns the exit code */
  run(task: 'backup' | 'restore', env: Record<string, string> = {}, until?: RegExp): Promise<number | null> {
    // A folder of its own in place of the container's /tmp.
    const script = readFileSync(join(repository, 'lib', 'volsync', 'mover.sh'), 'utf8').replace(
      'state=/tmp/volsync-backup',
      `state=${this.home}/state`,
    );
    const path = `${join(this.home, 'bin')}:${process.env['PATH']}`;
    const child = spawn('bash', ['-c', script, join(this.home, 'entry.sh'), task], {
      env: { PATH: path, HOME: this.home, DATA_DIR: this.data, ...env },
      detached: true,
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk.toString('utf8');
        if (until?.test(this.output) === true) this.child?.kill('SIGTERM');
      });
    }
    // What it started would end with it in a container.
    const endAll = (): void => {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // Nothing is left.
      }
    };
    return new Promise((resolve) => {
      let code: number | null = null;
      child.on('exit', (exitCode) => {
        code = exitCode;
        endAll();
      });
      child.on('close', () => resolve(code));
    });
  }

  get calls(): string[] {
    return readFileSync(join(this.home, 'calls'), 'utf8').trim().split('\n');
  }
}

const programs = missing();
const lacking = programs.length > 0 ? `the script around the mover: this machine can't do ${programs.join(', ')}` : undefined;

describeWhere(lacking, 'the script around VolSync’s entry script', () => {
  test('a backup fails at the first file that can not be read, and leaves nothing out', async () => {
    const mover = new Mover();
    expect(await mover.run('backup')).toBe(0);
    expect(mover.calls.at(-1)).toMatch(/snapshot create .*data --fail-fast$/);
    expect(mover.calls.join('\n')).toMatch(/policy set --global --ignore-cache-dirs=false --add-dot-ignore=\. --remove-dot-ignore=\.kopiaignore/);
  });

  test('a backup that fails says that the last good one stays', async () => {
    const mover = new Mover();
    expect(await mover.run('backup', { FAILS: 'snapshot create' })).not.toBe(0);
    expect(mover.output).toContain('the last good backup stays');
  });

  test('a restore takes the newest snapshot that is complete and without errors, long names and holes included, and says so last', async () => {
    const mover = new Mover([
      good('old', '2026-01-01T00:00:00Z'),
      good('wanted', '2026-01-02T00:00:00.5Z'),
      { ...good('cut', '2026-01-03T00:00:00Z'), incomplete: 'checkpoint' },
      { ...good('partial', '2026-01-04T00:00:00Z'), stats: { errorCount: 1 } },
    ]);
    expect(await mover.run('restore')).toBe(0);
    const restore = mover.calls.find((call) => call.includes('snapshot restore'))!;
    expect(restore).toMatch(/snapshot restore wanted \. --(no-)?ignore-permission-errors --write-sparse-files$/);
    expect(mover.output).toContain('passed over: 2026-01-03T00:00:00Z 2026-01-04T00:00:00Z');
    expect(mover.output.trim().split('\n').at(-1)).toBe('[INFO] Snapshot restore completed and checked: snapshot wanted of 2026-01-02T00:00:00.5Z');
    expect(readdirSync(mover.data)).toEqual(['file']);
  });

  test('a second run over what was restored writes nothing', async () => {
    const mover = new Mover([good('one', '2026-01-01T00:00:00Z')]);
    expect(await mover.run('restore')).toBe(0);
    expect(await mover.run('restore')).toBe(0);
    expect(mover.calls.filter((call) => call.includes('snapshot restore'))).toHaveLength(1);
    expect(mover.output).toContain('nothing is written');
  });

  test.each([
    ['the newest but one', { KOPIA_PREVIOUS: '1' }, 'first'],
    ['the newest that is not younger than a time', { KOPIA_RESTORE_AS_OF: '2026-01-01T12:00:00Z' }, 'first'],
    ['one with errors, when its very time is named', { KOPIA_RESTORE_AS_OF: '2026-01-03T00:00:00Z' }, 'partial'],
    ['the newest, when no time is meant', { KOPIA_RESTORE_AS_OF: '9999-12-31T23:59:59Z', KOPIA_PREVIOUS: '0' }, 'second'],
  ])('what is offered to the entry script: %s', async (_, env, wanted) => {
    const mover = new Mover([
      good('first', '2026-01-01T00:00:00Z'),
      good('second', '2026-01-02T00:00:00Z'),
      { ...good('partial', '2026-01-03T00:00:00Z'), stats: { errorCount: 1 } },
    ]);
    // The entry script of this test does not skip newer ones itself.
    writeFileSync(join(mover.home, 'entry.sh'), entry.replace('.[0].id // empty', '.[env.KOPIA_PREVIOUS // "0" | tonumber].id // empty'), {
      mode: 0o755,
    });
    expect(await mover.run('restore', env as Record<string, string>)).toBe(0);
    expect(mover.output).toContain(`snapshot ${wanted} of`);
  });

  test.each([
    [
      'a list that can not be read',
      [good('one', '2026-01-01T00:00:00Z')],
      { FAILS: 'snapshot list' },
      /Restore failed: the list of snapshots could not be read/,
    ],
    ['nothing there', [], {}, /Restore failed: no complete backup without errors\./],
    [
      'nothing old enough',
      [good('one', '2026-01-01T00:00:00Z')],
      { KOPIA_RESTORE_AS_OF: '2025-01-01T00:00:00Z' },
      /from 2025-01-01T00:00:00Z or before/,
    ],
    [
      'only failed ones',
      [{ ...good('x', '2026-01-01T00:00:00Z'), incomplete: 'canceled' }],
      {},
      /failed or incomplete ones are of 2026-01-01T00:00:00Z/,
    ],
  ])('%s is a failure that is tried again, never an empty volume that counts as restored', async (_, snapshots, env, words) => {
    const mover = new Mover(snapshots);
    expect(await mover.run('restore', env as Record<string, string>, words)).toBe(143);
    expect(mover.output).toMatch(words);
    expect(mover.output).not.toContain('completed and checked');
    expect(existsSync(join(mover.data, 'file'))).toBe(false);
  });
});
