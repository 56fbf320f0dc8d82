import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(__dirname, '..');
/** Folders of this program: what is called from there is not a person's own code. */
const ours = ['lib', 'verify', 'node_modules', 'imports'].map((folder) => join(root, folder) + sep);

/** The line of a person's own code in a stack, as `notes.ts:12`; undefined where nothing of it is in the stack. */
export function userFile(madeAt: Error): string | undefined {
  for (const line of (madeAt.stack ?? '').split('\n').slice(1)) {
    const found = /\(?((?:file:\/\/)?[^()]+?):(\d+):\d+\)?$/.exec(line.trim().replace(/^at (?:async )?/, ''));
    if (found === null) continue;
    const path = found[1]!.startsWith('file://') ? fileURLToPath(found[1]!) : found[1]!.replace(/^.*\s(?=\/)/, '');
    if (path.startsWith('node:') || path.includes(`${sep}node_modules${sep}`) || ours.some((folder) => path.startsWith(folder))) continue;
    return `${relative(process.cwd(), path)}:${found[2]}`;
  }
  return undefined;
}
