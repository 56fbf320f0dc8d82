import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { homelab } from '../examples/homelab/site';
import { buildTree } from '../lib';
import { helped } from './usage';

/** The tree of `examples/homelab/site.ts` as it was last looked at: what a change of the product changes shows in Git. */
export const goldenFolder = join(__dirname, '..', 'test', 'golden', 'homelab');

const usage = `npm run golden

Renders examples/homelab/site.ts into test/golden/homelab, which npm test compares with. Look at the difference before you commit it.`;

/** The files of the example, by path, but for the bundle's text: that is in Git at its own place, and the name of its ConfigMap holds its hash. */
export function goldenFiles(): ReadonlyMap<string, string> {
  return new Map([...buildTree(homelab).render()].map(([path, { text }]) => [path, withoutBundle(text)]));
}

function withoutBundle(text: string): string {
  return text.replace(/(?<=^  pvc-plumber\.js: )\|\n.*?(?=^\S)/ms, 'the text of pvc-plumber/bundle/pvc-plumber.js\n');
}

function main(): void {
  const files = goldenFiles();
  rmSync(goldenFolder, { recursive: true, force: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(goldenFolder, path)), { recursive: true });
    writeFileSync(join(goldenFolder, path), text);
  }
  console.log(`${files.size} files in test/golden/homelab; look at them: git diff test/golden`);
}

if (require.main === module && !helped(usage)) main();
