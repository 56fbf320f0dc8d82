import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { homelab } from '../../examples/homelab/site';
import { buildTree, type SiteValues } from '../../lib';
import type { KubeObject } from './api';

export const repository = join(__dirname, '..', '..');

/** A rendered tree: the text of each file, by its path. */
export type Tree = ReadonlyMap<string, string>;

/** The tree of the example, with other values where a scenario gives some. What these runs apply does not depend on the values in main.ts. */
export function exampleTree(changes: Partial<SiteValues> = {}): Tree {
  return treeOf({ ...(homelab as SiteValues), ...changes });
}

/** The tree of a site. */
export function treeOf(values: SiteValues): Tree {
  const files = buildTree(values, undefined, '/nowhere').render();
  return new Map([...files].map(([path, { text }]) => [path, text] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

let tree: Tree | undefined;

/** Applies another rendered tree from now on, for example one of an older commit. @param other the tree, or the folder where it lies. @default - the example */
export function useTree(other?: string | Tree): void {
  tree = typeof other === 'string' ? new Map(filesBelow(other).map((path) => [path, readFileSync(join(other, path), 'utf8')])) : other;
}

/** The tree that is applied. */
export function currentTree(): Tree {
  return (tree ??= exampleTree());
}

/** An object of the rendered tree and where it stands. */
export interface TreeObject {
  readonly path: string;
  readonly object: KubeObject;
}

/** The objects in a file of this machine. */
export function documents(file: string): KubeObject[] {
  return objectsOf(readFileSync(file, 'utf8'));
}

/** Every object of the tree. @param below only those in this folder or file */
export function treeObjects(below = ''): TreeObject[] {
  return [...currentTree()]
    .filter(([path]) => below === '' || path === below || path.startsWith(`${below}/`))
    .flatMap(([path, text]) => objectsOf(text).map((object) => ({ path, object })));
}

/** The objects of one folder of the tree, in the order of their sync waves, without those that Argo CD skips. */
export function folderObjects(name: string): KubeObject[] {
  return treeObjects(name)
    .map(({ object }) => object)
    .filter(({ metadata }) => metadata.annotations?.['argocd.argoproj.io/hook'] !== 'Skip')
    .toSorted((a, b) => waveOf(a) - waveOf(b));
}

export function waveOf(object: KubeObject): number {
  return Number(object.metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? '0');
}

/** Argo CD's Application of that name. */
export function application(name: string): KubeObject {
  const found = treeObjects().find(({ object }) => object.kind === 'Application' && object.metadata.name === name);
  if (found === undefined) throw new Error(`the tree has no Application ${name}`);
  return found.object;
}

/** The objects in the text of a file. */
export function objectsOf(text: string): KubeObject[] {
  return (loadAll(text) as (KubeObject | null)[]).filter((document) => document !== null);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .toSorted();
}
