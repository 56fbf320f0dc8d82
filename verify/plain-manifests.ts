import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { loadAll } from 'js-yaml';
import { renderedBy } from '../lib/gitops/app-set';
import { header } from '../lib/gitops/tree';
import type { Site } from '../lib/site/schema';
import type { Data, Entry, Tree } from './tree';

/** Manifests that a person wrote as YAML, in the folders that the ApplicationSet reads. */
export interface PlainManifests {
  readonly entries: readonly Entry[];
  /** Files that are no YAML, each with the reason. */
  readonly unreadable: readonly string[];
  /** Folders that Kustomize or Helm renders: what comes of their files is not known here. */
  readonly rendered: readonly string[];
}

export function plainManifests(tree: Tree, site: Site): PlainManifests {
  const patterns: string[] = tree.platform
    .ofKind('ApplicationSet')
    .flatMap(({ spec }) => spec.generators[0].merge.generators[0].git.directories.map(({ path }: Data) => path));
  const root = rootOf(tree, site);
  const folders = [...new Set(patterns.flatMap((pattern) => matching(root, pattern)))];
  const rendered = folders.filter((folder) => renderedBy.some((file) => existsSync(join(root, folder, file))));
  const files = folders.filter((folder) => !rendered.includes(folder)).flatMap((folder) => filesBelow(root, folder));
  const entries: Entry[] = [];
  const unreadable: string[] = [];
  for (const path of files.toSorted()) {
    const text = readFileSync(join(root, path), 'utf8');
    if (text.startsWith(header)) continue;
    try {
      entries.push(
        ...loadAll(text)
          .flatMap(objectsOf)
          .map((object) => ({ path, object, added: true })),
      );
    } catch (error) {
      unreadable.push(`${path}: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  return { entries, unreadable, rendered };
}

/** Root of the Git repository: the folder that the site's `git.path` starts from, and the current one where the output folder is another. */
function rootOf({ outdir }: Tree, { git }: Site): string {
  const out = resolve(outdir);
  if (git.path === '') return out;
  const below = sep + git.path.split('/').join(sep);
  return out.endsWith(below) ? out.slice(0, -below.length) || sep : process.cwd();
}

function objectsOf(document: Data): Data[] {
  if (document === null || typeof document !== 'object' || typeof document.kind !== 'string') return [];
  return document.kind === 'List' ? (document.items ?? []).flatMap(objectsOf) : [document];
}

/** Folders that match a pattern of an ApplicationSet, in which `*` stands for a part of one name. */
function matching(root: string, pattern: string): string[] {
  return pattern.split('/').reduce<string[]>(
    (folders, segment) => {
      const name = new RegExp(`^${segment.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*')}$`);
      return folders.flatMap((folder) =>
        directoriesIn(join(root, folder))
          .filter((each) => name.test(each))
          .map((each) => (folder === '' ? each : `${folder}/${each}`)),
      );
    },
    [''],
  );
}

function directoriesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name);
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length)
        .replace(/^[\\/]/, '')
        .split(sep)
        .join('/'),
    );
}
