/** Makes the folder `build`, which the npm package holds: compiled code, types, the reference of the API, the manual. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { documentHeader } from '../bin/docs';
import { helped } from './usage';

const usage = `npm run package

Makes build/, the content of the npm package: JavaScript, one file of types, the reference of the API (build/api.md), and the manual for a
person's own repository. npm pack and npm publish run it by themselves.`;

const repository = join(__dirname, '..');
const build = join(repository, 'build');
const tools = join(repository, 'scripts', 'package-tools');

/** Files that the compiled code reads, beside it. */
const assets = ['lib/volsync/mover.sh', 'pvc-plumber/bundle/pvc-plumber.js'];

/** What a person runs; everything that these need is in the package, and nothing else. */
const entries = ['lib/index.js', 'bin/zero-touch-pvc.js', 'verify/run.js', 'scripts/crds.js'];

function node(folder: string, program: string, ...args: string[]): void {
  execFileSync(process.execPath, [program, ...args], { cwd: folder, stdio: 'inherit' });
}

function compile(): void {
  node(repository, join(repository, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.package.json');
  for (const asset of assets) cpSync(join(repository, asset), join(build, asset));
  const needed = new Set(entries.flatMap((entry) => reachable(join(build, entry))));
  for (const file of filesBelow(build)) if (file.endsWith('.js') && !needed.has(file) && !assets.includes(relative(build, file))) rmSync(file);
}

/** A compiled module and all that it requires from this package. */
function reachable(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  for (const [, target] of readFileSync(file, 'utf8').matchAll(/require\("(\.[^"]+)"\)/g)) {
    const path = resolve(dirname(file), target!);
    reachable([`${path}.js`, join(path, 'index.js')].find((each) => existsSync(each)) ?? path, seen);
  }
  return [...seen];
}

/** One file of types: those of the public API alone, so that no type of a development dependency is in it. */
function rollTypes(): void {
  const config = ExtractorConfig.loadFileAndPrepare(join(tools, 'api-extractor.json'));
  if (!Extractor.invoke(config, { localBuild: false, showVerboseMessages: false }).succeeded) throw new Error('the types have errors, see above');
}

function writeReference(): void {
  node(tools, join(tools, 'node_modules', 'typedoc', 'bin', 'typedoc'));
  cpSync(join(build, 'api', 'api.md'), join(build, 'api.md'));
  rmSync(join(build, 'api'), { recursive: true });
}

/** Documents for who works on this repository. */
const notForUsers = ['architecture.md', 'decisions.md', 'description.md', 'e2e.md'];

/** The manual, with README as a page of it. Links to what is not in it become plain text. */
function writeManual(): void {
  const pages = new Map([
    ['zero-touch-pvc.md', 'README.md'],
    ...filesBelow(join(repository, 'docs'))
      .map((file) => relative(join(repository, 'docs'), file))
      .filter((file) => file.endsWith('.md') && !notForUsers.includes(file))
      .map((file): [string, string] => [file, `docs/${file}`]),
  ]);
  const pageOf = new Map([...pages].map(([page, source]) => [source, page]));
  for (const [page, source] of pages) {
    const text = readFileSync(join(repository, source), 'utf8')
      .replaceAll(/^!\[.*\n\n/gm, '')
      .replaceAll("from './lib'", "from 'zero-touch-pvc'")
      .replaceAll(/\[([^\]]+)\]\((?!\w+:)([^)#\s]*)(#[^)\s]+)?\)/g, (link, words: string, target: string, anchor = '') => {
        if (target === '') return link;
        const other = pageOf.get(join(dirname(source), target));
        return other === undefined ? words : `[${words}](${relative(dirname(page), other)}${anchor})`;
      });
    mkdirSync(dirname(join(build, 'docs', page)), { recursive: true });
    writeFileSync(join(build, 'docs', page), `${documentHeader}\n\n${text}`);
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());
}

function main(): void {
  rmSync(build, { recursive: true, force: true });
  compile();
  rollTypes();
  writeReference();
  writeManual();
}

if (!helped(usage)) main();
