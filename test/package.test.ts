import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadAll } from 'js-yaml';
import { homelab } from '../examples/homelab/site';
import * as lib from '../lib';
import { repository } from '../verify/tree';
import { notTested } from './support/not-tested';
import { scratchFolder } from './support/scratch';

jest.setTimeout(240_000);

interface PackageJson {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const scratch = scratchFolder();
const own = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as PackageJson;
const declared = [...Object.keys(own.dependencies), ...Object.keys(own.peerDependencies)];
const compilers = [
  { compiler: 'TypeScript 7 and a bundler', modules: join(repository, 'node_modules'), module: 'preserve' },
  { compiler: 'TypeScript 6 and Node', modules: join(repository, 'scripts/package-tools/node_modules'), module: 'node20' },
];
const unpacked = join(scratch, 'package');
let packed: { readonly size: number; readonly files: readonly string[] };

/** A folder with the unpacked package and nothing but these packages beside it: what the package does not declare is not found. */
function project(name: string, packages: readonly string[]): string {
  const folder = join(scratch, name);
  for (const each of packages) {
    mkdirSync(dirname(join(folder, 'node_modules', each)), { recursive: true });
    symlinkSync(join(repository, 'node_modules', each), join(folder, 'node_modules', each));
  }
  mkdirSync(join(folder, 'node_modules/.bin'));
  execFileSync('cp', ['-r', unpacked, join(folder, 'node_modules/zero-touch-pvc')]);
  return folder;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function node(cwd: string, ...args: string[]): Ended {
  const { CDK8S_OUTDIR: _, ...env } = process.env;
  return spawnSync(process.execPath, args, { cwd, encoding: 'utf8', env: { ...env, CDK8S_CHECK_UPGRADE: 'false' } });
}

const program = join(unpacked, 'build/bin/zero-touch-pvc.js');

/** Talks to a program on a terminal: when it has said the words, these keys are pressed. */
function dialogue(
  command: string,
  turns: readonly (readonly [string, string])[],
): Promise<{ readonly status: number | null; readonly said: string }> {
  return new Promise((resolve) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: scratch });
    const left = [...turns];
    let said = '';
    let since = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [words, keys] = left[0] ?? [];
      if (words === undefined || !said.slice(since).includes(words)) return;
      since = said.length;
      left.shift();
      child.stdin.write(keys!);
    });
    child.on('close', (status) => resolve({ status, said }));
  });
}

/** Files below a folder and a hash of each. */
function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.startsWith('node_modules') && statSync(join(folder, path)).isFile())
      .map((path) => [
        path,
        createHash('sha256')
          .update(readFileSync(join(folder, path)))
          .digest('hex'),
      ]),
  );
}

beforeAll(() => {
  const out = execFileSync('npm', ['pack', '--json', '--pack-destination', scratch], { cwd: repository, encoding: 'utf8' });
  const [about] = JSON.parse(out.slice(out.indexOf('[\n'))) as [{ filename: string; size: number; files: { path: string }[] }];
  packed = { size: about.size, files: about.files.map(({ path }) => path) };
  execFileSync('tar', ['-xzf', join(scratch, about.filename), '-C', scratch]);
  // A program finds its packages from where it lies.
  mkdirSync(join(unpacked, 'node_modules/@clack'), { recursive: true });
  for (const each of declared) symlinkSync(join(repository, 'node_modules', each), join(unpacked, 'node_modules', each));
});

describe('what npm packs', () => {
  test('is small, and is the compiled program with its types, reference and manual', () => {
    expect(packed.size).toBeLessThan(500_000);
    expect(packed.files).toEqual(
      expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'build/index.d.ts', 'build/api.md', 'build/lib/index.js']),
    );
    expect(packed.files.filter((path) => !/^(build\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/.test(path))).toEqual([]);
    expect(packed.files.filter((path) => /\.test\.|(?<!\.d)\.ts$|^build\/(test|e2e|bench|pvc-plumber\/(?!bundle))/.test(path))).toEqual([]);
  });

  test('requires and types nothing but what it declares', () => {
    const used = packed.files
      .filter((path) => path.endsWith('.js') && !path.includes('pvc-plumber/bundle'))
      .flatMap((path) => [...readFileSync(join(unpacked, path), 'utf8').matchAll(/\b(?:require|import)\(["'`]([^."'`$][^"'`$]*)/g)])
      .map(([, name]) =>
        name!
          .split('/')
          .slice(0, name!.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    expect(used).toContain('kubernetes-models');
    expect([...new Set(used)].filter((name) => !name.startsWith('node:') && !declared.includes(name))).toEqual([]);
    const types = readFileSync(join(unpacked, 'build/index.d.ts'), 'utf8');
    expect([...new Set([...types.matchAll(/from '([^']+)'/g)].map(([, name]) => name!))].toSorted()).toEqual(['cdk8s', 'constructs']);
  });

  test('describes everything that can be imported', () => {
    const reference = readFileSync(join(unpacked, 'build/api.md'), 'utf8');
    expect(Object.keys(lib).filter((name) => !new RegExp(`^### .*\\b${name}\\b`, 'm').test(reference))).toEqual([]);
    expect(reference).toContain('Hour (0 to 23, UTC) of Kopia');
  });

  test('has a manual whose links lead to pages of it', () => {
    const manual = join(unpacked, 'build/docs');
    const pages = readdirSync(manual, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'));
    expect(pages).toEqual(expect.arrayContaining(['zero-touch-pvc.md', 'upgrading.md', 'runbooks/PvcBackupStale.md']));
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(manual, page), 'utf8').matchAll(/\]\((?!\w+:)([^)#\s]+)/g)]
        .filter(([, target]) => !existsSync(join(manual, dirname(page), target!)))
        .map(([link]) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
    const examples = readFileSync(join(manual, 'extending.md'), 'utf8');
    expect([examples.includes("from 'zero-touch-pvc'"), examples.includes("'./lib'")]).toEqual([true, false]);
  });
});

describe('in a foreign project', () => {
  const example = /^```ts\n(.*?)^```/ms.exec(readFileSync(join(repository, 'docs/library.md'), 'utf8'))![1]!;
  let folder: string;
  beforeAll(() => {
    folder = project('foreign', [...declared, 'tsx']);
    writeFileSync(join(folder, 'main.ts'), example);
    writeFileSync(join(folder, 'wrong.ts'), example.replace("backup: 'hourly'", "backup: 'hourli'"));
  });

  test.each(compilers)('the example of docs/library.md type-checks with $compiler, and a misspelt label does not', ({ modules, module }) => {
    const options = { strict: true, noEmit: true, target: 'es2022', module, types: ['node'], typeRoots: [join(repository, 'node_modules/@types')] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['main.ts', 'wrong.ts'] }));
    const { stdout } = node(folder, join(modules, 'typescript/bin/tsc'), '-p', '.');
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^wrong\.ts\(\d+,\d+\): error TS2820: .*Did you mean '"hourly"'\?$|^wrong\.ts.*TS2322/),
    ]);
  });

  test('it renders, with a stock App, what the tree has', () => {
    const { status, stderr } = node(folder, '--import', 'tsx', 'main.ts');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const texts = readdirSync(join(folder, 'dist')).map((file) => readFileSync(join(folder, 'dist', file), 'utf8'));
    const objects = texts.flatMap((text) => loadAll(text)) as { kind: string; metadata: { name: string } }[];
    const kinds = Object.fromEntries(
      ['ClusterPolicy', 'ValidatingAdmissionPolicy', 'Deployment', 'PrometheusRule', 'PersistentVolumeClaim'].map((kind) => [
        kind,
        objects.filter((each) => each.kind === kind).length > 0,
      ]),
    );
    expect(Object.values(kinds)).toEqual([true, true, true, true, true]);
    const site = { ...homelab, tiers: [{ label: 'hourly', schedule: '0 * * * *', retention: { hourly: 24, daily: 7 } }], kyvernoSecretAccess: false };
    const tree = [...lib.buildTree(site).render().values()].flatMap((file) => file.objects);
    for (const object of objects.filter(({ kind }) => kind !== 'PersistentVolumeClaim')) expect(tree).toContainEqual(object);
  });

  test('an ES module imports every name', () => {
    writeFileSync(join(folder, 'names.mjs'), `import * as names from 'zero-touch-pvc';\nconsole.log(JSON.stringify(Object.keys(names)));\n`);
    const { stdout } = node(folder, 'names.mjs');
    expect(JSON.parse(stdout)).toEqual(expect.arrayContaining(Object.keys(lib)));
  });
});

describe('zero-touch-pvc init', () => {
  const flags = [
    '--git-url',
    'https://git.example.org/me/cluster.git',
    '--s3-endpoint',
    'https://s3.example.org',
    '--s3-bucket',
    'my-backups',
    '--vault',
    "Anna's vault",
    '--item',
    'rustfs',
  ];
  const sentence = ({ status, stdout, stderr }: Ended): string => {
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).not.toMatch(/^ {4}at /m);
    return stderr.trim();
  };

  test('without a terminal, by flags: a repository that type-checks, renders and verifies', () => {
    const { status, stdout, stderr } = node(scratch, program, 'init', 'cluster', ...flags);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Next: cd cluster && git init && npm install && npm run synth');
    const folder = project('cluster', [...declared, 'tsx']);
    expect(Object.keys(contents(folder)).toSorted()).toEqual(
      ['.github/workflows/tree.yaml', '.gitignore', 'README.md', 'cdk8s.yaml', 'main.ts', 'package.json', 'tsconfig.json'].toSorted(),
    );
    expect(readFileSync(join(folder, '.github/workflows/tree.yaml'), 'utf8').match(/uses: .*/g)).toEqual([
      expect.stringMatching(/^uses: actions\/checkout@[0-9a-f]{40} # v/),
      expect.stringMatching(/^uses: actions\/setup-node@[0-9a-f]{40} # v/),
    ]);
    const { scripts, dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson & {
      scripts: Record<string, string>;
    };
    expect(Object.keys(scripts)).toEqual(['synth', 'check', 'crds', 'verify']);
    expect(dependencies).toEqual({
      cdk8s: own.devDependencies['cdk8s'],
      constructs: own.devDependencies['constructs'],
      tsx: own.devDependencies['tsx'],
      'zero-touch-pvc': '0.x',
    });
    expect(Object.keys(devDependencies)).toEqual(['kubernetes-models', 'typescript']);

    const checked = node(folder, join(repository, 'node_modules/typescript/bin/tsc'), '--noEmit');
    expect([checked.status, checked.stdout]).toEqual([0, '']);
    const rendered = node(folder, '--import', 'tsx', 'main.ts');
    expect([rendered.status, rendered.stderr]).toEqual([0, '']);
    expect(readFileSync(join(folder, 'dist/bootstrap/root-app.yaml'), 'utf8')).toContain('https://git.example.org/me/cluster.git');
    if (existsSync(join(repository, '.cache/crds'))) {
      mkdirSync(join(folder, '.cache'));
      symlinkSync(join(repository, '.cache/crds'), join(folder, '.cache/crds'));
    }
    const installed = join(folder, 'node_modules/zero-touch-pvc/build/bin/zero-touch-pvc.js');
    const verified = node(folder, installed, 'verify');
    expect([verified.status, verified.stderr, verified.stdout.match(/^ {2}WRONG.*/gm)]).toEqual([0, '', null]);

    const manual = node(folder, installed, 'docs');
    expect(manual.stdout).toMatch(/^docs: \d+ pages of the manual; \d+ written\n$/);
    expect(node(folder, installed, 'docs').stdout).toContain('nothing changed');
    writeFileSync(join(folder, 'docs/upgrading.md'), 'mine\n');
    expect(sentence(node(folder, installed, 'docs'))).toBe(
      'The manual is not written, because files of your own have its names:\n  - docs/upgrading.md: move it away',
    );
  });

  const elsewhere: Record<string, { readonly named: readonly string[]; readonly written: readonly string[] }> = {
    'a store that is there already': {
      named: [
        '--store',
        'vault',
        '--access-key-at',
        'backups/s3#access_key',
        '--secret-key-at',
        'backups/s3#secret_key',
        '--kopia-password-at',
        'backups/kopia#password',
        '--endpoint-at',
        'backups/s3-endpoint',
        '--bucket-at',
        'backups/s3#bucket',
      ],
      written: [
        `store: { name: 'vault', kind: 'ClusterSecretStore' }`,
        `accessKeyId: { key: 'backups/s3', property: 'access_key' }`,
        `endpoint: { key: 'backups/s3-endpoint' }`,
        'externalSecrets: { install: false }',
      ],
    },
    'a Secret of one’s own': {
      named: ['--secret', 'backup-store', '--kopia-password-at', 'kopia-password'],
      written: [
        `name: 'backup-store'`,
        `kopiaPassword: 'kopia-password'`,
        `accessKeyId: 'accessKeyId'`,
        '// Every value is explained where it is declared: an editor shows it. Make the Secret before the first sync',
      ],
    },
  };
  test.each(Object.entries(elsewhere))(
    'with credentials in %s: a repository that type-checks and renders, without 1Password',
    (what, { named, written }) => {
      const name = what.split(' ')[1]!;
      const { status, stderr } = node(scratch, program, 'init', name, ...flags.slice(0, 6), ...named);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const folder = project(name, [...declared, 'tsx']);
      const main = readFileSync(join(folder, 'main.ts'), 'utf8');
      for (const each of written) expect(main).toContain(each);
      expect(main).not.toMatch(/onepassword|1Password/);
      const checked = node(folder, join(repository, 'node_modules/typescript/bin/tsc'), '--noEmit');
      expect([checked.status, checked.stdout]).toEqual([0, '']);
      const rendered = node(folder, '--import', 'tsx', 'main.ts');
      expect([rendered.status, rendered.stderr]).toEqual([0, '']);
      expect(existsSync(join(folder, 'dist/infrastructure/controllers/1passwordconnect'))).toBe(false);
    },
  );

  test('a second time it refuses, and changes nothing', () => {
    const folder = join(scratch, 'twice');
    expect(node(scratch, program, 'init', 'twice', ...flags).status).toBe(0);
    rmSync(join(folder, 'README.md'));
    const before = contents(folder);
    const said = sentence(node(scratch, program, 'init', 'twice', ...flags));
    expect(said).toMatch(/^Nothing is written, because init overwrites nothing, and twice has these already:\n {2}- main\.ts: to change the values/);
    expect(contents(folder)).toEqual(before);
  });

  test.each<[string, string[], string | RegExp]>([
    [
      'flags that are missing',
      ['init', 'no', '--vault', 'v'],
      /^The repository is not made, because values are not usable:\n {2}- --git-url: is missing: .*\n {2}- --s3-endpoint: is missing: .*\n {2}- --s3-bucket: is missing: .*\n {2}- --item: is missing: [^\n]*$/,
    ],
    [
      'a value that the site refuses',
      ['init', 'no', ...flags, '--s3-endpoint', 's3.example.org/x'],
      /^The repository is not made, because a value is not usable:\n {2}- --s3-endpoint: "s3\.example\.org\/x" [^\n]*$/,
    ],
    [
      'no place of the credentials',
      ['init', 'no', ...flags.slice(0, 6)],
      /\n {2}- --vault: is missing: [^\n]*, for example homelab; or name another place of the credentials: --store or --secret\n {2}- --item: /,
    ],
    [
      'two places of the credentials',
      ['init', 'no', ...flags, '--secret', 'mine'],
      /:\n {2}- --secret: is about another place of the credentials than --vault \(1Password, [^\n]*\): leave one of them out$/,
    ],
    [
      'a place in a store that is none',
      ['init', 'no', ...flags.slice(0, 6), ...elsewhere['a store that is there already']!.named, '--bucket-at', '{{ x }}'],
      /^The repository is not made, because a value is not usable:\n {2}- --bucket-at: "\{\{ x \}\}" [^\n]*$/,
    ],
    [
      'a key that no Secret has',
      ['init', 'no', ...flags.slice(0, 6), '--secret', 'mine', '--bucket-at', 'a b'],
      /:\n {2}- --bucket-at: "a b" is not a key of a Secret: [^\n]*$/,
    ],
    ['a flag that is not there', ['init', 'no', '--bucket', 'b'], "Unknown option '--bucket': zero-touch-pvc init --help names the flags"],
    ['no folder', ['init'], 'init makes one folder, and 0 are named: zero-touch-pvc init FOLDER'],
    [
      'a file in the place of the folder',
      ['init', 'package/package.json', ...flags],
      'package/package.json is not a folder: name another, or move it away',
    ],
    ['another command', ['make'], /^"make" is no command: write one of these\n/],
  ])('%s: one clear error, and nothing written', (_, args, words) => {
    const said = sentence(node(scratch, program, ...args));
    if (typeof words === 'string') expect(said).toBe(words);
    else expect(said).toMatch(words);
    expect(existsSync(join(scratch, 'no'))).toBe(false);
  });

  test('a disk that refuses a file: what was written before it is gone again', () => {
    const folder = join(scratch, 'half');
    mkdirSync(folder);
    // The last file lies in a folder; here a file has its name.
    writeFileSync(join(folder, '.github'), '');
    const said = sentence(node(scratch, program, 'init', 'half', ...flags));
    expect(said).toMatch(/^The repository is not made in half, and what was there is as it was: .*\.github.* is a file, where a folder is needed/);
    expect(readdirSync(folder)).toEqual(['.github']);
  });

  const terminal = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true;
  test('on a terminal it asks, says at once what is wrong with an answer, and writes when all is there', async () => {
    if (!terminal) return notTested('init on a terminal: there is no program `script` of util-linux, which makes one');
    const given = flags.slice(4).map((each) => `'${each.replaceAll("'", `'\\''`)}'`);
    const command = `stty cols 120 rows 40; '${process.execPath}' '${program}' init asked ${given.join(' ')}`;
    const ended = await dialogue(command, [
      ['Git repository that Argo CD reads', 'ftp://x\r'],
      ['"ftp://x"', '\u0003'],
    ]);
    expect(ended.said).toContain('Nothing was written.');
    expect([ended.status, existsSync(join(scratch, 'asked'))]).toEqual([1, false]);

    const made = await dialogue(command, [
      ['Git repository that Argo CD reads', 'https://git.example.org/me/cluster.git\r'],
      ['Its branch', '\r'],
      ['S3 store of the backups', 'https://s3.example.org\r'],
      ['StorageClass of the volumes', '\r'],
      ['VolumeSnapshotClass that the backups use', '\r'],
    ]);
    expect(made.said).toContain('Next: cd asked');
    const main = readFileSync(join(scratch, 'asked/main.ts'), 'utf8');
    expect(main).toContain(`git: { url: 'https://git.example.org/me/cluster.git', revision: 'main', path: 'dist' }`);
    expect(main).toContain(`s3: { endpoint: 'https://s3.example.org', bucket: 'my-backups' }`);
    expect(main).toContain(`vault: 'Anna\\'s vault'`);
    expect(main).toContain(`storage: { storageClass: 'longhorn', snapshotClass: 'longhorn-snapclass' }`);
  });

  test('on a terminal it asks where the credentials are, and then for what that place needs', async () => {
    if (!terminal) return notTested('init on a terminal: there is no program `script` of util-linux, which makes one');
    const command = `stty cols 120 rows 40; '${process.execPath}' '${program}' init chosen ${flags.slice(0, 6).join(' ')}`;
    const down = '\u001b[B';
    const made = await dialogue(command, [
      ['Its branch', '\r'],
      ['Where the credentials of the store are', `${down}${down}\r`],
      ['Name of the Secret in volsync-system', 'My_Secret\r'],
      ['"My_Secret"', `${'\u007f'.repeat(9)}backup-store\r`],
      ['holds the access key', 'access-key\r'],
      ['holds the secret key', '\r'],
      ['holds the Kopia password', '\r'],
      ['holds the S3 endpoint', '\r'],
      ['holds the bucket', '\r'],
      ['StorageClass of the volumes', '\r'],
      ['VolumeSnapshotClass that the backups use', '\r'],
    ]);
    expect(made.said).toContain('a store of External Secrets that is there already');
    expect(made.said).toContain('Next: cd chosen');
    const main = readFileSync(join(scratch, 'chosen/main.ts'), 'utf8');
    expect(main).toContain(`name: 'backup-store'`);
    expect(main).toContain(`accessKeyId: 'access-key'`);
    expect(main).toContain(`bucket: 'bucket'`);
  });
});
