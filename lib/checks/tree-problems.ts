import type { GitSource, RenderedFile } from '../gitops/tree';
import { claimProblems, type Protection } from './claims';
import { projectProblems } from './projects';
import { quantityProblems } from './quantities';

/** Everything in a tree that the cluster would refuse, or take and not protect: one sentence each, with file, object, value and remedy. */
export function treeProblems(
  files: ReadonlyMap<string, Pick<RenderedFile, 'objects'>>,
  git: GitSource,
  protection: Protection,
  foreignProjects: readonly string[] = [],
): string[] {
  const all = [...files].flatMap(([path, { objects }]) => objects.map((object) => ({ path, object })));
  return [
    ...all.flatMap(({ path, object }) => [...claimProblems(object, protection), ...quantityProblems(object)].map((problem) => `${path}: ${problem}`)),
    ...projectProblems(all, git, foreignProjects),
  ];
}
