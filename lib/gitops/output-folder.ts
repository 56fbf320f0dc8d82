import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { InputError } from '../model/problems';

/** A folder that a tree may be written into. */
export interface OutputFolder {
  /** Its real path: symbolic links on the way to it are resolved. It need not exist yet. */
  readonly path: string;
  /** It is the root of a Git repository, and `git.path` says that the tree lies there. */
  readonly repositoryRoot: boolean;
  /** It is the folder that `git.path` names in the repository that holds it, so that other files may lie there, too. */
  readonly agreed: boolean;
  /** What to change, where Argo CD would look for the tree in another folder than this one. */
  readonly note?: string;
}

/**
 * Looks at a place before anything is written there.
 *
 * @param outdir as the user gave it, relative to the current folder
 * @param gitPath folder of the tree in its Git repository, empty for the root, see `GitSource.path`
 * @throws InputError when the place is, or holds, something that a tree must not be mixed with
 */
export function outputFolder(outdir: string, gitPath: string): OutputFolder {
  if (outdir === '') throw new InputError('the output folder is empty (CDK8S_OUTDIR): name one, or leave the variable out for dist');
  const path = realPath(resolve(outdir), outdir);
  if (existsSync(path) && !lstatSync(path).isDirectory())
    throw new InputError(`the output folder ${outdir} is a file: remove it, or choose another folder`);

  const project = [process.cwd(), join(__dirname, '..', '..')].find((folder) => holds(path, realpathSync(folder)));
  if (project !== undefined) throw new InputError(`the output folder ${outdir} holds the project itself: choose a folder of its own`);
  if (upwards(path).some((folder) => isGitFolder(folder)))
    throw new InputError(`the output folder ${outdir} lies in the data of a Git repository: choose another folder`);

  const repository = upwards(path).find((folder) => isRepositoryRoot(folder));
  const repositoryRoot = repository === path;
  if (repositoryRoot && gitPath !== '')
    throw new InputError(
      `the output folder ${outdir} is the root of a Git repository, and git.path is ${JSON.stringify(gitPath)}: ` +
        `render into ${join(outdir, gitPath)}, or set git.path to '' if the tree is to lie at the root`,
    );

  // Unpacked from an archive, the project is the repository that it will be pushed to.
  const root = repository ?? (holds(process.cwd(), path) ? process.cwd() : undefined);
  if (root === undefined) return { path, repositoryRoot, agreed: false };
  const here = relative(root, path).split(sep).join('/');
  if (here === gitPath) return { path, repositoryRoot, agreed: repository !== undefined };
  return { path, repositoryRoot, agreed: false, note: disagreement(here, gitPath) };
}

/** Whether a folder is the root of a Git repository: a clone, a worktree or a submodule. */
export function isRepositoryRoot(folder: string): boolean {
  return existsSync(join(folder, '.git'));
}

function disagreement(here: string, gitPath: string): string {
  const there =
    gitPath === ''
      ? 'at the root of its repository (git.path is empty): render into a clone of that repository, CDK8S_OUTDIR=../<clone> npm run synth,'
      : `in ${gitPath} (git.path): render there, CDK8S_OUTDIR=${gitPath} npm run synth,`;
  return `This tree lies in ${here} of its repository, but Argo CD will look for it ${there} or set git.path to '${here}'.`;
}

/** The path without symbolic links; what does not exist yet stands at its end. */
function realPath(path: string, outdir: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined)
      throw new InputError(`the output folder ${outdir} leads over the symbolic link ${path}, whose target does not exist: remove the link`);
    return join(realPath(dirname(path), outdir), basename(path));
  }
}

function holds(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A folder and all those that hold it. */
function upwards(path: string): string[] {
  return dirname(path) === path ? [path] : [path, ...upwards(dirname(path))];
}

/** A `.git`, or a bare repository. */
function isGitFolder(folder: string): boolean {
  return basename(folder).toLowerCase() === '.git' || ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(folder, name)));
}
