import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { homelab } from '../examples/homelab/site';
import type { SiteValues } from '../lib';
import { helped } from './usage';

const usage = `npm run try-edits [-- --only TEXT]

Makes the edits that README and docs/extending.md ask for in a fresh copy of this repository, each alone and all together. After each one
npm run synth and npm run verify, at the end also npm test: all must be green.

  --only TEXT   the edits whose name holds the text; "together" for all of them at once, with npm test`;

const repository = join(__dirname, '..');

/** What a person changes: the values, files beside main.ts, and what main.ts then imports and calls. */
interface Edit {
  readonly values?: (values: SiteValues) => SiteValues;
  readonly files?: Readonly<Record<string, string>>;
  /** A function of a file, and how it is called. */
  readonly calls?: readonly { readonly from: string; readonly name: string; readonly call: string }[];
  /** The file is a main.ts of its own. */
  readonly main?: string;
}

const blocks = [...readFileSync(join(repository, 'docs', 'extending.md'), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(([, text]) => text!);

/** Each block of docs/extending.md as a file beside main.ts. A block that calls synth is a whole main.ts. */
const ofDocuments = Object.fromEntries(
  blocks.map((text, index): [string, Edit] => {
    const file = `block-${index + 1}`;
    const calls = [...text.matchAll(/^export function (\w+)/gm)].map(([, name]) => ({ from: file, name: name!, call: `${name}(platform);` }));
    return [`block ${index + 1} of docs/extending.md`, { files: { [`${file}.ts`]: text }, ...(calls.length === 0 ? { main: file } : { calls }) }];
  }),
);

/** The function of the block that is a whole main.ts, for a main.ts that has other things in it, too. */
const databaseFunction = blocks
  .find((text) => text.includes('function database'))!
  .replace(/\nsynth\([^]*$/, '')
  .replace('function database', 'export function database');

const edits: Readonly<Record<string, Edit>> = {
  'the repository': { values: (site) => ({ ...site, git: { url: 'https://git.example.org/me/k8s.git', revision: 'prod' } }) },
  'the endpoint': { values: (site) => ({ ...site, s3: { ...site.s3, endpoint: 'https://s3.example.org:9443' } }) },
  'the bucket': { values: (site) => ({ ...site, s3: { ...site.s3, bucket: 'my-backups' } }) },
  'the vault': { values: (site) => ({ ...site, onepassword: { ...site.onepassword!, vault: 'Home' } }) },
  'the item and its fields': {
    values: (site) => ({
      ...site,
      onepassword: { ...site.onepassword!, item: 'minio', fields: { ...site.onepassword!.fields, accessKeyId: 'id', secretAccessKey: 'key' } },
    }),
  },
  'a mover of user 1000': { values: (site) => ({ ...site, mover: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 } }) },
  'the identity of the store': { values: (site) => ({ ...site, s3: { ...site.s3, storeId: '0b9c6e0e-6f0a-4c39-9a44-52f3c8a1d7aa' } }) },
  'an excluded namespace': { values: (site) => ({ ...site, excludedNamespaces: [...site.excludedNamespaces, 'scratch'] }) },
  'other classes': { values: (site) => ({ ...site, storage: { storageClass: 'longhorn-fast', snapshotClass: 'longhorn-snapshots' } }) },
  'a third tier': {
    values: (site) => ({ ...site, tiers: [...site.tiers, { label: 'weekly', schedule: '0 3 * * 0', retention: { weekly: 26 } }] }),
  },
  ...ofDocuments,
};

const together: Edit = {
  values: (site) => Object.values(edits).reduce((values, edit) => edit.values?.(values) ?? values, site),
  files: {
    ...Object.assign(
      {},
      ...Object.values(edits)
        .filter((edit) => edit.main === undefined)
        .map(({ files }) => files),
    ),
    'database.ts': databaseFunction.replace('import { type Platform, synth }', 'import type { Platform }'),
  },
  calls: [
    ...Object.values(edits).flatMap(({ calls }) => calls ?? []),
    { from: 'database', name: 'database', call: `database(platform, 'postgres', 'hourly', 'daily');` },
  ],
};

function mainOf({ values, calls = [], main: whole }: Edit): string {
  if (whole !== undefined) return `import './${whole}';\n`;
  const imports = calls.map(({ from, name }) => `import { ${name} } from './${from}';`);
  const site = JSON.stringify(values?.(homelab) ?? homelab, null, 2);
  return [`import { synth } from './lib';`, ...imports, `synth(${site}, (platform) => {`, ...calls.map(({ call }) => `  ${call}`), '});', ''].join(
    '\n',
  );
}

/** The files that Git knows or would add, and the CRDs. */
function freshCopy(folder: string): void {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: repository, encoding: 'utf8' });
  for (const file of files.split('\0').filter((each) => each !== '' && existsSync(join(repository, each)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(repository, file), join(folder, file));
  }
  const crds = join(repository, '.cache', 'crds');
  if (existsSync(crds)) cpSync(crds, join(folder, '.cache', 'crds'), { recursive: true });
}

function run(folder: string, command: string): boolean {
  const { CDK8S_OUTDIR: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8', env, maxBuffer: 1 << 28 });
  if (status !== 0) console.log(`${stdout}${stderr}`.trimEnd());
  return status === 0;
}

function tried(folder: string, name: string, edit: Edit, commands: readonly string[]): boolean {
  for (const [file, text] of Object.entries(edit.files ?? {})) writeFileSync(join(folder, file), text);
  writeFileSync(join(folder, 'main.ts'), mainOf(edit));
  const failed = commands.find((command) => !run(folder, command));
  for (const file of Object.keys(edit.files ?? {})) rmSync(join(folder, file));
  console.log(`${failed === undefined ? 'ok  ' : 'FAIL'} ${name}: ${failed ?? commands.join(' && ')}`);
  return failed === undefined;
}

function main(): boolean {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const folder = mkdtempSync(join(tmpdir(), 'zero-touch-pvc-edits-'));
  try {
    freshCopy(folder);
    if (!run(folder, 'npm ci --prefer-offline --no-audit --no-fund')) return false;
    const quick = ['npm run synth', 'npm run verify'];
    const chosen = Object.entries(edits).filter(([name]) => values.only === undefined || name.includes(values.only));
    const outcomes = chosen.map(([name, edit]) => tried(folder, name, edit, quick));
    if (values.only === undefined || values.only === 'together')
      outcomes.push(tried(folder, 'all together', together, ['npm run check', ...quick, 'npm test']));
    return outcomes.every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (!helped(usage)) process.exitCode = main() ? 0 : 1;
