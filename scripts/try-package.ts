import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helped } from './usage';

const usage = `npm run try-package

Packs the npm package and installs it, from the registry's packages, into empty folders: with the TypeScript of before and of today the
example of docs/library.md compiles and renders, and what zero-touch-pvc init makes installs, compiles, renders and verifies.`;

const repository = join(__dirname, '..');

/** Compilers whose users the types are for. */
const compilers = ['5.9', '7.0'];

const quiet = '--no-audit --no-fund --loglevel=error --prefer-offline';

/** Runs it as a person would; what it says is shown only when it fails. */
function run(folder: string, command: string): boolean {
  const { CDK8S_OUTDIR: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8', env, maxBuffer: 1 << 28 });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${command}`);
  if (status !== 0) console.log(`${stdout}${stderr}`.trimEnd());
  return status === 0;
}

function foreignProject(folder: string, tarball: string, compiler: string): boolean {
  mkdirSync(folder);
  const [, example] = /^```ts\n(.*?)^```/ms.exec(readFileSync(join(repository, 'docs', 'library.md'), 'utf8'))!;
  writeFileSync(join(folder, 'main.ts'), example!);
  const options = { strict: true, noEmit: true, module: 'node20', target: 'es2022', lib: ['es2023'], types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...options, skipLibCheck: true }, files: ['main.ts'] }));
  return [
    'npm init --yes >/dev/null',
    `npm install ${quiet} ${tarball} cdk8s constructs tsx typescript@${compiler}`,
    'npx tsc --version && npx tsc',
    'node --import tsx main.ts && test -s dist/backups.k8s.yaml',
  ].every((command) => run(folder, command));
}

function ownRepository(folder: string, tarball: string): boolean {
  const flags = '--git-url https://git.example.org/me/cluster.git --s3-endpoint https://s3.example.org --s3-bucket backups --vault home --item s3';
  mkdirSync(folder);
  const made = run(folder, `npx --yes --package ${tarball} -- zero-touch-pvc init cluster ${flags} --package file:${tarball}`);
  const schemas = `mkdir -p .cache && { cp -r ${join(repository, '.cache', 'crds')} .cache/ || true; }`;
  return (
    made &&
    [
      `npm install ${quiet}`,
      'npm run synth',
      'npm run check',
      schemas,
      'npm run verify',
      'npm update --loglevel=error && npm run synth | grep "nothing changed"',
    ].every((command) => run(join(folder, 'cluster'), command))
  );
}

function main(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'zero-touch-pvc-package-'));
  try {
    const out = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: repository, encoding: 'utf8' });
    const [{ filename }] = JSON.parse(out.slice(out.indexOf('[\n'))) as [{ filename: string }];
    const tarball = join(folder, filename);
    const foreign = compilers.map((compiler) => foreignProject(join(folder, `typescript-${compiler}`), tarball, compiler));
    return [...foreign, ownRepository(join(folder, 'own'), tarball)].every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (!helped(usage)) process.exitCode = main() ? 0 : 1;
