import { timeouts } from '../lib/model/timeouts';
import { plumber } from '../lib/model/naming';

/** A variable of the environment. */
interface Setting {
  /** Taken where the variable is missing or empty; undefined where it must be set, or where there is nothing in its place. */
  readonly fallback?: string;
  /** What it means, its unit and its range. */
  readonly meaning: string;
  /** The tree, or a person, sets it; the others are there for tests and measurements. */
  readonly setBy?: 'the tree' | 'a person';
}

/** Every variable that the service reads. `--help` and docs/pvc-plumber.md print this table. */
export const settings = {
  PORT: { fallback: String(plumber.port), setBy: 'the tree', meaning: 'port; 0 takes a free one' },
  S3_ENDPOINT: { setBy: 'the tree', meaning: '`http://host[:port]` or `https://host[:port]`; required' },
  S3_BUCKET: { setBy: 'the tree', meaning: 'bucket; required' },
  S3_PREVIOUS: { setBy: 'the tree', meaning: 'stores that the site used before: a JSON list of `{ "endpoint", "bucket" }`' },
  S3_REGION: { fallback: 'us-east-1', setBy: 'the tree', meaning: 'region that requests are signed for' },
  CREDENTIALS_DIR: { fallback: '/etc/pvc-plumber/s3', setBy: 'the tree', meaning: 'folder of the mounted Secret' },
  STORE_ID: { setBy: 'the tree', meaning: "id of the store's marker; without it the identity of the store is not checked" },
  CLUSTER_TOKEN_FILE: {
    setBy: 'the tree',
    meaning: 'token that tells clusters apart; without it the lease of the store is not kept, and two clusters may use it',
  },
  WARM_UP: { fallback: 'true', setBy: 'the tree', meaning: 'list the bucket ahead of questions, and compile the code of an answer: true or false' },
  LOG_LEVEL: { fallback: 'info', setBy: 'a person', meaning: 'debug, info, warn or error' },
  NODE_EXTRA_CA_CERTS: { setBy: 'a person', meaning: "read by Node: PEM file of the authority of the store's certificate" },
  BUDGET_MS: {
    fallback: String(timeouts.plumberBudgetMs),
    meaning: `time for a whole answer, in milliseconds, from 100 to ${timeouts.longestPlumberBudgetMs}, because Kyverno does not wait longer`,
  },
  CACHE_TTL_MS: { fallback: '10000', meaning: 'how long a proven `restore` is repeated without asking, in milliseconds, from 0 to 600000' },
  STORE_CHECK_MS: { fallback: '1000', meaning: 'how long one check of the store vouches for a `restore`, in milliseconds, from 0 to 10000' },
  WARM_TTL_MS: {
    fallback: '300000',
    meaning:
      "how long a listing of the bucket vouches for a `restore`, after CACHE_TTL_MS together with the repository's own object, in milliseconds, from 1000 to 3600000",
  },
  SCAN_INTERVAL_MS: {
    fallback: '3600000',
    meaning:
      'time between two scans of the whole store for its metrics, in milliseconds, up to 86400000; 0 never scans, and the alerts that need it fire',
  },
  LEASE_RENEW_MS: {
    fallback: '60000',
    meaning: 'time between two renewals of the lease, which ends after five, in milliseconds, from 200 to 600000',
  },
  DRAIN_MS: {
    fallback: '3000',
    meaning: 'how long questions are still taken after SIGTERM, until the Service has forgotten the Pod, in milliseconds, from 0 to 60000',
  },
  MAX_S3_REQUESTS: { fallback: '96', meaning: 'requests to S3 at the same time, from 1 to 1000' },
  MAX_CONNECTIONS: { fallback: '2000', meaning: 'connections of clients at the same time, from 1 to 100000' },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** What `--help` prints. */
export function help(): string {
  const width = Math.max(...Object.keys(settings).map((name) => name.length));
  const lines = Object.entries<Setting>(settings).map(
    ([name, { fallback, meaning }]) => `  ${name.padEnd(width)}  ${meaning}${fallback === undefined ? '' : ` (${fallback})`}`,
  );
  return `pvc-plumber says whether a backup of a PVC exists.

  pvc-plumber            serve GET /exists/{namespace}/{pvc}, /healthz, /readyz and /metrics
  pvc-plumber identify   give the store its identity, and print the line for main.ts
  pvc-plumber takeover   take the store over from another cluster that uses it
  pvc-plumber repair     ask Kyverno for what PVCs lack
  pvc-plumber --help     print this

Variables of the environment, with their defaults:
${lines.join('\n')}
`;
}
