import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { SiteValues } from '../../lib/site/values';

/** What a new repository is made from. */
export interface NewRepository {
  readonly folder: string;
  readonly site: SiteValues;
  /** What is to be known about its values. */
  readonly remark: string;
  /** Where npm finds zero-touch-pvc. @default - the registry */
  readonly source: string | undefined;
}

interface Package {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The package that this program is a part of. */
function own(): Package {
  return JSON.parse(readFileSync(join(__dirname, '..', '..', '..', 'package.json'), 'utf8')) as Package;
}

/** The files of a new repository, by path. */
export function repositoryFiles({ folder, site, remark, source }: NewRepository): Readonly<Record<string, string>> {
  const name = basename(resolve(folder));
  return {
    'main.ts': mainFile(site, remark),
    'package.json': packageFile(name, source),
    'tsconfig.json': tsconfigFile,
    'cdk8s.yaml': 'language: typescript\napp: node --import tsx main.ts\n',
    '.gitignore': gitignoreFile,
    'README.md': readmeFile(name),
    '.github/workflows/tree.yaml': workflowFile,
  };
}

/** A text as TypeScript writes it, in single quotes. */
function quoted(text: string): string {
  return `'${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", String.raw`\'`)}'`;
}

/** Values as TypeScript: short objects in one line. */
function literal(value: unknown, indent: string): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const list = Array.isArray(value);
  const deeper = `${indent}  `;
  const parts = (inner: string): string[] =>
    list ? value.map((each) => literal(each, inner)) : Object.entries(value).map(([key, each]) => `${key}: ${literal(each, inner)}`);
  const line = list ? `[${parts(deeper).join(', ')}]` : `{ ${parts(deeper).join(', ')} }`;
  if (!line.includes('\n') && line.length + indent.length < 130) return line;
  const lines = parts(deeper).map((part) => `${deeper}${part},\n`);
  return `${list ? '[' : '{'}\n${lines.join('')}${indent}${list ? ']' : '}'}`;
}

function mainFile(site: SiteValues, remark: string): string {
  const values = Object.entries(site).map(([key, value]) => `    ${key}: ${literal(value, '    ')},\n`);
  return `import { synth } from 'zero-touch-pvc';

// Every value is explained where it is declared: an editor shows it. ${remark}
synth(
  {
${values.join('')}  },
  // Applications, volumes and alerts of your own: docs/extending.md.
  () => {},
);
`;
}

function packageFile(name: string, source: string | undefined): string {
  const { version, engines, devDependencies: pinned } = own();
  const content = {
    name:
      name
        .toLowerCase()
        .replaceAll(/[^a-z0-9._-]+/g, '-')
        .replace(/^[._-]+/, '') || 'cluster',
    private: true,
    scripts: {
      synth: 'node --import tsx main.ts && zero-touch-pvc docs',
      check: 'tsc --noEmit',
      crds: 'zero-touch-pvc crds',
      verify: 'zero-touch-pvc verify',
    },
    dependencies: {
      cdk8s: pinned['cdk8s'],
      constructs: pinned['constructs'],
      tsx: pinned['tsx'],
      // The lock file holds the exact version; npm update takes the next one of this major.
      'zero-touch-pvc': source ?? `${version.split('.')[0]}.x`,
    },
    // kubernetes-models: the schemas that verify looks at.
    devDependencies: { 'kubernetes-models': pinned['kubernetes-models'], typescript: pinned['typescript'] },
    engines,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

const tsconfigFile = `${JSON.stringify(
  {
    compilerOptions: { target: 'ES2022', module: 'node20', lib: ['ES2023'], types: [], strict: true, skipLibCheck: true, noEmit: true },
    include: ['*.ts'],
  },
  null,
  2,
)}
`;

const gitignoreFile = `node_modules/
.cache/
# Credentials that the steps of the manual handle in this folder.
1password-credentials.json
*.token
.env
.env.*
`;

const workflowFile = `name: tree

on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

jobs:
  verify:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - uses: actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0
        with:
          node-version: '24'
          cache: npm
      - run: npm ci
      - run: npm run check
      - run: npm run crds
      # The tree keeps its rules, and dist/ is what main.ts renders.
      - run: npm run verify
`;

function readmeFile(name: string): string {
  return `# ${name}

The GitOps tree of a cluster: \`main.ts\` holds its values, [zero-touch-pvc](docs/zero-touch-pvc.md) renders \`dist/\` from
them, Argo CD applies \`dist/\`. A PVC with the label \`backup: hourly\` or \`backup: daily\` is backed up, and restored when it
is created again.

\`\`\`sh
npm install
npm run synth     # renders dist/, and writes the manual into docs/
npm run crds      # once: the schemas of the custom resources
npm run verify    # proves the tree
\`\`\`

Commit \`dist/\`, \`docs/\` and \`package-lock.json\` too. What a cluster needs, and the first steps on it:
[docs/zero-touch-pvc.md](docs/zero-touch-pvc.md#what-has-to-be-there).

To update: \`npm update && npm run synth && npm run verify\`, read [docs/upgrading.md](docs/upgrading.md) and what changed in
\`dist/\`, commit, push.
`;
}
