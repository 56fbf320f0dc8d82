import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTree, type Platform } from '../../lib';
import { InputError } from '../../lib/model/problems';
import { nodeProblem, oldestNode } from '../../lib/node-version';
import { scratchFolder } from '../support/scratch';
import { smallSite } from '../support/small-site';

const repository = join(__dirname, '..', '..');
const scratch = scratchFolder();
const lib = JSON.stringify(join(repository, 'lib'));

/** Values of a site, as TypeScript. */
const site = (path: string): string => `${JSON.stringify({ ...smallSite, git: { ...smallSite.git, path } })} as const`;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a main.ts that calls synth with these arguments. */
function synth(given: string, out: string, nodeOptions: readonly string[] = []): Ended {
  const main = join(scratch, 'main.ts');
  writeFileSync(main, `import { synth } from ${lib};\nsynth(${given});\n`);
  return spawnSync(process.execPath, [...nodeOptions, '--import', 'tsx', main], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, CDK8S_OUTDIR: out },
  });
}

const git = (folder: string, ...command: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false', ...command], {
    cwd: folder,
    encoding: 'utf8',
  });

test('a repository with commits, rendered into at its root with an empty git.path, twice: .git and foreign files are untouched', () => {
  const out = join(scratch, 'gitops');
  mkdirSync(join(out, 'infrastructure/mine'), { recursive: true });
  git(scratch, 'init', '--quiet', '--initial-branch=main', 'gitops');
  writeFileSync(join(out, 'README.md'), '# mine\n');
  writeFileSync(join(out, 'infrastructure/mine/secret.yaml'), 'kind: Secret\n');
  git(out, 'add', '--all');
  git(out, 'commit', '--quiet', '--message=mine');
  writeFileSync(join(out, 'uncommitted.txt'), 'precious');
  const history = git(out, 'log', '--format=%H');
  const data = (): string[] => readdirSync(join(out, '.git'), { recursive: true, encoding: 'utf8' }).toSorted();
  const before = data();

  const first = synth(site(''), out);
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(first.stdout).toContain('left alone, because this program did not render them: infrastructure/mine/secret.yaml');
  expect(synth(site(''), out).stdout).toContain('nothing changed');

  expect(git(out, 'log', '--format=%H')).toBe(history);
  expect(git(out, 'fsck', '--no-progress')).toBe('');
  expect(git(out, 'status', '--porcelain').split('\n').toSorted()).toEqual(
    [
      '',
      '?? bootstrap/',
      '?? infrastructure/controllers/',
      '?? infrastructure/namespaces/',
      '?? infrastructure/storage/',
      '?? monitoring/',
      '?? uncommitted.txt',
    ].toSorted(),
  );
  expect(data()).toEqual(before.concat(data().filter((path) => path === 'index' && !before.includes(path))));
  expect(readFileSync(join(out, 'bootstrap/root-app.yaml'), 'utf8')).toContain('path: infrastructure/controllers/argocd\n');

  // Something that the tree no longer has goes; an other git.path makes the root a place for foreign files only.
  writeFileSync(join(out, 'monitoring/stale.yaml'), readFileSync(join(out, 'bootstrap/root-app.yaml')));
  expect(synth(site(''), out).stdout).toContain('removed  monitoring/stale.yaml');
  expect(synth(site('clusters/home'), out)).toMatchObject({ status: 1, stderr: expect.stringContaining("or set git.path to ''") });
  expect(readFileSync(join(out, 'uncommitted.txt'), 'utf8')).toBe('precious');
});

test('git.path and the output folder that do not agree: the tree is rendered, and the remedy said', () => {
  const out = join(repository, '.cache', `agree-${process.pid}`);
  try {
    const { status, stdout } = synth(site('clusters/home'), out);
    expect(status).toBe(0);
    expect(stdout).toMatch(/This tree lies in \.cache\/agree-\d+ of its repository, but Argo CD will look for it in clusters\/home \(git\.path\)/);
  } finally {
    execFileSync('rm', ['-r', out]);
  }
});

describe('mistakes end with one sentence, exit code 1, no stack trace, and nothing written', () => {
  const sentence = ({ status, stdout, stderr }: Ended): string => {
    expect({ status, stdout, written: existsSync(out) }).toEqual({ status: 1, stdout: '', written: false });
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    return stderr.trim();
  };
  const out = join(scratch, 'mistake');

  test('values that are no object', () => {
    const words = (named: string): string => `synth in main.ts was given ${named} as its values: give it an object, as README shows`;
    expect(sentence(synth('undefined as never', out))).toBe(words('undefined'));
    for (const [given, named] of [
      [null, 'null'],
      [[], 'an array'],
      ['values', 'values'],
      [42, '42'],
      [1n, '1'],
    ])
      expect(() => buildTree(given as never)).toThrow(new InputError(words(named as string)));
  });

  test('two of one name', () => {
    const words = (what: string): string => `two ${what} are named "a": give one of them another name`;
    expect(sentence(synth(`${site('dist')}, (platform) => { platform.app('a'); platform.app('a'); }`, out))).toBe(words('apps (platform.app)'));
    const twice = (add: (platform: Platform<string>) => void) => (): unknown => buildTree(smallSite, (platform) => [add(platform), add(platform)]);
    const props = { name: 'a', wave: 1, namespace: 'volsync-system', directory: 'infrastructure/a' };
    expect(twice((platform) => platform.application(props))).toThrow(new InputError(words('Applications (platform.application)')));
    expect(twice((platform) => platform.alerts('a', []))).toThrow(new InputError(words('files of alerts (platform.alerts)')));
  });

  test('an output folder that is a file, or a dangling link', () => {
    const [file, link] = [join(scratch, 'file'), join(scratch, 'link')];
    writeFileSync(file, 'precious');
    symlinkSync(join(scratch, 'nowhere'), link);
    expect(sentence(synth(site('dist'), file))).toBe(`the output folder ${file} is a file: remove it, or choose another folder`);
    expect(sentence(synth(site('dist'), link))).toContain('whose target does not exist: remove the link');
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });

  test('a Node that is too old', () => {
    // Only says that it is one.
    const older = "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'18.20.8'}})";
    expect(sentence(synth(site('dist'), out, ['--import', 'tsx', '--import', older]))).toBe(
      `Node 18.20.8 is too old: this program needs Node ${oldestNode} or newer, see https://nodejs.org`,
    );
    expect(['20.18.9', '18.20.8', '0.12.0'].every((version) => nodeProblem(version) !== undefined)).toBe(true);
    expect(['20.19.0', '20.20.2', '22.0.0', '100.1.0'].map(nodeProblem)).toEqual([undefined, undefined, undefined, undefined]);
    const { engines } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { engines: { node: string } };
    expect(engines.node).toBe(`>=${oldestNode}`);
  });
});
