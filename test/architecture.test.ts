import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { repository } from '../verify/tree';

/** Rooms of the project, and what each may import: the table of docs/architecture.md. A file that no room claims is an error. */
const rooms: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [...readFileSync(join(repository, 'docs/architecture.md'), 'utf8').matchAll(/^\| `([^`]+)` \| [^|]* \| ?([^|]*)\|$/gm)].map(
    ([, room, imported]) => [room!, [...imported!.matchAll(/`([^`]+)`/g)].map(([, each]) => each!)],
  ),
);

const typescriptIn = (...folders: string[]): string[] =>
  folders
    .flatMap((folder) => readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`))
    .filter((file) => file.endsWith('.ts'));

const files = [...typescriptIn('lib', 'bin', 'pvc-plumber', 'imports', 'verify', 'examples'), 'versions.ts'];
/** Beside the rooms: what proves, measures and makes the product. */
const everything = [...files, ...typescriptIn('test', 'e2e', 'bench', 'scripts')];
const linesOf = (file: string): string[] => readFileSync(join(repository, file), 'utf8').split('\n');

/** Local imports of a file, as paths from the repository's root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(repository, file), 'utf8');
  return [...text.matchAll(/(?:from|import|require\()\s*'(\.[^']*)'/g)].map(([, target]) => {
    const path = relative(repository, resolve(repository, dirname(file), target!));
    return everything.find((candidate) => candidate === `${path}.ts` || candidate === `${path}/index.ts`) ?? path;
  });
}

const graph = new Map(everything.map((file) => [file, importsOf(file)]));
const roomOf = (file: string): string | undefined => Object.keys(rooms).find((room) => file.startsWith(room));

test('every file has a room, and every room a file', () => {
  expect(Object.keys(rooms).filter((room) => !files.some((file) => file.startsWith(room)))).toEqual([]);
  expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
});

test('each room imports only from the rooms that it may know about', () => {
  const wrong = files.flatMap((file) =>
    graph
      .get(file)!
      .filter((target) => roomOf(target) !== roomOf(file) && !rooms[roomOf(file)!]!.some((room) => target.startsWith(room)))
      .map((target) => `${file} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('no file imports itself through others, not even a type: product, tests, e2e and scripts', () => {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    else if (!done.has(file)) {
      for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    }
  };
  for (const file of graph.keys()) visit(file, []);
  expect(cycles).toEqual([]);
});

test('a file of the product has at most 200 lines, and a constructor at most 40', () => {
  // The type of the site's values is written from its schema.
  const product = files.filter((file) => /^(lib|pvc-plumber)\//.test(file) && file !== 'lib/site/values.ts');
  // The last line ends with a line break.
  expect(product.filter((file) => linesOf(file).length - 1 > 200)).toEqual([]);
  const long = [...product, ...typescriptIn('e2e')].flatMap((file) => {
    const lines = linesOf(file);
    return lines.flatMap((line, start) => {
      const [, indent] = /^( *)(?:private |protected )?constructor\(/.exec(line) ?? [];
      if (indent === undefined) return [];
      const length = lines.slice(start).findIndex((each) => each.endsWith('{}') || each === `${indent}}`) + 1;
      return length > 40 ? [`${file}:${start + 1} has ${length} lines`] : [];
    });
  });
  expect(long).toEqual([]);
});

test('no construct reads a file, the environment or the clock', () => {
  const readers = files.filter(
    (file) =>
      file.startsWith('lib/') &&
      /node:(fs|os|child_process)|process\.(env|cwd|argv)|Date\.now|new Date\(\)|Math\.random|randomUUID/.test(
        readFileSync(join(repository, file), 'utf8'),
      ),
  );
  // The writer of the tree, and the runner around it, which hands the bundle of pvc-plumber to the constructs.
  expect(readers.toSorted()).toEqual([
    'lib/gitops/changes.ts',
    'lib/gitops/disk.ts',
    'lib/gitops/output-folder.ts',
    'lib/gitops/present.ts',
    'lib/synth.ts',
  ]);
});

test('main.ts and dist are the user’s: nothing that proves the product looks at them', () => {
  const sources = ['test', 'bench', 'e2e'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${folder}/${file}`),
  );
  const looking = sources.filter((file) => {
    const text = readFileSync(join(repository, file), 'utf8');
    const imported = [...text.matchAll(/(?:from|import|require\()\s*'(\.[^']*)'/g)].map(([, target]) => resolve(repository, dirname(file), target!));
    return imported.includes(join(repository, 'main')) || /join\(repository, '(dist|main\.ts)'/.test(text);
  });
  expect(sources.length).toBeGreaterThan(100);
  expect(looking).toEqual([]);
});
