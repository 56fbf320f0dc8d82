import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../verify/tree';
import { parseSite } from '../../lib/site/schema';
import { smallSite } from '../support/small-site';

/** The defaults that the comments of `SiteValues` promise, by the path of the value: `s3.region` to `us-east-1`. */
function documentedDefaults(): Map<string, string> {
  const found = new Map<string, string>();
  const path: string[] = [];
  let comment = '';
  for (const line of readFileSync(join(repository, 'lib/site/values.ts'), 'utf8').split('\n')) {
    const depth = (/^ */.exec(line)![0].length - 2) / 2;
    if (/^\s*(\/\*\*|\*)/.test(line)) comment += `${line}\n`;
    const [, name] = /^\s*readonly (\w+)\??:/.exec(line) ?? [];
    if (name === undefined) continue;
    path.splice(depth, path.length, name);
    const [, value] = /@default ([^-\s][^\s,*]*)/.exec(comment) ?? [];
    if (value !== undefined) found.set(path.join('.'), value);
    comment = '';
  }
  return found;
}

test('every default that a comment promises is the one that is filled in', () => {
  const site: unknown = parseSite(smallSite);
  const documented = documentedDefaults();
  expect(documented.size).toBeGreaterThan(15);
  for (const [path, value] of documented) {
    const filledIn = path.split('.').reduce((object, key) => (object as Record<string, unknown>)[key], site);
    expect([path, String(filledIn)]).toEqual([path, value]);
  }
});
