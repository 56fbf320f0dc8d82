import { existsSync, mkdtempSync, readFileSync, writeFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';

const root = join(__dirname, '..', '..');
const rendered = join(root, 'dist', 'infrastructure', 'controllers', 'pvc-plumber');
const built = join(root, 'pvc-plumber', 'bundle', 'pvc-plumber.js');

/**
 * The bundle as the tree carries it: from the rendered ConfigMap, or, where there is none yet, as it was built. `PLUMBER_BUNDLE=built` takes the
 * built one, while the service is being worked on and the tree was not rendered again.
 */
export function bundleText(): string {
  return (process.env.PLUMBER_BUNDLE === 'built' ? undefined : renderedText()) ?? readFileSync(built, 'utf8');
}

let path: string | undefined;

/** A file that holds {@link bundleText}, for `node`. */
export function bundlePath(): string {
  if (path === undefined) {
    path = join(mkdtempSync(join(tmpdir(), 'pvc-plumber-')), 'pvc-plumber.js');
    writeFileSync(path, bundleText());
  }
  return path;
}

function renderedText(): string | undefined {
  if (!existsSync(rendered)) return undefined;
  const documents = readdirSync(rendered)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => loadAll(readFileSync(join(rendered, file), 'utf8')) as ({ kind?: string; data?: Record<string, string> } | null)[]);
  return documents.find((document) => document?.kind === 'ConfigMap' && document.data?.['pvc-plumber.js'] !== undefined)?.data?.['pvc-plumber.js'];
}
