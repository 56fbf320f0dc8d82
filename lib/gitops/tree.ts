import { App, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { ProblemsError } from '../model/problems';
import { writeTree, type WriteReport } from './disk';
import { Manifest, type KubernetesObject } from './manifest';
import { scopeOf } from './scope';
import { toYaml } from './yaml';

/** First line of every file. The writer overwrites and removes only files that begin with it, so another text would make strangers of all older trees. */
export const header = '# Rendered by `npm run synth`. Do not edit: change main.ts or lib, then render again.';

/** The one file that is applied by hand. Every tree has it. */
export const rootFile = 'bootstrap/root-app.yaml';

/** Where Argo CD finds the rendered tree. */
export interface GitSource {
  /** Repository URL as Argo CD reaches it. */
  readonly url: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** Folder of the rendered tree in the repository, without slashes at its ends; empty for the root. */
  readonly path: string;
}

/** A rendered file: the objects and their text. */
export interface RenderedFile {
  readonly objects: readonly KubernetesObject[];
  readonly text: string;
}

/** Says what is wrong with the files of a tree, one sentence each. */
export type TreeCheck = (files: ReadonlyMap<string, RenderedFile>) => readonly string[];

/** Names that an Argo CD with other things in it may have already. */
export interface ArgoCdNames {
  /** In front of the name of every Application and ApplicationSet. */
  readonly prefix: string;
  /** AppProject of an Application that names none. */
  readonly project: string;
}

export interface GitOpsTreeProps {
  readonly git: GitSource;
  /** @default - no prefix, project `infrastructure` */
  readonly names?: ArgoCdNames;
  /** Output folder. @default - `CDK8S_OUTDIR`, which `cdk8s synth` sets, else `dist` */
  readonly outdir?: string;
}

/**
 * The whole GitOps tree in one construct tree.
 *
 * Stock `App` can't make folders, walks the whole tree once for each chart and numbers files as soon as charts depend on each other;
 * this one renders all files in memory after one validation walk, and writes only when nothing is wrong.
 */
export class GitOpsTree extends App {
  /** @throws Error when the construct does not stand in a GitOpsTree */
  static override of(construct: IConstruct): GitOpsTree {
    const root = construct.node.root;
    if (!(root instanceof GitOpsTree)) throw new Error(`${construct.node.path} does not stand in a GitOpsTree`);
    return root;
  }

  readonly git: GitSource;
  readonly names: ArgoCdNames;
  private readonly checks: TreeCheck[] = [];

  constructor(props: GitOpsTreeProps) {
    super(props.outdir === undefined ? {} : { outdir: props.outdir });
    this.git = props.git;
    this.names = props.names ?? { prefix: '', project: 'infrastructure' };
  }

  /** Adds a check that sees the whole tree. What it finds stops the writing. */
  addCheck(check: TreeCheck): void {
    this.checks.push(check);
  }

  /** The files of the tree by path, sorted. Touches no disk. @throws ProblemsError with everything that is wrong */
  render(): ReadonlyMap<string, RenderedFile> {
    const nodes = this.node.findAll();
    const problems = nodes.flatMap((node) => node.node.validate().map((problem) => `${node.node.path || 'tree'}: ${problem}`));
    const files = new Map<string, RenderedFile>();
    const owners = new Map<string, string>();
    for (const chart of nodes.filter((node) => Chart.isChart(node) && !Manifest.isManifest(node))) {
      problems.push(`${chart.node.path}: a plain Chart has no path in the tree, its objects would be lost; use Manifest`);
    }
    for (const manifest of nodes.filter((node) => Manifest.isManifest(node)).toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
      // Some file systems do not tell upper from lower case.
      if (claim(owners, manifest.path.toLowerCase(), manifest.path) !== undefined) problems.push(`${manifest.path}: two manifests have this path`);
      const objects = manifest.objects();
      if (objects.length === 0) problems.push(`${manifest.path}: the file would hold no object`);
      for (const object of objects) {
        problems.push(...objectProblems(object).map((problem) => `${manifest.path}: ${problem}`));
        const earlier = claim(owners, objectKey(object), manifest.path);
        if (earlier !== undefined)
          problems.push(`${manifest.path}: ${objectKey(object)} is also in ${earlier}; two Applications would fight over it`);
      }
      files.set(manifest.path, { objects, text: `${header}\n${toYaml(objects)}` });
    }
    problems.push(...this.checks.flatMap((check) => check(files)));
    if (problems.length > 0) throw new ProblemsError('The tree is not written, because something in it is wrong:', problems);
    return files;
  }

  /** Renders and writes the tree. @returns what changed on disk, and how many objects the tree has */
  write(): WriteReport & { readonly objects: number } {
    const files = [...this.render()];
    const report = writeTree(this.outdir, new Map(files.map(([path, { text }]) => [path, text])), { header, rootFile, gitPath: this.git.path });
    return { ...report, objects: files.reduce((sum, [, { objects }]) => sum + objects.length, 0) };
  }

  override synth(): void {
    this.write();
  }
}

function claim(owners: Map<string, string>, key: string, owner: string): string | undefined {
  const earlier = owners.get(key);
  owners.set(key, owner);
  return earlier;
}

/** Identity of an object in the API server, without its version. */
export function objectKey(object: KubernetesObject): string {
  const group = object.apiVersion.includes('/') ? `${object.apiVersion.split('/')[0]}/` : '';
  return `${group}${object.kind} ${object.metadata.namespace === undefined ? '' : `${object.metadata.namespace}/`}${object.metadata.name}`;
}

function objectProblems(object: KubernetesObject): string[] {
  const scope = scopeOf(object.kind);
  const namespaced = object.metadata.namespace !== undefined;
  if (scope === 'cluster' && namespaced) return [`${object.kind} ${object.metadata.name} is cluster-scoped, but has a namespace: remove it`];
  if (scope === 'namespace' && !namespaced) return [`${object.kind} ${object.metadata.name} has no metadata.namespace: give it one`];
  return [];
}
