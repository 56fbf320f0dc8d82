import type { KubernetesObject } from './manifest';
import type { RenderedFile } from './tree';

/**
 * The objects of a tree, a line each, as kubectl names them: the namespace, or a dash, and `kind.group/name`. What charts make, and what Kyverno and Argo CD make
 * later, is not among them.
 */
export function objectNames(files: ReadonlyMap<string, RenderedFile>): string[] {
  const objects = [...files.values()].flatMap(({ objects: each }) => each);
  return [...new Set(objects.map(line))].toSorted();
}

function line({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${metadata.namespace ?? '-'} ${kind.toLowerCase()}${group}/${metadata.name}`;
}
