import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadAll } from 'js-yaml';
import { everyDenial as denials } from '../lib/admission/denials';
import { settings } from '../pvc-plumber/settings';
import { repository } from '../verify/tree';

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

test('every npm script that a document names exists', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const named = documents.flatMap((document) => [...textOf(document).matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script]) => `${document}: ${script}`));
  expect(named.filter((line) => scripts[line.split(': ')[1]!] === undefined)).toEqual([]);
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

test('every file that CONTRIBUTING.md names exists', () => {
  const files = [...textOf('CONTRIBUTING.md').matchAll(/`((?:lib|test|docs|e2e|pvc-plumber|verify|scripts)\/[\w./-]+)`/g)].map(([, path]) => path!);
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
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

describe('blocks of the documents', () => {
  const blocks = documents
    .filter((path) => path !== 'docs/description.md')
    .flatMap((path) =>
      [...textOf(path).matchAll(/^( *)```(\w+)\n(.*?)^ *```$/gms)].map(([, indent, language, text]) => ({
        path,
        language: language!,
        // A name in angle brackets stands for a reader's own.
        text: text!.replaceAll(new RegExp(`^${indent!}`, 'gm'), '').replaceAll(/<[\w-]+>/g, 'x'),
      })),
    );

  test.each(blocks.filter(({ language }) => language === 'sh').map((block) => [block.path, block] as const))(
    '%s: a shell reads it',
    (_, { text }) => {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
      expect([text, stderr, status]).toEqual([text, '', 0]);
    },
  );

  test.each(blocks.filter(({ language }) => language === 'yaml').map((block) => [block.path, block] as const))('%s: it is YAML', (_, { text }) => {
    const objects = loadAll(text).filter((object) => object !== null);
    expect(objects.length).toBeGreaterThan(0);
    for (const object of objects as { kind?: string; apiVersion?: string }[])
      expect([text, object.kind === undefined]).toEqual([text, object.apiVersion === undefined]);
  });

  test('every block says what it is', () => {
    expect(blocks.length).toBeGreaterThan(60);
    const known = ['sh', 'yaml', 'ts', 'js', 'mermaid', 'text', 'json', 'promql', 'diff'];
    expect(blocks.filter(({ language }) => !known.includes(language)).map(({ path, language }) => `${path}: ${language}`)).toEqual([]);
    const bare = documents.filter(
      (path) => path !== 'docs/description.md' && /^ *```$\n(?!\n|$)/m.test(textOf(path).replaceAll(/^( *)```\w+\n.*?^ *```$/gms, '')),
    );
    expect(bare).toEqual([]);
  });
});
