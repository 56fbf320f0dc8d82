import { copyFileSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../model/problems';
import { stagingPrefix } from './present';

/**
 * Changes of files below a folder that can be taken back.
 *
 * New texts and the old files lie in a folder inside of it meanwhile: on the same file system, so that each file changes in one step.
 */
export class Changes {
  private readonly undo: (() => void)[] = [];
  private readonly staging: string;

  /** @param root need not exist */
  constructor(private readonly root: string) {
    try {
      this.folder(root);
      this.staging = mkdtempSync(join(root, stagingPrefix));
    } catch (error) {
      this.takeBack();
      throw error;
    }
    this.undo.push(() => rmSync(this.staging, { recursive: true, force: true }));
  }

  /** Writes a new text aside, and with it a copy of the file that it will replace. Changes nothing that a reader sees. */
  stage(path: string, text: string, replaces: boolean): void {
    write(this.aside('new', path), text);
    if (replaces) {
      mkdirSync(dirname(this.aside('old', path)), { recursive: true });
      copyFileSync(join(this.root, path), this.aside('old', path));
    }
  }

  /** Moves a file aside, and removes the folders that are empty without it. */
  remove(path: string): void {
    const [file, old] = [join(this.root, path), this.aside('old', path)];
    mkdirSync(dirname(old), { recursive: true });
    try {
      renameSync(file, old);
    } catch (error) {
      // Another run removed it meanwhile.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    this.undo.push(() => renameSync(old, file));
    for (let folder = dirname(file); folder !== this.root && readdirSync(folder).length === 0; folder = dirname(folder)) {
      const emptied = folder;
      rmdirSync(emptied);
      this.undo.push(() => mkdirSync(emptied));
    }
  }

  /** Brings a staged text to its place. */
  put(path: string, replaces: boolean): void {
    const file = join(this.root, path);
    this.folder(dirname(file));
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) {
      rmdirSync(file);
      this.undo.push(() => mkdirSync(file));
    }
    renameSync(this.aside('new', path), file);
    this.undo.push(replaces ? () => renameSync(this.aside('old', path), file) : () => rmSync(file));
  }

  /** Keeps the changes. They are whole even where the folder that lay aside can't be removed; a later run sweeps it up. */
  finish(): void {
    try {
      rmSync(this.staging, { recursive: true, force: true });
    } catch {
      // See above.
    }
  }

  /** Brings everything back. @throws InputError when the disk refuses that, too; the old files are kept then, and named */
  takeBack(): void {
    try {
      for (const step of this.undo.toReversed()) step();
    } catch (error) {
      throw new InputError(
        `The tree is half-written, and ${this.root} could not be brought back: ${(error as Error).message}. ` +
          `What it held lies in ${join(this.staging, 'old')}; bring it back by hand, for example with git checkout.`,
      );
    }
  }

  /** Makes a folder and those that hold it. */
  private folder(path: string): void {
    if (existsSync(path)) return;
    this.folder(dirname(path));
    mkdirSync(path);
    this.undo.push(() => rmdirSync(path));
  }

  private aside(age: 'new' | 'old', path: string): string {
    return join(this.staging, age, path);
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
