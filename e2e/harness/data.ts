import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** User and group of the application, the same that the site gives to its movers. */
const owner = { uid: 568, gid: 568 } as const;

/** What a volume holds: a line for each entry below its root, and the bytes of all files. */
export interface Contents {
  readonly lines: readonly string[];
  readonly bytes: number;
}

export interface WriteOptions {
  /** Small files. @default 20 */
  readonly files?: number;
  /** Size of a sparse file, in bytes. @default none */
  readonly sparse?: number;
  /** Size of a file of random bytes. @default 3,000,000 */
  readonly bulk?: number;
}

/** Writes what an application might, new each time and in place of what is there. @param folder root of the volume */
export function write(folder: string, { files = 20, sparse = 0, bulk = 3_000_000 }: WriteOptions = {}): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  const put = (path: string, body: Buffer | string, mode = 0o644): void => {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, body);
    chmodSync(full, mode);
  };
  for (let i = 0; i < files; i += 1) put(`many/${i % 100}/file-${i}.txt`, `${i} ${randomBytes(16).toString('hex')}`);
  put('database.bin', randomBytes(bulk), 0o600);
  put('read-only.conf', randomBytes(100), 0o440);
  put('run.sh', `#!/bin/sh\necho ${randomBytes(8).toString('hex')}\n`, 0o755);
  put('empty-file', '');
  put('Grüße/日本語/🗄️ файл "quoted" \\ back.txt', randomBytes(50));
  mkdirSync(join(folder, 'empty', 'folder'), { recursive: true });
  mkdirSync(join(folder, 'private'));
  put('private/secret', randomBytes(30), 0o600);
  chmodSync(join(folder, 'private'), 0o700);
  symlinkSync('database.bin', join(folder, 'link'));
  symlinkSync('/nowhere/at/all', join(folder, 'broken-link'));
  symlinkSync('many', join(folder, 'link-to-folder'));
  if (sparse > 0) {
    put('sparse.img', randomBytes(4096));
    truncateSync(join(folder, 'sparse.img'), sparse);
  }
  own(folder);
}

/** Reads every byte of a volume. Its root is the storage's own and does not count. */
export function read(folder: string): Contents {
  const lines: string[] = [];
  let bytes = 0;
  const visit = (path: string, name: string): void => {
    const stat = lstatSync(path);
    const mode = (stat.mode & 0o777).toString(8);
    if (stat.isSymbolicLink()) lines.push(`${name} -> ${readlinkSync(path)}`);
    else if (stat.isDirectory()) {
      if (name !== '') lines.push(`${name}/ ${mode}`);
      for (const each of readdirSync(path).toSorted()) visit(join(path, each), name === '' ? each : `${name}/${each}`);
    } else {
      lines.push(`${name} ${mode} ${stat.size} ${digest(path)}`);
      bytes += stat.size;
    }
  };
  visit(folder, '');
  return { lines, bytes };
}

/** The first differences in words, or undefined. */
export function difference(is: Contents, wanted: Contents): string | undefined {
  const [a, b] = [new Set(is.lines), new Set(wanted.lines)];
  const [more, less] = [is.lines.filter((line) => !b.has(line)), wanted.lines.filter((line) => !a.has(line))];
  if (more.length + less.length === 0) return undefined;
  return `${less.length} of ${wanted.lines.length} entries are missing or different, ${more.length} are not wanted: ${[...less.slice(0, 3).map((line) => `-${line}`), ...more.slice(0, 3).map((line) => `+${line}`)].join(', ')}`;
}

function own(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const full = join(path, entry.name);
    lchownSync(full, owner.uid, owner.gid);
    if (entry.isDirectory()) own(full);
  }
}

function digest(path: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(4 << 20);
  const file = openSync(path, 'r');
  try {
    for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk)) hash.update(chunk.subarray(0, count));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
