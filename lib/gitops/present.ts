import { closeSync, existsSync, lstatSync, openSync, readFileSync, readSync, readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../model/problems';
import { isRepositoryRoot, type OutputFolder } from './output-folder';

/** How the files of a tree are known. */
export interface Marks {
  /** First line of every rendered file. */
  readonly header: string;
  /** A file that every tree has; where it lies in a folder below, that is another tree. */
  readonly rootFile: string;
}

/** What lies in an output folder. Paths are relative to it, with forward slashes. */
export interface Present {
  /** Files that begin with the header: those of this tree, and the only ones that may be overwritten or removed. */
  readonly ours: readonly string[];
  /** All others, symbolic links among them; of a folder that is not entered, the folder itself. */
  readonly foreign: readonly string[];
}

/** Folder that new and old files lie in while a tree is written. */
export const stagingPrefix = '.rendering-';

/**
 * Lists an output folder. Not entered are `.git`, links, another tree below this one, and folders that can't be read.
 *
 * @throws InputError when a repository lies below a folder that is not itself the root of one
 */
export function lookAt(folder: OutputFolder, marks: Marks): Present {
  const ours: string[] = [];
  const foreign: string[] = [];
  const visit = (below: string): void => {
    for (const entry of entries(join(folder.path, below))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      const full = join(folder.path, path);
      if (entry.name.toLowerCase() === '.git' || (entry.name.startsWith(stagingPrefix) && isYoung(full))) continue;
      if (entry.isDirectory()) {
        const repository = isRepositoryRoot(full);
        if (repository && !folder.repositoryRoot)
          throw new InputError(`the output folder ${folder.path} holds a Git repository, ${path}: choose a folder of the tree's own`);
        if (repository || isRendered(join(full, marks.rootFile), marks.header)) foreign.push(path);
        else visit(path);
      } else if (entry.isFile() && isRendered(full, marks.header)) ours.push(path);
      else foreign.push(path);
    }
  };
  if (existsSync(folder.path)) visit('');
  return { ours, foreign };
}

/** Whether a file has this text. */
export function isFileWith(file: string, text: string): boolean {
  return lstatSync(file).isFile() && readFileSync(file, 'utf8') === text;
}

/** Entries of a folder. One that can't be read holds nothing that could be removed; where the tree wants to write there, that fails with words. */
function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** Whether a file was rendered by this program: its name ends with .yaml, and it begins with the header. */
function isRendered(file: string, header: string): boolean {
  if (!file.endsWith('.yaml') || lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return false;
  }
  try {
    const start = Buffer.alloc(Buffer.byteLength(header));
    return readSync(descriptor, start, 0, start.length, 0) === start.length && start.toString('utf8') === header;
  } finally {
    closeSync(descriptor);
  }
}

/** Another run may be at work there. What a killed one left is old, and its files are removed as any others that begin with the header. */
function isYoung(folder: string): boolean {
  return Date.now() - lstatSync(folder).mtimeMs < 3_600_000;
}
