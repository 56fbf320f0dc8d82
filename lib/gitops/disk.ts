import { lstatSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { InputError, ProblemsError } from '../model/problems';
import { Changes } from './changes';
import { diskProblem } from './disk-problem';
import { outputFolder, type OutputFolder } from './output-folder';
import { isFileWith, lookAt, type Marks, type Present } from './present';

/** What writing a tree changed. Paths are relative to the output folder. */
export interface WriteReport {
  readonly outdir: string;
  readonly files: number;
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** Files beside the tree's own that this program did not render, and left alone. */
  readonly kept: readonly string[];
  /** What to change, where Argo CD would look for the tree in another folder. */
  readonly note?: string;
}

export interface WriteOptions extends Marks {
  /** Folder of the tree in its Git repository, see `GitSource.path`. */
  readonly gitPath: string;
}

/**
 * Brings the files of a tree into a folder: writes those that differ, and removes those that begin with the header and no longer belong.
 *
 * Nothing else is touched: no file without the header, nothing in `.git` or in another repository or tree, nothing behind a symbolic link.
 * Everything is staged first, and a change that fails is taken back: the folder then is as it was.
 *
 * @throws InputError when the folder is not a place for a tree, when something foreign stands in the way, or when the disk refuses
 */
export function writeTree(outdir: string, files: ReadonlyMap<string, string>, options: WriteOptions): WriteReport {
  try {
    const folder = outputFolder(outdir, options.gitPath);
    const present = lookAt(folder, options);
    refuseForeignFolder(outdir, folder, present);
    refuseObstacles(outdir, folder.path, present, files);

    const known = new Set(present.ours);
    const written = [...files].filter(([path, text]) => !known.has(path) || !isFileWith(join(folder.path, path), text));
    const removed = present.ours.filter((path) => !files.has(path));
    if (written.length > 0 || removed.length > 0) change(folder.path, new Map(written), removed, known);

    const tops = new Set([...files.keys()].map((path) => path.split('/')[0]));
    return {
      outdir,
      files: files.size,
      written: written.map(([path]) => path),
      removed,
      kept: present.foreign.filter((path) => tops.has(path.split('/')[0])),
      note: folder.note,
    };
  } catch (error) {
    throw diskProblem(error, outdir);
  }
}

function change(root: string, written: ReadonlyMap<string, string>, removed: readonly string[], known: ReadonlySet<string>): void {
  const changes = new Changes(root);
  try {
    for (const [path, text] of written) changes.stage(path, text, known.has(path));
    for (const path of removed) changes.remove(path);
    for (const path of written.keys()) changes.put(path, known.has(path));
  } catch (error) {
    changes.takeBack();
    throw error;
  }
  changes.finish();
}

function refuseForeignFolder(outdir: string, folder: OutputFolder, { ours, foreign }: Present): void {
  if (folder.agreed || ours.length > 0 || foreign.length === 0) return;
  throw new InputError(
    `the output folder ${outdir} holds ${foreign.length} files, none of them rendered by this program: empty it or choose another`,
  );
}

/** Everything foreign that stands where the tree has a file or a folder. */
function refuseObstacles(outdir: string, root: string, { ours, foreign }: Present, files: ReadonlyMap<string, string>): void {
  const rendered = new Set(ours);
  const strange = new Set(foreign);
  const problems = new Set<string>();
  for (const path of files.keys()) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
      const stat = lstatSync(join(root, folder), { throwIfNoEntry: false });
      if (strange.has(folder)) problems.add(`${folder} is ${nature(root, folder)}, where the tree has a folder: move it away`);
      else if (stat !== undefined && !stat.isDirectory() && !rendered.has(folder)) problems.add(`${folder} is not a folder: move it away`);
    }
    if (strange.has(path)) problems.add(`${path} is ${nature(root, path)}, where the tree has a file: move it away`);
    const inside = foreign.find((other) => other.startsWith(`${path}/`));
    if (inside !== undefined) problems.add(`${path} is a folder that holds ${inside}, where the tree has a file: move it away`);
  }
  if (problems.size > 0) throw new ProblemsError(`The tree is not written, because this stands in its way in ${outdir}:`, [...problems]);
}

function nature(root: string, path: string): string {
  const stat = lstatSync(join(root, path));
  if (stat.isSymbolicLink()) return 'a symbolic link';
  if (!stat.isDirectory()) return 'a file that this program did not render (its first line is another)';
  return readdirSync(join(root, path)).includes('.git') ? 'a Git repository of its own' : 'another rendered tree';
}
