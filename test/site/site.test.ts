import type { SiteValues } from '../../lib';
import { ProblemsError } from '../../lib/model/problems';
import { runbookBase } from '../../lib/site/runbook-base';
import { parseSite } from '../../lib/site/schema';
import { homelab } from '../../examples/homelab/site';
import type { Data } from '../../verify/tree';

const site: SiteValues = homelab;

/** Problems of the repository's site after a change. */
function problems(change: (site: Data) => void): readonly string[] {
  const values: Data = structuredClone(site);
  change(values);
  try {
    parseSite(values as SiteValues);
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems;
    throw error;
  }
}

test('the values of the repository are those of the description, and complete with defaults', () => {
  expect(parseSite(site)).toMatchObject({
    s3: { endpoint: 'http://192.168.10.133:30292', bucket: 'volsync-backup', region: 'us-east-1' },
    onepassword: { item: 'rustfs', store: '1password' },
    spreadSchedules: false,
  });
});

describe('a wrong value is named with its place and the fix', () => {
  const cases: [string, (site: Data) => void, RegExp][] = [
    [
      'endpoint without scheme',
      ({ s3 }) => (s3.endpoint = '192.168.10.133:30292'),
      /^site\.s3\.endpoint: "192\.168\.10\.133:30292" has no http:\/\/ or https:\/\/ in front: write it as/,
    ],
    [
      'endpoint with a path',
      ({ s3 }) => (s3.endpoint = 'http://nas:9000/volsync'),
      /^site\.s3\.endpoint: "http:\/\/nas:9000\/volsync" has more than scheme, host and port: .* the bucket is a value of its own/,
    ],
    [
      'endpoint with a trailing slash',
      ({ s3 }) => (s3.endpoint = 'http://nas:9000/'),
      /^site\.s3\.endpoint: "http:\/\/nas:9000\/" ends with a slash: write it as/,
    ],
    [
      'endpoint with credentials',
      ({ s3 }) => (s3.endpoint = 'http://admin:secret@nas:9000'),
      /^site\.s3\.endpoint: the endpoint holds credentials: take them out/,
    ],
    ['endpoint that is not a URL', ({ s3 }) => (s3.endpoint = 'http://nas:port'), /^site\.s3\.endpoint: "http:\/\/nas:port" is not a URL/],
    ['bucket with a path', ({ s3 }) => (s3.bucket = 'volsync/backup'), /^site\.s3\.bucket: "volsync\/backup" is not a bucket name/],
    [
      'cron of four fields',
      ({ tiers }) => (tiers[0].schedule = '0 * * *'),
      /^site\.tiers\[0\]\.schedule: "0 \* \* \*" is not a schedule for VolSync: write five fields/,
    ],
    [
      'cron with names',
      ({ tiers }) => (tiers[1].schedule = '0 2 * * MON'),
      /^site\.tiers\[1\]\.schedule: "0 2 \* \* MON" is not a schedule for VolSync/,
    ],
    [
      'cron out of range',
      ({ tiers }) => (tiers[0].schedule = '61 * * * *'),
      /^site\.tiers\[0\]\.schedule: "61 \* \* \* \*" is out of range \(.*\): minute 0 to 59, hour 0 to 23,/,
    ],
    ['cron that never comes', ({ tiers }) => (tiers[0].schedule = '0 0 31 2 *'), /^site\.tiers\[0\]\.schedule: "0 0 31 2 \*" never comes/],
    ['tier that is not a label value', ({ tiers }) => (tiers[0].label = 'every hour'), /^site\.tiers\[0\]\.label: "every hour" is not a label value/],
    [
      'tier with a label of 64 characters',
      ({ tiers }) => (tiers[0].label = 'x'.repeat(64)),
      /^site\.tiers\[0\]\.label: "x{64}" is not a label value/,
    ],
    ['two tiers with one label', ({ tiers }) => (tiers[1].label = 'hourly'), /^site\.tiers\[1\]\.label: "hourly" is also the label of tiers\[0\]/],
    ['retention 0 everywhere', ({ tiers }) => (tiers[0].retention = { hourly: 0 }), /^site\.tiers\[0\]\.retention: retention is zero for every kind/],
    [
      'negative retention',
      ({ tiers }) => (tiers[0].retention = { hourly: -1 }),
      /^site\.tiers\[0\]\.retention\.hourly: -1 is too small: write a whole number, 0 or more$/,
    ],
    [
      'retention as a text',
      ({ tiers }) => (tiers[0].retention.hourly = '24'),
      /^site\.tiers\[0\]\.retention\.hourly: "24" is not a number: write a whole number, 0 or more$/,
    ],
    [
      'half a replica',
      (values) => (values.plumber = { replicas: 1.5 }),
      /^site\.plumber\.replicas: 1\.5 is not a whole number: write a whole number, 1 or more$/,
    ],
    ['hour that no day has', (values) => (values.maintenanceHour = 24), /^site\.maintenanceHour: 24 is too big: write a whole number from 0 to 23$/],
    [
      'image that is not pinned',
      (values) => (values.volsync = { image: 'registry.example.com/volsync' }),
      /^site\.volsync\.image: "registry\.example\.com\/volsync" is not a pinned image: write registry\/path:tag/,
    ],
    ['switch as a text', (values) => (values.argocdConfig = 'yes'), /^site\.argocdConfig: "yes" is not a boolean: write true or false$/],
    [
      'one name in place of a list',
      (values) => (values.excludedNamespaces = 'kyverno'),
      /^site\.excludedNamespaces: "kyverno" is not an array: write a list, \[…\]$/,
    ],
    ['tier that is none', (values) => (values.tiers[1] = 'daily'), /^site\.tiers\[1\]: "daily" is not an object: write one, \{ … \}$/],
    [
      'name that is a number',
      ({ excludedNamespaces }) => excludedNamespaces.push(5),
      /^site\.excludedNamespaces\[3\]: 5 is not a string: write a text, '…'$/,
    ],
    ['tier that is null', (values) => (values.tiers[1] = null), /^site\.tiers\[1\]: is missing: add it \(object\)$/],
    [
      'name that is null',
      ({ excludedNamespaces }) => excludedNamespaces.push(null),
      /^site\.excludedNamespaces\[3\]: is missing: add it \(string\)$/,
    ],
    [
      'schedule that is a number',
      (values) => Object.assign(values, { spreadSchedules: true, tiers: [{ ...values.tiers[0], schedule: 5 }] }),
      /^site\.tiers\[0\]\.schedule: 5 is not a string/,
    ],
    ['block that is null', (values) => (values.s3 = null), /^site\.s3: is missing: add it \(object\)$/],
    ['no tier', (values) => (values.tiers = []), /^site\.tiers: has no tier/],
    [
      'spread without a fixed minute',
      (values) => Object.assign(values, { spreadSchedules: true, tiers: [{ ...values.tiers[0], schedule: '*/15 * * * *' }] }),
      /^site\.tiers\[0\]\.schedule: "\*\/15 \* \* \* \*" has no fixed minute to spread/,
    ],
    [
      'excluded namespace misspelt',
      (values) => (values.excludedNamespaces = ['kube-sytem', 'volsync-system', 'kyverno']),
      /^site\.excludedNamespaces: "kube-system" must be in the list: correct "kube-sytem"/,
    ],
    [
      'required exclusion missing',
      ({ excludedNamespaces }) => excludedNamespaces.pop(),
      /^site\.excludedNamespaces: "kyverno" must be in the list: add it/,
    ],
    [
      'further exclusion misspelt',
      ({ excludedNamespaces }) => excludedNamespaces.push('longhorn-sytem'),
      /^site\.excludedNamespaces\[3\]: "longhorn-sytem" looks like a misspelling of "longhorn-system"/,
    ],
    [
      'exclusion twice',
      ({ excludedNamespaces }) => excludedNamespaces.push('kyverno'),
      /^site\.excludedNamespaces\[3\]: "kyverno" stands in the list twice/,
    ],
    [
      'exclusion that is not a name',
      ({ excludedNamespaces }) => excludedNamespaces.push('My_NS'),
      /^site\.excludedNamespaces\[3\]: "My_NS" is not a Kubernetes name/,
    ],
    [
      'a name too long',
      ({ storage }) => (storage.snapshotClass = 'x'.repeat(254)),
      /^site\.storage\.snapshotClass: "x{254}" is not a Kubernetes name: 1 to 253/,
    ],
    ['Git URL without scheme', ({ git }) => (git.url = 'example/cluster'), /^site\.git\.url: "example\/cluster" is not a Git URL/],
    ['path with a trailing slash', ({ git }) => (git.path = 'dist/'), /^site\.git\.path: "dist\/" is not a folder/],
    [
      'memory of movers without a unit',
      ({ mover }) => (mover.resources = { requests: { memory: '512' } }),
      /^site\.mover\.resources\.requests\.memory: "512" is not a size/,
    ],
    [
      'CPU of movers that is none',
      ({ mover }) => (mover.resources = { limits: { cpu: 'two' } }),
      /^site\.mover\.resources\.limits\.cpu: "two" is not an amount of CPU/,
    ],
    ['cache without a unit', ({ storage }) => (storage.cacheCapacity = '2000'), /^site\.storage\.cacheCapacity: "2000" is not a size/],
    ['chart version that is a range', (values) => (values.versions = { kyverno: '3.x' }), /^site\.versions\.kyverno: "3\.x" is not an exact version/],
    [
      'chart that does not exist',
      (values) => (values.versions = { kiverno: '3.9.0' }),
      /^site\.versions: has no "kiverno": correct the spelling or remove it$/,
    ],
    ['unknown value', (values) => (values.tires = []), /^site: has no "tires": correct the spelling or remove it/],
    ['missing value', ({ mover }) => delete mover.fsGroup, /^site\.mover\.fsGroup: is missing: add it \(number\)/],
    [
      'empty item',
      ({ onepassword }) => (onepassword.item = ' rustfs'),
      /^site\.onepassword\.item: " rustfs" is empty, has spaces at its ends or a control character/,
    ],
  ];

  test.each(cases)('%s', (_, change, message) => {
    expect(problems(change)).toEqual([expect.stringMatching(message)]);
  });
});

test('all problems come at once', () => {
  const found = problems((values) => {
    values.s3.endpoint = 'nas';
    delete values.mover.fsGroup;
    values.tiers[1].label = 'hourly';
    values.tiers[1].schedule = 'x';
    values.excludedNamespaces = ['kube-system', 'volsync-system'];
  });
  expect(found.map((problem) => problem.split(':')[0])).toEqual([
    'site.s3.endpoint',
    'site.tiers[1].schedule',
    'site.mover.fsGroup',
    'site.tiers[1].label',
    'site.excludedNamespaces',
  ]);
});

test.each([
  ['https://github.com/me/cluster.git', 'https://github.com/me/cluster/blob/main/docs/runbooks'],
  ['git@github.com:me/cluster.git', 'https://github.com/me/cluster/blob/main/docs/runbooks'],
  ['ssh://git@git.example.com/me/cluster.git', 'https://git.example.com/me/cluster/blob/main/docs/runbooks'],
])('runbooks of %s', (url, expected) => {
  expect(runbookBase(parseSite({ ...site, git: { url } }))).toBe(expected);
});

test('runbooks elsewhere', () => {
  expect(runbookBase(parseSite({ ...site, monitoring: { runbookBase: 'https://wiki.example.com/runbooks/' } }))).toBe(
    'https://wiki.example.com/runbooks',
  );
});
