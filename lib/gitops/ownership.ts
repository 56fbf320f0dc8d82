import type { Construct } from 'constructs';
import { argocdDirectory, type Application } from './application';
import { Manifest } from './manifest';

/** Folders of the tree that Argo CD reads without an Application of this list: the root's own, what is applied by hand, and the users' apps. */
const others = [argocdDirectory, 'bootstrap', 'my-apps'];

/**
 * Says which files no Application would apply, or more than one would.
 *
 * @param paths every file of the tree
 */
export function ownershipProblems(paths: readonly string[], applications: readonly Application[]): string[] {
  const folders = [...others, ...applications.flatMap(({ directory }) => (directory === undefined ? [] : [directory]))];
  return paths.flatMap((path) => {
    const owners = folders.filter((folder) => path.startsWith(`${folder}/`));
    if (owners.length === 1) return [];
    if (owners.length === 0) return [`${path}: no Application reads this folder, so it would never be applied; give the folder to one`];
    return [`${path}: lies in the folders ${owners.join(' and ')}; one of their Applications would fight the other`];
  });
}

/** Lets the tree around a construct report its files that none, or more than one, of these Applications reads; also of those that are added later. */
export function checkOwnership(scope: Construct, applications: readonly Application[]): void {
  const manifests = (): Manifest[] => scope.node.root.node.findAll().filter((node) => Manifest.isManifest(node));
  const paths = (): string[] => manifests().map(({ path }) => path);
  scope.node.addValidation({ validate: () => ownershipProblems(paths(), applications) });
}
