import { isService } from '../../lib/model/object-store';
import type { Platform } from '../../lib';
import type { Data } from './support';
import values from './fixtures/values.json';
import schedules from './fixtures/schedules.json';

/** A value, and whether the programs that read it take it. */
export interface GateDecision {
  readonly value: Data;
  readonly taken: boolean;
  /** Host and port as Kopia reads an endpoint. */
  readonly host?: string;
}

/** A place of a site, or of what a person adds to it, with the values that were tried there. */
export interface Kind {
  readonly place: string;
  readonly rows: readonly GateDecision[];
  readonly put: (site: Data, value: Data) => void;
  readonly extend?: (value: Data) => (platform: Platform) => void;
  /** Values that the programs take and synth refuses, with the reason. All others are taken by both, or by none. */
  readonly stricter: readonly (readonly [values: readonly Data[], why: string])[];
}

const rowsOf = (rows: readonly { readonly value: Data; readonly accepted: boolean }[]): GateDecision[] =>
  rows.map(({ accepted, ...row }) => ({ ...row, taken: accepted }));
const names = (what: 'label' | 'subdomain'): GateDecision[] => values.name.map((row) => ({ value: row.value, taken: row[what] }));

const strangeHosts = [
  ['http://nas:09000', 'http://nas:', 'http://nas\u00a0:9000', 'http://nas\u200b:9000', 'http://NAS:9000', 'http://Nas.lan:9000'],
  ['http://10.1:9000', 'http://167772161:9000', 'http://0x0a000005:9000', 'http://012.0.0.5:9000', 'http://10.0.0:9000', 'http://10.0.0.5.:9000'],
  [
    'http://[fd00::0010]:9000',
    'http://[FD00::10]:9000',
    'http://[::ffff:10.0.0.5]:9000',
    'http://münchen.de:9000',
    'http://ｎａｓ:9000',
    'http://nas。lan:9000',
  ],
  ['http://10.0.0.256:9000', 'http://1.2.3.4.5:9000', 'http://999.1.1.1:9000', 'http://nas.:9000', 'http://n..s:9000', 'http://nas,lan:9000'],
].flat();
const beyondHost = ['http://10.0.0.5:9000/', 'http://10.0.0.5:9000?', 'http://10.0.0.5:9000#', 'http://10.0.0.5:9000?a=b', 'http://10.0.0.5:9000#a'];
const own = [
  [
    'http://localhost:9000',
    'http://LOCALHOST:9000',
    'http://s3.localhost:9000',
    'http://127.0.0.1:9000',
    'http://127.1.2.3:9000',
    'http://127.1:9000',
  ],
  [
    'http://2130706433:9000',
    'http://0.0.0.0:9000',
    'http://[::1]:9000',
    'http://[::]:9000',
    'http://[::ffff:127.0.0.1]:9000',
    'http://[::ffff:7f00:1]:9000',
    'http://0:9000',
  ],
].flat();
const credentials = ['http://admin:secret@nas:9000', 'http://admin@nas:9000', 'http://@nas:9000', 'http://:@nas:9000'];
const urlReasons: Kind['stricter'] = [
  [strangeHosts, 'Node reads the host in another way, or not at all'],
  [beyondHost, "VolSync's mover strips nothing but the scheme"],
  [own, "the Pod's own address"],
  [credentials, 'a credential'],
  [['nas:9000', 'nas', 'null'], 'whether to use TLS stands in the scheme'],
];

/** Everything whose decision was made by the real programs, see fixtures/README.md. */
export const kinds: readonly Kind[] = [
  {
    place: 'site.s3.endpoint',
    rows: rowsOf(values.endpoint),
    put: ({ s3 }, value) => Object.assign(s3, { endpoint: value, ...(isService(value) ? { podPort: 9000 } : {}) }),
    stricter: urlReasons,
  },
  {
    place: 'site.onepassword.connectHost',
    rows: rowsOf(values.endpoint),
    put: ({ onepassword }, value) => (onepassword.connectHost = value),
    stricter: urlReasons,
  },
  { place: 'site.s3.bucket', rows: rowsOf(values.bucket), put: ({ s3 }, value) => (s3.bucket = value), stricter: [] },
  {
    place: 'site.tiers[0].schedule',
    rows: schedules.map(({ expression, crd, parser, next }) => ({ value: expression, taken: crd && parser && next.length > 0 })),
    put: ({ tiers }, value) => (tiers[0].schedule = value),
    stricter: [],
  },
  {
    place: 'site.tiers[0].label',
    rows: values.label.map(({ value, accepted, rule }) => ({ value, taken: accepted && rule && value !== '' })),
    put: (site, value) => (site.tiers = [{ ...site.tiers[0], label: value }]),
    stricter: [],
  },
  ...['runAsUser', 'runAsGroup', 'fsGroup'].map((id): Kind => ({
    place: `site.mover.${id}`,
    rows: rowsOf(values.id),
    put: ({ mover }, value) => (mover[id] = value),
    stricter: [],
  })),
  ...['plumber', 'volsync'].map((block): Kind => ({
    place: `site.${block}.image`,
    rows: rowsOf(values.image),
    put: (site, value) => (site[block] = { image: value }),
    stricter: [
      [['me/pvc-plumber', 'ghcr.io/me/x:latest', 'ghcr.io/me/x:main'], 'an image that moves'],
      [['x', 'x:1', 'x:latest', `${'a'.repeat(64)}:1`], "one of Docker's own images"],
    ],
  })),
  {
    place: 'site.git.url',
    rows: rowsOf(values.gitUrl),
    put: ({ git }, value) => (git.url = value),
    stricter: [
      [['https://github.com/me'], 'no repository'],
      [
        ['https://github.com/me/k8s/tree/main', 'https://github.com/me/k8s/blob/main/README.md', 'https://codeberg.org/me/k8s/src/branch/main'],
        'a page',
      ],
      [values.gitUrl.map(({ value }) => value).filter((url) => /ghp_|abc@|me@github|\/\/:@|secret@|private_token/.test(url)), 'a credential'],
      [['https://git.example.com/me/k8s.git?x=y', 'https://git.example.com/me/k8s.git#main'], 'more than a repository'],
      [['https://host:0/me/k8s.git', 'https://host/me/k8s.git ', 'https://host/me /k8s.git', 'git@host: me/k8s.git'], 'nothing that can be fetched'],
      [['@host:me/k8s.git', 'git@:me/k8s.git', 'a b@host:me/k8s.git', '-oProxyCommand=x@host:me/k8s.git', 'ext::sh -c x'], 'no user or no host'],
      [
        [
          'https://ho_st/me/k8s.git',
          'https://-host/me/k8s.git',
          'git@-host:me/k8s.git',
          'ssh://-oProxyCommand=x/me/k8s.git',
          'https://{{host}}/me/k8s.git',
        ],
        'no name of a host',
      ],
      [['git@host:me//k8s.git', 'https://host/../k8s.git', 'https://host/./k8s.git', 'https://host//k8s.git'], 'a path that is read in two ways'],
      [['https://localhost/me/k8s.git', 'https://127.0.0.1/me/k8s.git', 'http://localhost:3000/me/k8s.git'], "Argo CD's own Pod"],
    ],
  },
  {
    place: 'site.git.revision',
    rows: rowsOf(values.revision),
    put: ({ git }, value) => (git.revision = value),
    stricter: [[['{{x}}'], 'a template of the ApplicationSet']],
  },
  {
    place: 'site.excludedNamespaces[3]',
    rows: names('label'),
    put: ({ excludedNamespaces }, value) => excludedNamespaces.push(value),
    stricter: [],
  },
  ...['storageClass', 'snapshotClass'].map((field): Kind => ({
    place: `site.storage.${field}`,
    rows: names('subdomain'),
    put: ({ storage }, value) => (storage[field] = value),
    stricter: [],
  })),
  { place: 'site.onepassword.store', rows: names('subdomain'), put: ({ onepassword }, value) => (onepassword.store = value), stricter: [] },
  {
    place: 'site.storage.cacheCapacity',
    rows: rowsOf(values.quantity),
    put: ({ storage }, value) => (storage.cacheCapacity = value),
    stricter: [
      [values.quantity.filter(({ value }) => !/[KMGT]i$/.test(value)).map(({ value }) => value), 'a size without the unit that a person means'],
    ],
  },
];
