import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/** A new folder below the system's temporary one, which is gone when the test file, or the program, has ended. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zero-touch-pvc-'));
  folders.push(folder);
  return folder;
}

function removeAll(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

// The benchmark starts pvc-plumber, too, and is not a test.
if (typeof afterAll === 'function') afterAll(removeAll);
else process.once('exit', removeAll);
