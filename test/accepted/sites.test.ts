import { entriesOf } from '../../verify/invariants/policy-invariants';
import { parseSite } from '../../lib/site/schema';
import { ProblemsError } from '../../lib/model/problems';
import { homelab } from '../../examples/homelab/site';
import { buildTree, type SiteValues } from '../../lib';
import { type Data, saidBySynth } from './support';

/** Problems of the example after a change, each with its place. */
function problems(change: (site: Data) => void): readonly string[] {
  const values: Data = structuredClone(homelab);
  change(values);
  try {
    parseSite(values as SiteValues);
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems;
    throw error;
  }
}

describe('refused, with place, value and remedy', () => {
  test.each<[string, (site: Data) => void, RegExp]>([
    [
      'two fields of one name',
      ({ onepassword }) => (onepassword.fields.bucket = 'endpoint'),
      /^site\.onepassword\.fields\.bucket: "endpoint" is also the field of endpoint: name the field/,
    ],
    [
      'Prometheus elsewhere, though the tree installs one',
      (site) => (site.monitoring = { prometheusNamespace: 'monitoring' }),
      /^site\.monitoring\.prometheusNamespace: "monitoring" would be let in, but this tree installs Prometheus into prometheus-stack: leave the value out, or set prometheusStack to false/,
    ],
    ...['3.7.1', '3.10.0', '1.0.0', '99.99.99', '4.0.0', '3.10.0-rc.1'].map((version): [string, (site: Data) => void, RegExp] => [
      `Kyverno ${version}`,
      (site) => (site.versions = { kyverno: version }),
      new RegExp(
        `^site\\.versions\\.kyverno: "${version.replaceAll('.', '\\.')}" is not supported: write a version of 3\\.8\\.x or 3\\.9\\.x; .*docs/upgrading\\.md`,
      ),
    ]),
    ...[
      '*',
      'dist/*',
      'dist',
      'dist/infrastructure',
      'dist/infrastructure/*',
      'dist/infra*/controllers/*',
      '*/monitoring',
      'dist/bootstrap',
      '*/*',
      'd*/*/kyverno',
    ].map((pattern): [string, (site: Data) => void, RegExp] => [
      `folders ${pattern}`,
      (site) => (site.myApps = { directories: ['my-apps/*', pattern] }),
      /^site\.myApps\.directories\[1\]: ".*" reaches into the platform's own folder dist\/\w+: name a folder that holds applications only, for example my-apps\/\*$/,
    ]),
    [
      'folders * of a tree at the root',
      (site) => Object.assign(site, { git: { ...site.git, path: '' }, myApps: { directories: ['*'] } }),
      /reaches into the platform's own folder bootstrap/,
    ],
    ...['', '/my-apps', 'my-apps/', 'my apps/*', '../my-apps/*', 'my-apps/./*', '.git/*', 'my-apps//*'].map(
      (pattern): [string, (site: Data) => void, RegExp] => [
        `folders "${pattern}"`,
        (site) => (site.myApps = { directories: [pattern] }),
        /^site\.myApps\.directories\[0\]: ".*" is not a folder of the repository/,
      ],
    ),
    ...['..', '.', '*', '../dist', 'a/..', 'a/./b', 'a//b', '/a', 'a/', 'a b', 'clusters/*', '.git', 'a/.git/b', 'a?', 'a[b]', '{{x}}'].map(
      (path): [string, (site: Data) => void, RegExp] => [
        `git.path ${path}`,
        ({ git }) => (git.path = path),
        /^site\.git\.path: ".*" is not a folder of the repository: names with slashes between them, without "\." or "\.\.", patterns and spaces$/,
      ],
    ),
    [
      'a Service of the cluster without the port of its Pods',
      ({ s3 }) => (s3.endpoint = 'http://rook-ceph-rgw.rook-ceph.svc:80'),
      /^site\.s3\.endpoint: ".*" is a Service of this cluster: write the port on which its Pods listen as s3\.podPort/,
    ],
    ['port 0 of Pods', ({ s3 }) => (s3.podPort = 0), /^site\.s3\.podPort: 0 is too small: write a whole number from 1 to 65535$/],
    [
      'a variable of Kyverno as an item',
      ({ onepassword }) => (onepassword.item = '{{ x }}'),
      /^site\.onepassword\.item: "{{ x }}" has "{{" or "\$\(" in it, which Kyverno takes for a variable/,
    ],
    [
      'another placeholder in the item',
      ({ onepassword }) => (onepassword.item = 'backup-{ns}'),
      /^site\.onepassword\.item: "backup-{ns}" has "{ns}" in it: the only placeholder is {namespace}$/,
    ],
    [
      'an item for each namespace, and none for pvc-plumber',
      ({ onepassword }) => (onepassword.item = 'backup-{namespace}'),
      /^site\.onepassword\.plumberItem: is missing: "backup-{namespace}" names an item for each namespace, so name the one with the key of pvc-plumber/,
    ],
    [
      'an item of pvc-plumber for each namespace',
      ({ onepassword }) => (onepassword.plumberItem = 'plumber-{namespace}'),
      /^site\.onepassword\.plumberItem: ".*" has {namespace} in it: pvc-plumber has one key for all namespaces, name its item$/,
    ],
    [
      'a label that is none',
      ({ onepassword }) => (onepassword.namespaceLabel = 'a/b/c'),
      /^site\.onepassword\.namespaceLabel: "a\/b\/c" is not the key of a label: write one like/,
    ],
    [
      'a reference of Kyverno as a field',
      ({ onepassword }) => (onepassword.fields.kopiaPassword = '$(x)'),
      /^site\.onepassword\.fields\.kopiaPassword: .*Kyverno takes for a variable/,
    ],
    [
      'a credential in the URL of the runbooks',
      (site) => (site.monitoring = { runbookBase: 'https://me:hunter2@wiki.example.com' }),
      /^site\.monitoring\.runbookBase: the URL holds a credential/,
    ],
    [
      'a path as the URL of the runbooks',
      (site) => (site.monitoring = { runbookBase: '/runbooks' }),
      /^site\.monitoring\.runbookBase: "\/runbooks" is not a URL of a page: write https:\/\/host\/path$/,
    ],
    [
      'a credential in the URL of Connect',
      ({ onepassword }) => (onepassword.connectHost = 'http://me:hunter2@connect:8080'),
      /^site\.onepassword\.connectHost: the URL holds credentials: take them out, the token comes from a Secret/,
    ],
    ...['oci://ghcr.io/me/charts', 'ghcr.io', 'a b', '', 'https://', 'https://x/{{ y }}', 'ftp://x/y', 'https://localhost/x', '/charts'].map(
      (repository): [string, (site: Data) => void, RegExp] => [
        `charts from "${repository}"`,
        (site) => (site.volsync = { chartRepository: repository }),
        /^site\.volsync\.chartRepository: ".*" is .*: write https:\/\/host\/path, or host\/path for a registry \(without oci:\/\/\)$/,
      ],
    ),
    [
      'charts with a password',
      (site) => (site.volsync = { chartRepository: 'https://me:hunter2@x/y' }),
      /^site\.volsync\.chartRepository: the URL holds a credential/,
    ],
    [
      'retention of nothing but undefined',
      ({ tiers }) => (tiers[0].retention = { hourly: undefined }),
      /^site\.tiers\[0\]\.retention: retention is zero for every kind/,
    ],
    [
      'retention of undefined and 0',
      ({ tiers }) => (tiers[0].retention = { hourly: 0, daily: undefined }),
      /^site\.tiers\[0\]\.retention: retention is zero for every kind/,
    ],
    [
      'a namespace one letter off',
      ({ excludedNamespaces }) => excludedNamespaces.push('argcd'),
      /"argcd" looks like a misspelling of "argocd": correct it/,
    ],
    [
      'a namespace that lost its end',
      ({ excludedNamespaces }) => excludedNamespaces.push('longhorn-syste'),
      /"longhorn-syste" looks like a misspelling of "longhorn-system"/,
    ],
  ])('%s', (_, change, message) => {
    const found = problems(change);
    expect(found).toEqual([expect.stringMatching(message)]);
    expect(found.join()).not.toContain('hunter2');
  });
});

describe('taken, because it works', () => {
  test.each<[string, (site: Data) => void]>([
    ...['argo', 'argo-workflows', 'kyverno-2', 'default-2', 'longhorn', 'volsync', 'monitoring'].map((name): [string, (site: Data) => void] => [
      `namespace ${name}`,
      ({ excludedNamespaces }) => excludedNamespaces.push(name),
    ]),
    ['a bucket with dots', ({ s3 }) => (s3.bucket = 'my.bucket')],
    ['Git over ssh with a user of any name', ({ git }) => (git.url = 'gitea@host:me/k8s.git')],
    ['Git at GitHub for an organisation', ({ git }) => (git.url = 'org-123@github.com:me/k8s.git')],
    ['Kyverno 3.8.2', (site) => (site.versions = { kyverno: '3.8.2' })],
    ['Kyverno 3.9.1', (site) => (site.versions = { kyverno: '3.9.1' })],
    ['any version of another chart', (site) => (site.versions = { longhorn: '1.13.0' })],
    ['Prometheus of the cluster', (site) => (site.monitoring = { prometheusStack: false, prometheusNamespace: 'monitoring' })],
    ['the namespace of the stack by name', (site) => (site.monitoring = { prometheusNamespace: 'prometheus-stack' })],
    ['no folders', (site) => (site.myApps = { directories: ['none/*'] })],
    ['the root of the repository', ({ git }) => (git.path = '')],
    ['a folder with dots in its name', ({ git }) => (git.path = 'clusters/home.lan')],
    ['a Service of the cluster', ({ s3 }) => Object.assign(s3, { endpoint: 'https://minio.tenant.svc.cluster.local', podPort: 9000 })],
    ['charts of a mirror', (site) => (site.volsync = { chartRepository: 'https://charts.example.com/x/' })],
    ['charts of a registry', (site) => (site.volsync = { chartRepository: 'registry.lan:5000/me/charts' })],
    ['an item with a slash', ({ onepassword }) => (onepassword.item = 'a/b')],
    ['a vault with a space', ({ onepassword }) => (onepassword.vault = 'my vault')],
    ['a tier of 37 characters', ({ tiers }) => (tiers[0].label = 'x'.repeat(37))],
  ])('%s', (_, change) => {
    expect(problems(change)).toEqual([]);
    expect(saidBySynth(change)).toBeUndefined();
  });

  test('a store in the cluster is reached through the NetworkPolicy: the port of the Service and that of its Pods', () => {
    const site = { ...homelab, s3: { endpoint: 'http://rook-ceph-rgw.rook-ceph.svc:80', bucket: 'backup', podPort: 8080 } };
    const [policy] = buildTree(site, undefined, '/nowhere').render().get('infrastructure/controllers/pvc-plumber/network-policy.yaml')!
      .objects as Data[];
    expect(policy.spec.egress[1]).toEqual({
      ports: [
        { protocol: 'TCP', port: 80 },
        { protocol: 'TCP', port: 8080 },
      ],
    });
  });
});

test('no policy of the API server is without a condition, which it would refuse', () => {
  for (const keepOwners of [true, false]) {
    const files = buildTree({ ...homelab, mover: { ...homelab.mover, keepOwners } }, undefined, '/nowhere').render();
    const policies = [...files.values()].flatMap(({ objects }) => objects as Data[]).filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
    expect(policies.filter(({ spec }) => spec.validations.length === 0).map(({ metadata }) => metadata.name)).toEqual([]);
  }
});

/** All places of a site, as paths. */
function placesOf(value: Data, path: readonly string[] = []): (readonly string[])[] {
  const below = typeof value === 'object' && value !== null ? Object.keys(value).flatMap((key) => placesOf(value[key], [...path, key])) : [];
  return path.length === 0 ? below : [path, ...below];
}

function put(site: Data, path: readonly string[], value: Data): void {
  const parent = path.slice(0, -1).reduce((inner, key) => inner[key], site);
  parent[path.at(-1)!] = value;
}

const full: Data = {
  ...structuredClone(homelab),
  spreadSchedules: false,
  maintenanceHour: 4,
  plumber: { image: 'ghcr.io/me/x:1', replicas: 2, warmUp: true },
  monitoring: { prometheusStack: true, prometheusNamespace: 'prometheus-stack', runbookBase: 'https://wiki.example.com' },
  kyvernoSecretAccess: true,
  argocdConfig: true,
  myApps: { directories: ['my-apps/*'] },
  versions: { kyverno: '3.9.0' },
};
Object.assign(full.mover, { keepOwners: true, resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '2', memory: '1Gi' } } });
full.volsync = { chartRepository: 'https://charts.example.com', image: 'ghcr.io/me/volsync:1' };
Object.assign(full.s3, { region: 'garage', storeId: '5f1d7c', podPort: 9000 });
Object.assign(full.onepassword, { connectHost: 'http://connect.lan:8080', store: 'op', plumberItem: 'pvc-plumber', namespaceLabel: 'backups' });
Object.assign(full.storage, { cacheCapacity: '2Gi' });
const places = placesOf(full);

const circle: Data = {};
circle.itself = circle;

describe('anything at any place', () => {
  const rubbish: readonly [string, Data][] = [
    ['a big integer', 10n],
    ['a symbol', Symbol('x')],
    ['a function', () => 'x'],
    ['an object that holds itself', circle],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a negative number', -1],
    ['a list', ['x']],
    ['an object', { x: 1 }],
    ['a date', new Date(0)],
    ['an empty text', ''],
    ['a line break', 'a\nb'],
    ['a template', '{{ x }}'],
    ['a long text', 'x'.repeat(100_000)],
  ];

  test.each(rubbish)(
    '%s is refused in clear words, or renders',
    (_, value) => {
      for (const path of places) {
        const said = saidBySynth((site) => {
          Object.assign(site, structuredClone(full));
          put(site, path, value);
        });
        const top = path.slice(0, 1).join();
        if (said !== undefined) expect([path, said]).toEqual([path, expect.stringContaining(`site.${top}`)]);
      }
      expect(places.length).toBeGreaterThan(60);
    },
    60_000,
  );

  test('undefined is as good as absent, and null is said in the same words', () => {
    for (const path of places) {
      const removed = problems((site) => {
        Object.assign(site, structuredClone(full));
        const parent = path.slice(0, -1).reduce((inner, key) => inner[key], site);
        if (!Array.isArray(parent)) delete parent[path.at(-1)!];
      });
      const [asUndefined, asNull] = [undefined, null].map((value) =>
        problems((site) => {
          Object.assign(site, structuredClone(full));
          put(site, path, value);
        }),
      );
      const inList = /^\d+$/.test(path.at(-1)!);
      if (!inList) expect([path, asUndefined]).toEqual([path, removed]);
      if (removed.length > 0 || inList) expect([path, asNull]).toEqual([path, asUndefined]);
      else expect([path, asNull]).toEqual([path, [expect.stringMatching(/: is missing: add it \(\w+\)$/)]]);
    }
  });

  test.each([undefined, null, 5, 'x', true, [], [homelab], () => homelab, 10n])('%p in place of the site', (site) => {
    expect(() => parseSite(site as never)).toThrow(
      /^The site values in main\.ts are not usable:\n {2}- site: .* is not an object: write the values as in the example of docs\/extending\.md$/,
    );
  });

  test('what is kept is kept, whatever else is undefined', () => {
    const said = buildTree(
      { ...homelab, tiers: [{ label: 'hourly', schedule: '0 * * * *', retention: { hourly: 24, daily: undefined } }] } as never,
      undefined,
      '/nowhere',
    );
    const policies = said.render().get('infrastructure/controllers/kyverno/policies/volsync-pvc-backup-restore.yaml')!.objects as Data[];
    const source = policies.flatMap(entriesOf).find(({ kind }) => kind === 'ReplicationSource')!;
    expect(source.data.spec.kopia.retain).toEqual({ hourly: 24, daily: 0, weekly: 0, monthly: 0, yearly: 0, latest: 0 });
  });
});
