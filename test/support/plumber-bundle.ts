import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { scratchFolder } from './scratch';

const rendered = join(__dirname, '..', '..', 'dist', 'infrastructure', 'controllers', 'pvc-plumber', 'program.yaml');

/** The bundle as the tree carries it; what the cluster runs is what the tests start. */
export function bundleText(): string {
  const [config] = loadAll(readFileSync(rendered, 'utf8')) as { data: Record<string, string> }[];
  const text = config?.data['pvc-plumber.js'];
  if (text === undefined) throw new Error(`${rendered} holds no bundle: run npm run synth`);
  return text;
}

let path: string | undefined;

/** A file that holds {@link bundleText}, for `node`. */
export function bundlePath(): string {
  if (path === undefined) {
    path = join(scratchFolder(), 'pvc-plumber.js');
    writeFileSync(path, bundleText());
  }
  return path;
}
