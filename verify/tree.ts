import { join } from 'node:path';
import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { buildTree, type Platform, type SiteValues } from '../lib';
import { Manifest, type KubernetesObject } from '../lib/gitops/manifest';
import { userFile } from './user-file';

/** Root of the repository. */
export const repository = join(__dirname, '..');

/** Plain data of an object; checks read it and tests break it freely. */
// eslint-disable-next-line typescript/no-explicit-any -- a rendered object has as many shapes as there are kinds
export type Data = any;

/** An object of the tree, and where it stands. */
export interface Entry {
  /** File in the tree. */
  path: string;
  object: Data;
  /** The object was added by `extend`, and is not one of the platform's. */
  readonly added?: boolean;
  /** File and line of the user's code that made it, as far as that can be known. */
  readonly from?: string;
}

/** A rendered tree as plain data, which a test may change. */
export class Tree {
  /** Renders a site in memory, with what a person added. @throws ProblemsError for values or objects that synth refuses */
  static of(values: SiteValues, extend?: (platform: Platform) => void): Tree {
    const before = new Set<IConstruct>();
    const added = new Set<IConstruct>();
    const tree = buildTree(values, (platform) => {
      for (const node of platform.node.root.node.findAll()) before.add(node);
      extend?.(platform as Platform);
      for (const node of platform.node.root.node.findAll()) if (!before.has(node)) added.add(node);
    });
    const files = tree.render();
    const nodes = tree.node.findAll();
    const entries = [...files].flatMap(([path, { objects }]) => {
      const manifest = nodes.find((node): node is Manifest => Manifest.isManifest(node) && node.path === path)!;
      const makers = manifest.node.findAll().filter((node) => ApiObject.isApiObject(node) && node.chart === manifest);
      return objects.map((object, index): Entry => {
        const isAdded = added.has(makers[index]!);
        const from = isAdded ? userFile(manifest.madeAt) : undefined;
        return { path, object: structuredClone(object), ...(isAdded ? { added: true } : {}), from };
      });
    });
    return new Tree(entries, new Map([...files].map(([path, { text }]) => [path, text])), tree.outdir);
  }

  constructor(
    readonly entries: Entry[],
    /** The text of each file. */
    readonly texts: ReadonlyMap<string, string> = new Map(),
    /** Where `npm run synth` writes the files. */
    readonly outdir: string = '',
  ) {}

  /** Only what the platform itself renders. The entries are those of this tree. */
  get platform(): Tree {
    return new Tree(
      this.entries.filter(({ added }) => added !== true),
      this.texts,
      this.outdir,
    );
  }

  clone(): Tree {
    return new Tree(structuredClone(this.entries), this.texts, this.outdir);
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

/** An object as a message names it: kind, namespace and name, and the user's file where it is known. */
export function named({ object, from }: Pick<Entry, 'object' | 'from'>): string {
  const { namespace, name } = object.metadata ?? {};
  return `${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}${from === undefined ? '' : ` (${from})`}`;
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
