import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { everyDenial as denials } from '../../lib/admission/denials';
import { settings } from '../../pvc-plumber/settings';
import { repository } from '../../verify/tree';

const documents = [
  ...readdirSync(repository),
  ...readdirSync(join(repository, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => `docs/${path}`),
].filter((path) => path.endsWith('.md'));
const textOf = (path: string): string => readFileSync(join(repository, path), 'utf8');

/** Headings as GitHub names them in a link. */
function anchorsOf(path: string): string[] {
  return [...textOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every relative link of a document leads to a file, and to a heading in it', () => {
  const broken = documents.flatMap((document) =>
    [...textOf(document).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
      .filter(([, path, anchor]) => {
        const target = path === '' ? document : join(dirname(document), path!);
        return !existsSync(join(repository, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
      })
      .map(([link]) => `${document}: ${link}`),
  );
  expect(documents).toContain('README.md');
  expect(broken).toEqual([]);
});

test('the README names every denial, by words of its message', () => {
  const [, table] = textOf('README.md').split('| the message says | do |\n');
  const phrases = table!
    .split('\n\n')[0]!
    .split('\n')
    .slice(1)
    .flatMap((row) => row.split('|')[1]!.trim().split('; '));
  const named = phrases.map((phrase) => denials.filter(({ problem }) => problem.includes(phrase)).map(({ id }) => id));
  expect(phrases.filter((_, index) => named[index]!.length === 0)).toEqual([]);
  expect(denials.map(({ id }) => id).filter((id) => !named.flat().includes(id))).toEqual([]);
});

test('docs/pvc-plumber.md lists every setting of the service', () => {
  const rows = Object.entries(settings as Record<string, { fallback?: string; setBy?: string; meaning: string }>).map(
    ([name, { fallback, setBy = '', meaning }]) => [`\`${name}\``, fallback === undefined ? '' : `\`${fallback}\``, setBy, meaning],
  );
  const [, table] = textOf('docs/pvc-plumber.md').split('| variable | default | set by | meaning |\n');
  const written = table!.split('\n\n')[0]!.split('\n').slice(1);
  expect(
    written.map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    ),
  ).toEqual(rows);
});

test('the decision table in docs/policy.md names every denial, and no other', () => {
  const [, table] = textOf('docs/policy.md').split('## Decision table');
  const refused = table!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .flatMap((row) => row.split('|')[3]!.match(/(?<=refused.*)`[a-zA-Z]+`/g) ?? [])
    .map((name) => name.slice(1, -1))
    .filter((name) => !['generateName'].includes(name));
  expect([...new Set(refused)].toSorted()).toEqual(denials.map(({ id }) => id).toSorted());
});
