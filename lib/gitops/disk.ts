import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { InputError } from '../model/problems';

/** What writing a tree changed. Paths are relative to the output folder. */
export interface WriteReport {
  readonly outdir: string;
  readonly files: number;
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Makes a folder hold exactly these files: writes those that differ, removes all others, and empty folders with them.
 *
 * Everything is staged beside the folder first; a full disk or a refused write leaves the folder as it was.
 *
 * @param header first line of every rendered file; a folder with files, but none that starts so, is refused as not ours to clean
 * @throws InputError naming the folder, when it is not a rendered tree
 */
export function writeTree(outdir: string, files: ReadonlyMap<string, string>, header: string): WriteReport {
  refuseOwnFolder(outdir);
  const present = existsSync(outdir) ? walk(outdir, '') : [];
  refuseForeignFolder(outdir, present, header);

  const known = new Set(present);
  const written = [...files].filter(([path, text]) => !known.has(path) || !isFileWith(join(outdir, path), text)).map(([path]) => path);
  const removed = present.filter((path) => !files.has(path));

  mkdirSync(dirname(resolve(outdir)), { recursive: true });
  const staging = mkdtempSync(`${resolve(outdir)}.staging-`);
  try {
    for (const path of written) writeFile(join(staging, path), files.get(path)!);
    for (const path of removed) rmSync(join(outdir, path));
    removeEmptyFolders(outdir);
    for (const path of written) {
      mkdirSync(dirname(join(outdir, path)), { recursive: true });
      renameSync(join(staging, path), join(outdir, path));
    }
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return { outdir, files: files.size, written, removed };
}

/** Paths of everything below a folder that is not itself a folder. Symbolic links are not followed. */
function walk(root: string, below: string): string[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? walk(root, path) : [path];
  });
}

function refuseOwnFolder(outdir: string): void {
  const fromOutdir = relative(outdir, process.cwd());
  if (fromOutdir !== '..' && !fromOutdir.startsWith(`..${sep}`) && !isAbsolute(fromOutdir))
    throw new InputError(`the output folder ${outdir} holds the project itself: choose a folder of its own`);
}

function refuseForeignFolder(outdir: string, present: readonly string[], header: string): void {
  if (present.length === 0 || present.some((path) => startsWith(join(outdir, path), header))) return;
  throw new InputError(
    `the output folder ${outdir} holds ${present.length} files, none of them rendered by this program: empty it or choose another`,
  );
}

function startsWith(file: string, line: string): boolean {
  return lstatSync(file).isFile() && readFileSync(file, 'utf8').startsWith(line);
}

function isFileWith(file: string, text: string): boolean {
  return lstatSync(file).isFile() && readFileSync(file, 'utf8') === text;
}

function writeFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function removeEmptyFolders(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    removeEmptyFolders(path);
    if (readdirSync(path).length === 0) rmdirSync(path);
  }
}
