import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { idPattern, isId } from '../../lib/model/mover-identity';
import { ProblemsError } from '../../lib/model/problems';
import { CronSchedule, scheduleProblem } from '../../lib/model/schedule';
import { parseCron, runs } from '../../lib/model/cron';
import { parseSite } from '../../lib/site/schema';
import { buildTree } from '../../lib';
import { maxTierLabelLength } from '../../lib/model/tier';
import { homelab } from '../../examples/homelab/site';
import { readConfig } from '../../pvc-plumber/config';
import { kinds, type Kind } from './kinds';
import { type Data, saidBySynth } from './support';
import schedules from './fixtures/schedules.json';
import values from './fixtures/values.json';

/** The site with one value, as synth reads it; the problems, or none. */
function problemsWith({ put }: Kind, value: Data): readonly string[] {
  const site: Data = structuredClone(homelab);
  put(site, value);
  try {
    parseSite(site);
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems;
    throw error;
  }
}

const shown = (value: Data): string => JSON.stringify(value).slice(0, 80);

/** A secret must not come back in a message. */
const secret = /ghp_|secret@|:abc@|private_token=abcdef/;

describe.each(kinds)('$place', (kind) => {
  const decisions = kind.rows.map((row) => ({ ...row, problems: problemsWith(kind, row.value) }));
  const stricter = kind.stricter.flatMap(([list]) => list);

  test('takes nothing that the cluster refuses', () => {
    expect(decisions.filter(({ taken, problems }) => problems.length === 0 && !taken).map(({ value }) => shown(value))).toEqual([]);
  });

  test('refuses nothing that the cluster takes, but for the reasons that are listed', () => {
    const refused = decisions.filter(({ taken, problems }) => problems.length > 0 && taken);
    expect(refused.filter(({ value }) => !stricter.includes(value)).map(({ value, problems }) => `${shown(value)}: ${problems.join('; ')}`)).toEqual(
      [],
    );
  });

  test('refuses what is listed', () => {
    const known = decisions.map(({ value }) => value);
    expect(stricter.filter((value) => !known.includes(value))).toEqual([]);
    expect(decisions.filter(({ value, problems }) => stricter.includes(value) && problems.length === 0)).toEqual([]);
  });

  test('says place, value and remedy in one sentence', () => {
    for (const { value, problems } of decisions.filter((row) => row.problems.length > 0)) {
      expect(problems).toHaveLength(1);
      const [problem] = problems as [string];
      expect(problem.startsWith(`${kind.place}: `)).toBe(true);
      expect(problem).not.toMatch(secret);
      expect(problem).not.toContain('\n');
      if (!/holds (a credential|credentials)/.test(problem))
        expect(problem).toContain(typeof value === 'string' ? JSON.stringify(value) : String(value));
      expect(problem).toMatch(/write|choose|take|correct|check|rename|leave|at most|lower-case|letters|no dot beside|looks like an address/);
    }
  });
});

test('the tables hold more than 500 inputs', () => {
  expect(kinds.reduce((sum, { rows }) => sum + rows.length, 0)).toBeGreaterThan(500);
});

/** What was taken one by one is rendered in company: as many sites as the longest table has rows, with the next value of every table in each. */
test('every value that is taken renders a tree', () => {
  const taken = kinds.map((kind) => ({
    kind,
    values: kind.rows.map(({ value }) => value).filter((value) => problemsWith(kind, value).length === 0),
  }));
  const one = taken.filter(({ kind }) => !kind.place.startsWith('site.tiers'));
  const rounds = Math.max(...one.map((each) => each.values.length));
  const tiers = schedules.filter(({ expression }) => scheduleProblem(expression) === undefined);
  const perRound = Math.ceil(tiers.length / rounds);
  for (let round = 0; round < rounds; round++) {
    const said = saidBySynth((site) => {
      for (const each of one) each.kind.put(site, each.values[round % each.values.length]);
      for (const [index, { expression }] of tiers.slice(round * perRound, (round + 1) * perRound).entries())
        site.tiers.push({ label: `t${index}`, schedule: expression, retention: { daily: 1 } });
    });
    expect(said).toBeUndefined();
  }
  const labels = taken.find(({ kind }) => kind.place === 'site.tiers[0].label')!.values;
  expect(labels.length).toBeGreaterThan(10);
  const longest = { label: 'x'.repeat(maxTierLabelLength), schedule: '0 1 * * *', retention: { daily: 1 } };
  const objects = [
    ...buildTree({ ...homelab, tiers: [longest] }, undefined, '/nowhere')
      .render()
      .values(),
  ].flatMap((file) => file.objects as Data[]);
  const names: number[] = objects
    .filter(({ kind }) => kind === 'ClusterPolicy')
    .flatMap(({ spec }) => spec.rules.map(({ name }: Data) => name.length));
  expect(Math.max(...names)).toBe(63);
  expect(saidBySynth((site) => (site.tiers = labels.map((label) => ({ label, schedule: '0 1 * * *', retention: { daily: 1 } }))))).toBeUndefined();
}, 60_000);

describe('schedules, by the table of the real parser', () => {
  test('all of them agree, and there are at least 200', () => {
    expect(schedules.length).toBeGreaterThanOrEqual(200);
    const differing = schedules.filter(
      ({ expression, crd, parser, next }) => (scheduleProblem(expression) === undefined) !== (crd && parser && next.length > 0),
    );
    expect(differing).toEqual([]);
  });

  test('come at the same times', () => {
    for (const { expression, next } of schedules.filter((row) => scheduleProblem(row.expression) === undefined)) {
      const found = Array.from({ length: next.length }, () => '');
      const times = runs(parseCron(expression), new Date('2026-01-01T00:00:00Z'));
      for (const [index] of next.entries()) {
        const run = times.next().value as Date | undefined;
        // Nine years are looked ahead; a leap day of 2036 is beyond.
        found[index] = run === undefined ? next[index]! : `${run.toISOString().slice(0, 16)}Z`;
      }
      expect([expression, ...found]).toEqual([expression, ...next]);
    }
  });

  test('that differ in the parser of crontab are refused with the field and its limits', () => {
    expect(scheduleProblem('0 2 * * 7')).toBe(
      '"0 2 * * 7" is out of range (weekday "7" ends above 6): minute 0 to 59, hour 0 to 23, day 1 to 31, month 1 to 12, weekday 0 (Sunday) to 6; correct the field',
    );
    expect(scheduleProblem('TZ=Europe/Berlin 0 2 * * *')).toContain('leave it out and write the time in UTC');
    // Day and weekday must both match where one of them has a star, so this is not each Tuesday alone.
    expect(CronSchedule.of('0 2 */1 * 2').longestGapSeconds).toBe(7 * 24 * 3600);
    expect(CronSchedule.of('@daily').longestGapSeconds).toBe(24 * 3600);
    expect(CronSchedule.of('0 0 29 2 *').longestGapSeconds).toBe(4 * 365.25 * 24 * 3600);
  });
});

describe('one definition for synth and for what runs in the cluster', () => {
  /** What pvc-plumber itself says to the values of a site. */
  function plumberSays(env: Record<string, string>): string[] {
    try {
      readConfig({ S3_ENDPOINT: 'http://nas:9000', S3_BUCKET: 'backup', ...env });
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  }

  test.each([
    ['site.s3.endpoint', 'S3_ENDPOINT'],
    ['site.s3.bucket', 'S3_BUCKET'],
  ])('%s is taken by pvc-plumber, and read as Kopia reads it', (place, variable) => {
    const kind = kinds.find((each) => each.place === place)!;
    for (const { value, host } of kind.rows.filter((row) => problemsWith(kind, row.value).length === 0)) {
      expect([value, plumberSays({ [variable]: value })]).toEqual([value, []]);
      const defaultPort = String(value).startsWith('https:') ? /:443$/ : /:80$/;
      if (host !== undefined) expect(new URL(value).host).toBe(host.replace(defaultPort, ''));
    }
  });

  test.each<[string, string, (site: Data, value: string) => void]>([
    ['site.s3.region', 'S3_REGION', ({ s3 }, value) => (s3.region = value)],
    ['site.s3.storeId', 'STORE_ID', ({ s3 }, value) => (s3.storeId = value)],
  ])('%s is taken where pvc-plumber takes it', (place, variable, put) => {
    const candidates = [
      'us-east-1',
      'garage',
      'EU Central',
      'eu_central',
      'a b',
      '{{ x }}',
      '5f1d7c',
      '5f1d7c00-0000-4000-8000-000000000000',
      'ä',
      ' x',
      'x\n',
      'x'.repeat(40),
      'x'.repeat(41),
      'x'.repeat(128),
      'x'.repeat(129),
      '-x',
      '.x',
      'x/y',
      '$(X)',
    ];
    const kind: Kind = { place, put, rows: [], stricter: [] };
    for (const value of candidates) {
      const problems = problemsWith(kind, value);
      expect([value, problems.length === 0]).toEqual([value, plumberSays({ [variable]: value }).length === 0]);
      if (problems.length > 0) expect(problems).toEqual([expect.stringContaining(`${place}: ${JSON.stringify(value)}`)]);
    }
  });

  test('a bucket may have dots: requests are in path style', () => {
    expect(plumberSays({ S3_BUCKET: 'my.bucket' })).toEqual([]);
  });

  test('the ids of movers: number and pattern agree with Kubernetes', () => {
    const pattern = new RegExp(idPattern);
    for (const { value, accepted } of values.id) expect([value, isId(value), pattern.test(String(value))]).toEqual([value, accepted, accepted]);
    for (const id of [
      ...Array.from({ length: 2000 }, (_, index) => 2_147_482_647 + index),
      1_999_999_999,
      2_000_000_000,
      2_099_999_999,
      2_100_000_000,
      2_146_999_999,
    ]) {
      expect([id, pattern.test(String(id))]).toEqual([id, isId(id)]);
    }
  });
});

test('files with credentials can not be committed by mistake', () => {
  const ignored = readFileSync(join(__dirname, '..', '..', '.gitignore'), 'utf8').split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['1password-credentials.json', '*.token', '.env']));
});
