import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { homelab } from '../examples/homelab/site';
import { buildTree } from '../lib';
import { helped } from './usage';

const folder = join(__dirname, '..', 'test', 'golden', 'homelab');

const usage = `npm run golden

Renders examples/homelab/site.ts into test/golden/homelab, which npm test compares with. Look at the difference before you commit it.`;

function main(): void {
  const files = buildTree(homelab).render();
  rmSync(folder, { recursive: true, force: true });
  for (const [path, { text }] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  console.log(`${files.size} files in test/golden/homelab; look at them: git diff test/golden`);
}

if (!helped(usage)) main();
