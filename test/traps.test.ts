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

/** The tests, and the rules that they share with `npm run verify`. */
const tests = ['test', 'verify/invariants']
  .flatMap((folder) => readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(repository, folder, file)))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('traps.test.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

test('docs/traps.md has all 50, and says of each what stands against it', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  expect(rows.filter(({ here }) => here.length < 10)).toEqual([]);
});

test('a test that docs/traps.md names exists', () => {
  const named = rows.flatMap(({ here }) =>
    [...here.matchAll(/[Tt]ests?: traps? (\d+)(?: and (\d+))?/g)].flatMap(([, one, two]) => [one!, ...(two === undefined ? [] : [two])]),
  );
  expect(named.length).toBeGreaterThan(25);
  expect(named.filter((number) => !new RegExp(`trap (\\d+ and )?${number}\\b`).test(tests))).toEqual([]);
});
