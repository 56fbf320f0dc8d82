import fc from 'fast-check';
import { homelab } from '../../examples/homelab/site';
import type { SiteValues } from '../../lib';
import { namesExpression, overlap, tierByName } from '../../lib/model/opt-in';
import { ProblemsError } from '../../lib/model/problems';
import { claimProblems } from '../../lib/checks/claims';
import { parseSite } from '../../lib/site/schema';
import { pvc, type PvcOptions } from '../support/pvc';

const entry = { namespace: 'media', names: ['data-*'], tier: 'daily' };

function problems(optIn: unknown): readonly string[] {
  try {
    parseSite({ ...homelab, optIn } as SiteValues);
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems;
    throw error;
  }
}

test.each([
  ['nothing', undefined],
  ['no entry', []],
  ['a name, and a pattern with a star in it', [{ ...entry, names: ['library', 'data-*-0', '*.db'] }]],
  ['two entries for the same PVCs with the same tier', [entry, { ...entry, names: ['*'] }]],
  ['two tiers in two namespaces', [entry, { ...entry, namespace: 'app', tier: 'hourly' }]],
  ['two tiers for names that no PVC has in common', [entry, { ...entry, names: ['index-*', 'my-data-0'], tier: 'hourly' }]],
])('%s: taken', (_, optIn) => {
  expect(problems(optIn)).toEqual([]);
});

test.each([
  ['one entry in place of a list', entry, /^site\.optIn: .* is not an array: write a list/],
  [
    'a tier that nobody has',
    [{ ...entry, tier: 'weekly' }],
    /^site\.optIn\[0\]\.tier: "weekly" is the label of no tier: write one of hourly, daily, or/,
  ],
  ['no tier', [{ namespace: 'media', names: ['x'] }], /^site\.optIn\[0\]\.tier: is missing: add it/],
  [
    'an excluded namespace',
    [{ ...entry, namespace: 'kube-system' }],
    /^site\.optIn\[0\]\.namespace: "kube-system" is in excludedNamespaces, .*: remove the entry, or/,
  ],
  ['every namespace', [{ ...entry, namespace: '*' }], /^site\.optIn\[0\]\.namespace: "\*" names no single namespace: write an entry for each/],
  ['a namespace that is none', [{ ...entry, namespace: 'Media' }], /^site\.optIn\[0\]\.namespace: "Media" is not a Kubernetes name: write/],
  ['no names', [{ ...entry, names: [] }], /^site\.optIn\[0\]\.names: is empty: name at least one PVC, or remove the entry$/],
  ['a misspelt value', [{ ...entry, name: 'data' }], /^site\.optIn\[0\]: has no "name": correct the spelling or remove it$/],
  [
    'the same PVC in two entries, with two tiers',
    [entry, { ...entry, names: ['x', '*-db'], tier: 'hourly' }],
    /^site\.optIn\[1\]\.names\[1\]: "\*-db" with the tier "hourly" and "data-\*" of optIn\[0\] with "daily" can be the same PVC of media: write names/,
  ],
])('%s: one sentence with place, value and remedy', (_, optIn, words) => {
  expect(problems(optIn)).toEqual([expect.stringMatching(words)]);
});

test.each(['', 'Data', 'data_*', '/^data-/', 'data-?', 'data-[0-9]', '{{request.object.metadata.name}}', '-data', 'data-**', 'x'.repeat(64), "a'b"])(
  'the pattern %j is none',
  (name) => {
    expect(problems([{ ...entry, names: ['ok', name] }])).toEqual([
      expect.stringMatching(/^site\.optIn\[0\]\.names\[1\]: ".*" is neither a name nor a pattern of PVCs: write up to 63/),
    ]);
  },
);

test('two patterns overlap exactly where a name fits both', () => {
  const letters = ['a', 'b', '-'];
  const names = [1, 2, 3, 4]
    .reduce<string[][]>((all) => [...all, all.at(-1)!.flatMap((start) => letters.map((letter) => start + letter))], [['']])
    .flat();
  const pattern = fc.stringMatching(/^[ab*-]{1,4}$/).filter((text) => !text.includes('**'));
  const fits = (of: string, name: string): boolean => new RegExp(namesExpression([of])).test(name);
  fc.assert(
    fc.property(pattern, pattern, (one, other) => {
      const common = names.filter((name) => name !== '' && fits(one, name) && fits(other, name));
      // Of four letters each, they have a name of four in common, or one that is longer than those.
      if (common.length > 0) expect(overlap(one, other)).toBe(true);
      if (!one.includes('*') || !other.includes('*')) expect(overlap(one, other)).toBe(common.length > 0);
      expect(overlap(one, other)).toBe(overlap(other, one));
    }),
  );
  expect([overlap('a*', '*b'), overlap('a*', 'b*'), overlap('a*c', 'ab*'), overlap('*a', '*b'), overlap('*', 'x')]).toEqual([
    true,
    false,
    true,
    false,
    true,
  ]);
});

test('a PVC of the tree that the site names is checked like a labelled one', () => {
  const { optIn, excludedNamespaces } = parseSite({ ...homelab, optIn: [entry] } as SiteValues);
  const said = (name: string, options: PvcOptions): string[] =>
    claimProblems({ ...pvc('media', name, { backup: null, ...options }) }, { labels: ['hourly', 'daily'], excludedNamespaces, optIn });
  expect(tierByName(optIn, 'media', 'data-db')).toBe('daily');
  expect(said('data-db', {})).toEqual([]);
  expect(said('data-db', { spec: { volumeMode: 'Block' } })).toEqual([
    expect.stringMatching(/volumeMode Block has no files .* or take its name out of optIn$/),
  ]);
  expect(said('scratch', { spec: { volumeMode: 'Block' } })).toEqual([]);
});
