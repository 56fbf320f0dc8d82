import { join } from 'node:path';
import { buildTree, type SiteValues } from '../../lib';
import type { KubernetesObject } from '../../lib/gitops/manifest';

/** Root of the repository. */
export const repository = join(__dirname, '..', '..');

/** Plain data of an object; tests read and break it freely. */
// eslint-disable-next-line typescript/no-explicit-any -- a rendered object has as many shapes as there are kinds
export type Data = any;

/** A rendered tree as plain data, which a test may change. */
export class Tree {
  static of(values: SiteValues): Tree {
    const files = [...buildTree(values, undefined, '/nowhere').render()];
    return new Tree(files.flatMap(([path, { objects }]) => objects.map((object) => ({ path, object: structuredClone(object) as Data }))));
  }

  constructor(readonly entries: { path: string; object: Data }[]) {}

  clone(): Tree {
    return new Tree(structuredClone(this.entries));
  }

  get objects(): Data[] {
    return this.entries.map(({ object }) => object);
  }

  ofKind(kind: string): Data[] {
    return this.objects.filter((object: KubernetesObject) => object.kind === kind);
  }

  /** The only object of a kind and name. */
  one(kind: string, name: string): Data {
    const found = this.ofKind(kind).filter((object) => object.metadata.name === name);
    if (found.length !== 1) throw new Error(`the tree has ${found.length} times ${kind} ${name}`);
    return found[0];
  }

  /** Objects of a file. */
  file(path: string): Data[] {
    return this.entries.filter((entry) => entry.path === path).map(({ object }) => object);
  }

  add(path: string, object: Data): void {
    this.entries.push({ path, object });
  }

  remove(kind: string, name: string): void {
    const index = this.entries.findIndex(({ object }) => object.kind === kind && object.metadata.name === name);
    this.entries.splice(index, 1);
  }
}

/** Calls a function with every string of an object, and where it stands. */
export function eachString(value: Data, visit: (text: string, path: string) => void, path = ''): void {
  if (typeof value === 'string') visit(value, path);
  else if (Array.isArray(value)) value.forEach((item, index) => eachString(item, visit, `${path}[${index}]`));
  else if (value !== null && typeof value === 'object') {
    for (const [key, child] of Object.entries(value)) {
      visit(key, `${path}.${key} (key)`);
      eachString(child, visit, `${path}.${key}`);
    }
  }
}
