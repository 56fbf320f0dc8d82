import { lstatSync, mkdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { diskMeaning } from '../../lib/gitops/disk-problem';
import { InputError, ProblemsError } from '../../lib/model/problems';

/** A folder that gets new files, all of them or none. */
export interface NewFiles {
  /** @throws InputError when one of these files exists, or when the folder is none */
  refuse(paths: readonly string[]): void;
  /** Overwrites nothing; what was written is taken away again when the disk refuses the rest. @returns the paths */
  write(files: Readonly<Record<string, string>>): string[];
}

export function newFiles(folder: string): NewFiles {
  return {
    refuse(paths) {
      if (exists(folder) && !lstatSync(folder).isDirectory()) throw new InputError(`${folder} is not a folder: name another, or move it away`);
      const there = paths.filter((path) => exists(join(folder, path)));
      if (there.length > 0)
        throw new ProblemsError(
          `Nothing is written, because init overwrites nothing, and ${folder} has these already:`,
          there.map((path) => `${path}: to change the values of a repository edit its main.ts; for a new one name another folder`),
        );
    },
    write(files) {
      const undo: (() => void)[] = [];
      try {
        for (const [path, text] of Object.entries(files)) {
          const file = join(folder, path);
          const made = mkdirSync(dirname(file), { recursive: true });
          if (made !== undefined) undo.unshift(() => rmdirs(dirname(file), made));
          writeFileSync(file, text, { flag: 'wx' });
          undo.unshift(() => rmSync(file));
        }
      } catch (error) {
        for (const step of undo) step();
        const meaning = diskMeaning(error, folder);
        throw meaning === undefined ? error : new InputError(`The repository is not made in ${folder}, and what was there is as it was: ${meaning}.`);
      }
      return Object.keys(files);
    },
  };
}

/** Whether something has this name, also a link to nothing. A file where a folder is needed is told when it is written. */
function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}

/** Removes empty folders, from the deepest up to the first that was made. */
function rmdirs(deepest: string, first: string): void {
  rmdirSync(deepest);
  if (lstatSync(first, { throwIfNoEntry: false }) !== undefined) rmdirs(dirname(deepest), first);
}
