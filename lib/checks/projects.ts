import type { KubernetesObject } from '../gitops/manifest';
import { scopeOf } from '../gitops/scope';
import type { GitSource } from '../gitops/tree';
import { credentialProblem, globMatches } from '../model/git';
import { at, entriesOf, itemsOf, textOf } from './fields';

/** Objects of the tree with the files that they stand in. */
export type Placed = readonly { readonly path: string; readonly object: KubernetesObject }[];

/** What an Application is given: its own, or those that an ApplicationSet will make for each folder. */
interface Asked {
  readonly about: string;
  readonly project: string;
  readonly namespace: string | undefined;
  readonly sources: readonly unknown[];
  /** Folder of the tree that it reads, for each source that is one. */
  readonly folders: readonly string[];
}

/** Argo CD makes this one itself, and it permits everything. */
const builtIn = 'default';

/**
 * Says which Applications Argo CD would refuse: their AppProject is not there, or does not permit their repository, their namespace, or a kind or a namespace of
 * the objects that the tree has for them.
 *
 * @param foreign projects that the cluster has already
 */
export function projectProblems(all: Placed, git: GitSource, foreign: readonly string[] = []): string[] {
  const projects = new Map(all.filter(({ object }) => object.kind === 'AppProject').map(({ object }) => [object.metadata.name, object]));
  return asked(all, git).flatMap((application) => {
    const secret = application.sources
      .map((source) => credentialProblem(textOf(at(source, 'repoURL')) ?? ''))
      .find((problem) => problem !== undefined);
    if (secret !== undefined) return [`${application.about}: ${secret}`];
    const project = projects.get(application.project);
    if (project !== undefined) return refusals(application, project, all);
    if (application.project === builtIn || foreign.includes(application.project)) return [];
    return [`${application.about}: there is no project ${JSON.stringify(application.project)}: use one of ${[...projects.keys()].join(', ')}`];
  });
}

function asked(all: Placed, git: GitSource): Asked[] {
  return all.flatMap(({ path, object }): Asked[] => {
    const about = `${path}: ${object.kind} ${object.metadata.name}`;
    if (object.kind === 'Application') return [of(about, object['spec'], git)];
    if (object.kind !== 'ApplicationSet') return [];
    const spec = at(object, 'spec', 'template', 'spec');
    const patterns = itemsOf(at(object, 'spec', 'generators')).flatMap(foldersAskedFor);
    return foldersOf(all).flatMap((folder) => {
      const place = inGit(git, folder);
      const matching = patterns.filter((pattern) => matches(textOf(at(pattern, 'path')) ?? '', place));
      if (matching.length === 0 || matching.some((pattern) => at(pattern, 'exclude') === true)) return [];
      return [{ ...of(about, spec, git), namespace: folder.split('/').at(-1), folders: [folder] }];
    });
  });
}

/** Patterns of folders that a generator, or one that is part of it, looks for. */
function foldersAskedFor(generator: unknown): unknown[] {
  const parts = ['merge', 'matrix'].flatMap((kind) => itemsOf(at(generator, kind, 'generators')));
  return [...itemsOf(at(generator, 'git', 'directories')), ...parts.flatMap(foldersAskedFor)];
}

function of(about: string, spec: unknown, git: GitSource): Asked {
  const one = at(spec, 'source');
  const sources = one === undefined ? itemsOf(at(spec, 'sources')) : [one];
  const folders = sources.flatMap((source) => {
    const path = textOf(at(source, 'path'));
    if (path === undefined || at(source, 'repoURL') !== git.url) return [];
    if (git.path === '') return [path];
    return path.startsWith(`${git.path}/`) ? [path.slice(git.path.length + 1)] : [];
  });
  return { about, project: textOf(at(spec, 'project')) ?? builtIn, namespace: textOf(at(spec, 'destination', 'namespace')), sources, folders };
}

function refusals({ about, namespace, sources, folders }: Asked, project: KubernetesObject, all: Placed): string[] {
  const { name } = project.metadata;
  const repositories = itemsOf(at(project, 'spec', 'sourceRepos')).map(String);
  const strangers = sources
    .map((source) => textOf(at(source, 'repoURL')) ?? '')
    .filter((url) => !url.includes('{{') && !repositories.some((pattern) => pattern === '*' || pattern === url));
  const objects = all.filter(({ path }) => folders.some((folder) => path.startsWith(`${folder}/`)));
  return [
    ...strangers.map(
      (url) => `${about}: project ${name} does not permit the repository ${url}: use the project infrastructure, or monitoring for what it permits`,
    ),
    ...(namespace === undefined || permitsNamespace(project, namespace)
      ? []
      : [`${about}: project ${name} does not permit the namespace ${namespace}`]),
    ...objects.flatMap(({ path, object }) => objectRefusals(project, object).map((problem) => `${path}: ${problem}`)),
  ];
}

function objectRefusals(project: KubernetesObject, object: KubernetesObject): string[] {
  const { name } = project.metadata;
  const about = `${object.kind} ${object.metadata.name}`;
  const { namespace } = object.metadata;
  if (namespace !== undefined && !permitsNamespace(project, namespace)) {
    return [`${about}: project ${name} does not permit the namespace ${namespace}: choose another one, or another project`];
  }
  if (permitsKind(project, object)) return [];
  return [
    `${about}: project ${name} does not permit this kind: move it into the folder of an Application of another project (platform.application), for example infrastructure`,
  ];
}

/** As Argo CD does: one entry permits, and none that begins with `!` denies. */
function permitsNamespace(project: KubernetesObject, namespace: string): boolean {
  if (namespace.includes('{{')) return true;
  const patterns = itemsOf(at(project, 'spec', 'destinations')).map((destination) => textOf(at(destination, 'namespace')) ?? '');
  const denied = patterns.some((pattern) => pattern.startsWith('!') && globMatches(pattern.slice(1), namespace));
  return !denied && patterns.some((pattern) => !pattern.startsWith('!') && globMatches(pattern, namespace));
}

function permitsKind(project: KubernetesObject, object: KubernetesObject): boolean {
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0]! : '';
  const listed = (field: string): boolean | undefined => {
    const list = at(project, 'spec', field);
    if (list === undefined) return undefined;
    return itemsOf(list).some((entry) => {
      const [groups, kinds] = ['group', 'kind'].map((key) => textOf(new Map(entriesOf(entry)).get(key)) ?? '');
      return globMatches(groups!, group) && globMatches(kinds!, object.kind);
    });
  };
  // Of a kind that only the cluster knows, only its namespace can tell.
  const scope = scopeOf(object.kind) ?? (object.metadata.namespace === undefined ? undefined : 'namespace');
  if (scope === 'cluster') return listed('clusterResourceWhitelist') === true && listed('clusterResourceBlacklist') !== true;
  return scope === undefined || ((listed('namespaceResourceWhitelist') ?? true) && listed('namespaceResourceBlacklist') !== true);
}

/** Every folder of the tree that holds something. */
function foldersOf(all: Placed): string[] {
  const folders = all.flatMap(({ path }) => {
    const segments = path.split('/').slice(0, -1);
    return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
  });
  return [...new Set(folders)];
}

function inGit(git: GitSource, folder: string): string {
  return git.path === '' ? folder : `${git.path}/${folder}`;
}

function matches(pattern: string, folder: string): boolean {
  const patterns = pattern.split('/');
  const segments = folder.split('/');
  return patterns.length === segments.length && patterns.every((segment, index) => globMatches(segment, segments[index]!));
}
