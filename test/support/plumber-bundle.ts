import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { homelab } from '../../examples/homelab/site';
import { buildTree } from '../../lib';
import { scratchFolder } from './scratch';

const program = 'infrastructure/controllers/pvc-plumber/program.yaml';

/** The bundle as the tree carries it; what the cluster runs is what the tests start. */
export function bundleText(): string {
  const [config] = (buildTree(homelab).render().get(program)?.objects ?? []) as unknown as { data: Record<string, string> }[];
  const text = config?.data['pvc-plumber.js'];
  if (text === undefined) throw new Error(`${program} holds no bundle`);
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
