import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../verify/tree';

/** Rows of docs/traps.md: number and what stands against it. */
const rows = [...readFileSync(join(repository, 'docs', 'traps.md'), 'utf8').matchAll(/^\| (\d+) \| (.*) \| (.*) \|$/gm)].map(
  ([, number, , here]) => ({
    number: Number(number),
    here: here!,
  }),
);

const sourcesOf = (folders: readonly string[]): string =>
  folders
    .flatMap((folder) => readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(repository, folder, file)))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('traps.test.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

/** The tests, and the rules that they share with `npm run verify`. */
const tests = sourcesOf(['test', 'verify/invariants']);

/** From this one on a row names its tests by their own names. */
const firstAttack = 51;

test('docs/traps.md has all 90, and says of each what stands against it', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 90 }, (_, index) => index + 1));
  expect(rows.filter(({ here }) => here.length < 10)).toEqual([]);
});

test('a test that docs/traps.md names exists', () => {
  const named = rows.flatMap(({ here }) =>
    [...here.matchAll(/[Tt]ests?: traps? (\d+)(?: and (\d+))?/g)].flatMap(([, one, two]) => [one!, ...(two === undefined ? [] : [two])]),
  );
  expect(named.length).toBeGreaterThan(25);
  expect(named.filter((number) => !new RegExp(`trap (\\d+ and )?${number}\\b`).test(tests))).toEqual([]);
});

test('a test, rule or scenario that docs/traps.md names by its words exists, and no attack is without one', () => {
  const all = `${tests}\n${sourcesOf(['e2e/scenarios'])}`.replaceAll(String.raw`\'`, "'");
  const attacks = rows
    .filter(({ number }) => number >= firstAttack)
    .map(({ number, here }) => ({
      number,
      names: [...here.matchAll(/"((?:[^"\\]|\\.)+)"/g)].map(([, name]) => name!.replaceAll('\\"', '"')),
      runs: [...here.matchAll(/`npm run [\w:]+`/g)].length,
    }));
  expect(attacks.filter(({ names, runs }) => names.length + runs === 0)).toEqual([]);
  expect(attacks.flatMap(({ number, names }) => names.filter((name) => !all.includes(name)).map((name) => `${number}: ${name}`))).toEqual([]);
});
