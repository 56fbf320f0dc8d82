/**
 * Brings the pinned CRDs into the ignored cache `.cache/crds`, for `npm run import` and for the schema tests.
 *
 *   npm run crds                     from the upstream URLs in versions.ts
 *   npm run crds -- --from DIR       from a local folder with the same layout (<folder>/<file>)
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { helped } from './usage';
import { crdSources, type CrdSource } from '../versions';

/** In the repository of `main.ts`: this one, or a person's own that has the package. */
export const crdCache = join(process.cwd(), '.cache', 'crds');

/** Undefined for one that a local copy lacks, and may. */
async function readIfThere(source: CrdSource, file: string, from: string | undefined): Promise<string | undefined> {
  return from === undefined || existsSync(join(from, source.folder, file)) ? read(source, file, from) : undefined;
}

async function read({ folder, repository, version, path: below }: CrdSource, file: string, from: string | undefined): Promise<string> {
  if (from !== undefined) {
    const path = join(from, folder, file);
    if (!existsSync(path)) throw new Error(`${path} does not exist: --from wants a folder that holds ${folder}/${file}`);
    return readFileSync(path, 'utf8');
  }
  const url = `https://raw.githubusercontent.com/${repository}/${version}/${below}/${file}`;
  const response = await fetch(url).catch((error: unknown) => {
    throw new Error(`${url} can't be fetched (${String((error as Error).cause ?? error)}); a local copy is taken with: npm run crds -- --from DIR`);
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: is the version in versions.ts right?`);
  return response.text();
}

const usage = `
npm run crds                    brings the pinned CRDs into .cache/crds, from the upstream URLs in versions.ts
npm run crds -- --from DIR      from a local folder with the same layout (<folder>/<file>)`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { from: { type: 'string' } } });
  const texts = new Map<string, string>();
  for (const source of crdSources) {
    for (const file of source.ofSomeSites ?? []) {
      const text = await readIfThere(source, file, values.from);
      if (text !== undefined) texts.set(join(source.folder, file), text);
    }
    for (const file of [...source.files, ...(source.forClusters ?? [])]) texts.set(join(source.folder, file), await read(source, file, values.from));
  }
  // All or nothing: a half-filled cache would check half of the tree.
  rmSync(crdCache, { recursive: true, force: true });
  for (const [path, text] of texts) {
    const target = join(crdCache, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  console.log(`${texts.size} CRDs in .cache/crds, ${values.from === undefined ? 'from upstream' : 'from a local folder'}`);
}

if (require.main === module && !helped(usage)) {
  main().catch((error: unknown) => {
    console.error(`crds: ${(error as Error).message}`);
    process.exitCode = 1;
  });
}
