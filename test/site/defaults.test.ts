import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { siteValues } from '../../scripts/site-values';
import { repository } from '../../verify/tree';

const text = siteValues();

test('lib/site/values.ts is what the schema says: names, docstrings and defaults', () => {
  expect(readFileSync(join(repository, 'lib/site/values.ts'), 'utf8')).toBe(text);
});

test('every value is explained, and each default stands where a person reads it', () => {
  const lines = text.split('\n');
  const bare = lines.filter((line, index) => /^ +readonly \w+/.test(line) && !lines[index - 1]!.endsWith('*/')).map((line) => line.trim());
  // These say it by their names.
  const plain = /^readonly (accessKeyId|secretAccessKey|kopiaPassword|hourly|daily|weekly|monthly|yearly|endpoint|bucket)\b/;
  const charts = /^readonly (onepasswordConnect|externalSecrets|longhorn|snapshotController|volsync|kyverno|prometheusStack)\?: string/;
  expect(bare.filter((line) => !plain.test(line) && !charts.test(line))).toEqual([]);
  expect(text).toContain("/** Size limit of Kopia's cache in a mover Pod, with Ki, Mi, Gi or Ti. @default 2Gi */");
  expect(text).toMatch(/\* @default true\n {5}\*\/\n {4}readonly keepOwners\?: boolean;/);
  expect(text).toContain('/** Pods that answer, 1 or more. @default 2 */');
});

test('no other document says the default of a value in its own words', () => {
  const documents = ['README.md', 'docs/extending.md', 'docs/monitoring.md', 'docs/scale.md'];
  const said = documents.flatMap((path) =>
    [...readFileSync(join(repository, path), 'utf8').matchAll(/`(?:\w+\.)+\w+`[^.|\n]*\(default:? `?([^)`]+)/g)].map(
      ([sentence]) => `${path}: ${sentence}`,
    ),
  );
  expect(said).toEqual([]);
});
