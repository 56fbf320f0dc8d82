import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { loadAll } from 'js-yaml';
import type { KubeObject } from './api';

export const repository = join(__dirname, '..', '..');
/** The rendered example: what these runs apply does not depend on the values in main.ts. */
const example = join(repository, 'test', 'golden', 'homelab');

let folder = example;

/** Applies another rendered tree from now on, for example one of an older commit. @default - the rendered example */
export function useTree(other: string = example): void {
  folder = other;
}

/** Path of a file of the tree. */
export function treeFile(...path: readonly string[]): string {
  return join(folder, ...path);
}

/** An object of the rendered tree and where it stands. */
export interface TreeObject {
  readonly path: string;
  readonly object: KubeObject;
}

export function documents(file: string): KubeObject[] {
  return (loadAll(readFileSync(file, 'utf8')) as (KubeObject | null)[]).filter((document) => document !== null);
}

/** Every object of the tree. */
export function treeObjects(): TreeObject[] {
  return files(folder).flatMap((file) => documents(file).map((object) => ({ path: relative(folder, file), object })));
}

/** The objects of one folder of the tree, in the order of their sync waves, without those that Argo CD skips. */
export function folderObjects(name: string): KubeObject[] {
  return treeObjects()
    .filter(({ path }) => path.startsWith(`${name}/`))
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

function files(below: string): string[] {
  return readdirSync(below)
    .map((name) => join(below, name))
    .flatMap((path) => (statSync(path).isDirectory() ? files(path) : path.endsWith('.yaml') ? [path] : []));
}
