import { sep } from 'node:path';
import { InputError } from '../model/problems';
import { stagingPrefix } from './present';

/** What the codes of the operating system mean to a person. `at` is the path that it complained about. */
const meanings: Readonly<Record<string, (at: string) => string>> = {
  ENOSPC: () => 'the disk is full: make room, then render again',
  EDQUOT: () => 'your quota on this disk is used up: make room, then render again',
  EROFS: (at) => `${at} lies on a read-only file system: choose another folder, or mount it writable`,
  EACCES: (at) => `there is no permission for ${at}: change its owner or mode, or choose another folder`,
  EPERM: (at) => `there is no permission for ${at}: change its owner or mode, or choose another folder`,
  ENOTDIR: (at) => `a part of ${at} is a file, where a folder is needed: remove it, or choose another folder`,
  EEXIST: (at) => `${at} is a file, where a folder is needed: remove it, or choose another folder`,
  ELOOP: (at) => `the symbolic links in ${at} lead in a circle: remove them`,
  ENAMETOOLONG: (at) => `the name ${at} is too long for this disk: shorten it`,
  EIO: (at) => `the disk fails at ${at}`,
};

/** What the error of a file operation means to a person; undefined for another error. */
export function diskMeaning(error: unknown, outdir: string): string | undefined {
  const { code, syscall, path, dest, message } = error as NodeJS.ErrnoException & { readonly dest?: string };
  if (error instanceof InputError || typeof code !== 'string' || syscall === undefined) return undefined;
  const places = [path, dest].filter((place) => place !== undefined);
  // A person knows the file that was to be written, not the folder that it lay in meanwhile.
  const at = places.find((place) => !isAside(place)) ?? places[0]?.split(`${sep}${stagingPrefix}`)[0] ?? outdir;
  return meanings[code]?.(at) ?? message;
}

/** The error of a file operation as a sentence for a person. What is no such error is handed back. */
export function diskProblem(error: unknown, outdir: string): unknown {
  const meaning = diskMeaning(error, outdir);
  return meaning === undefined ? error : new InputError(`The tree was not written into ${outdir}, and what was there is as it was: ${meaning}.`);
}

function isAside(path: string): boolean {
  return path.includes(`${sep}${stagingPrefix}`);
}
