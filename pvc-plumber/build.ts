/** Builds `bundle/pvc-plumber.js`: `npm run plumber:build`. The bundle is committed; a test compares it with a fresh build. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { helped } from '../scripts/usage';

export const bundlePath = join(__dirname, 'bundle', 'pvc-plumber.js');

/** The bundle's text. It depends on the sources and the locked packages only: no time, no machine path. */
export async function buildBundle(): Promise<string> {
  const result = await build({
    entryPoints: [join(__dirname, 'main.ts')],
    absWorkingDir: join(__dirname, '..'),
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    charset: 'utf8',
    legalComments: 'inline',
    // prom-client has these only for clusters and push gateways; `require` stays and is never reached.
    banner: { js: '// Generated from pvc-plumber/ by `npm run plumber:build`. Do not edit.' },
  });
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error('esbuild gave no file');
  // Tabs, which stand in comments of a package, would keep YAML from showing the text as it is.
  return file.text.replaceAll('\t', '  ');
}

if (require.main === module && !helped('npm run plumber:build   builds pvc-plumber/bundle/pvc-plumber.js from pvc-plumber/')) {
  void buildBundle().then((text) => {
    writeFileSync(bundlePath, text);
    console.log(`pvc-plumber/bundle/pvc-plumber.js: ${(Buffer.byteLength(text) / 1024).toFixed(0)} KiB`);
  });
}
