import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { header } from '../lib/gitops/tree';
import type { Tree } from './tree';

/** Says where the output folder is not what `main.ts` renders. Files that this program did not write are none of its business. */
export function renderedProblems({ texts, outdir }: Tree): string[] {
  const folder = relative(process.cwd(), outdir) || '.';
  if (!existsSync(outdir)) return [`${folder} is not there: run npm run synth`];
  const onDisk = new Map(
    [...new Set([...texts.keys()].map((path) => path.split('/')[0]!))]
      .filter((top) => existsSync(join(outdir, top)))
      .flatMap((top) => filesBelow(outdir, top))
      .map((path) => [path, readFileSync(join(outdir, path), 'utf8')]),
  );
  return [
    ...[...texts]
      .filter(([path, text]) => onDisk.get(path) !== text)
      .map(
        ([path]) => `${folder}/${path} ${onDisk.has(path) ? 'differs from what main.ts renders' : 'is missing'}: run npm run synth, and commit it`,
      ),
    ...[...onDisk]
      .filter(([path, text]) => !texts.has(path) && text.startsWith(header))
      .map(([path]) => `${folder}/${path} is no longer rendered: run npm run synth, which removes it`),
  ];
}

function filesBelow(outdir: string, top: string): string[] {
  return readdirSync(join(outdir, top), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(outdir, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}
