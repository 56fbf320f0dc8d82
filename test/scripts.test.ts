import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from './support/scratch';
import { repository } from '../verify/tree';

jest.setTimeout(180_000);

/** Every script that a person calls, but `npm run synth`: that is the person's own file. */
function scripts(): string[][] {
  const { scripts: all } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const files = Object.values(all).flatMap((command) => /^(?:tsx|node --import tsx) (\S+\.ts)/.exec(command)?.[1] ?? []);
  const typescript = [...new Set(files)].filter((file) => file !== 'main.ts').map((file) => [process.execPath, '--import', 'tsx', file]);
  return [...typescript, ['e2e/tools/build.sh'], ['.ci/run']];
}

test('every script answers --help, and does nothing else', async () => {
  const all = scripts();
  expect(all.length).toBeGreaterThan(9);
  const before = stateOfFiles();
  const answers = await Promise.all(
    all.map(([program = '', ...args]) => {
      return new Promise<string>((resolve) => {
        // Without a PATH nothing can be built, fetched or played behind the answer.
        const env = { PATH: program.startsWith('/') ? '' : (process.env['PATH'] ?? ''), HOME: scratchFolder() };
        execFile(program, [...args, '--help'], { cwd: repository, env, timeout: 170_000 }, (error, stdout, stderr) => {
          const said = stdout.trim().split('\n').length <= 8 && /npm run |build\.sh --where|\.ci\/run {2}/.test(stdout);
          resolve(error === null && stderr === '' && said ? 'ok' : `${args.at(-1) ?? program}: ${error?.message} ${stdout} ${stderr}`);
        });
      });
    }),
  );
  expect(answers.filter((answer) => answer !== 'ok')).toEqual([]);
  expect(stateOfFiles()).toEqual(before);
});

/** What the scripts would write: the bundle, the imports, the lock file, the fixtures and the CRDs. */
function stateOfFiles(): number[] {
  return ['pvc-plumber/bundle/pvc-plumber.js', 'imports', 'package-lock.json', 'test/monitoring/fixtures/volsync.prom', '.cache/crds'].map(
    (path) => statSync(join(repository, path), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
}

describe('.ci/run and the programs of the e2e run', () => {
  const real = ['awk', 'bash', 'cat', 'diff', 'dirname', 'env', 'grep', 'head', 'id', 'mkdir', 'mktemp', 'sed', 'tee'];

  /** Plays it in a folder of its own, where every other tier passes or is skipped. */
  function run(options: { readonly go: boolean; readonly build: number; readonly scenarios?: string }): {
    readonly status: number | null;
    readonly text: string;
  } {
    const folder = scratchFolder();
    const bin = join(folder, 'bin');
    for (const path of ['bin', '.ci', 'e2e/tools', 'dist', 'test/golden/homelab', 'scripts/dashboard-schema'])
      mkdirSync(join(folder, path), { recursive: true });
    const program = (path: string, text: string): void => {
      writeFileSync(path, `#!/bin/sh\n${text}\n`);
      chmodSync(path, 0o755);
    };
    for (const name of real) symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(bin, name));
    program(join(bin, 'npx'), 'exit 1');
    for (const name of ['npm', 'node', 'git', 'promtool', 'python3', ...(options.go ? ['go'] : [])]) program(join(bin, name), 'exit 0');
    if (options.scenarios !== undefined) program(join(bin, 'npm'), `[ "$1 $2 $3" = 'run --silent e2e' ] || exit 0\n${options.scenarios}`);
    program(join(folder, 'e2e/tools/build.sh'), `exit ${options.build}`);
    copyFileSync(join(repository, '.ci/run'), join(folder, '.ci/run'));
    const { status, stdout, stderr } = spawnSync('bash', ['.ci/run'], { cwd: folder, env: { PATH: bin, HOME: folder }, encoding: 'utf8' });
    return { status, text: `${stdout}${stderr}` };
  }

  test('with Go at hand, one that can’t be built fails the run', () => {
    const { status, text } = run({ go: true, build: 1 });
    expect(text).toContain('FAILED the programs of the e2e run can be built');
    expect(text).not.toMatch(/SKIPPED e2e/);
    expect(status).toBe(1);
  });

  test('without Go they are skipped, and that is said', () => {
    const { status, text } = run({ go: false, build: 1 });
    expect(text).toContain('SKIPPED e2e: there is no Go');
    expect([status, text.includes('FAILED')]).toEqual([0, false]);
  });

  test('with all of them the scenarios are played', () => {
    const { status, text } = run({ go: true, build: 0 });
    expect(text).toContain('=== e2e: passed');
    expect(status).toBe(0);
  });

  const fails = `mkdir -p .cache; echo 'two of three' > .cache/e2e-failed; echo '  ok one'; echo '  FAIL two of three'; echo '         why it failed'; echo '  ok three'; exit 1`;

  test('a scenario that fails, and again alone, is said at the end with its reason', () => {
    const { status, text } = run({ go: true, build: 0, scenarios: fails });
    const end = text.slice(text.lastIndexOf('=== '));
    expect(end).toContain('  FAIL two of three\n         why it failed');
    expect(end).not.toMatch(/ok (one|three)/);
    expect(end).toContain('FAILED e2e');
    expect(status).toBe(1);
  });

  test('one that passes alone is said at the end', () => {
    const { status, text } = run({ go: true, build: 0, scenarios: `[ "$5" = 'two of three' ] && exit 0; ${fails}` });
    expect(text).toContain('NEEDED A SECOND TRY two of three');
    expect(status).toBe(0);
  });
});
