import { readFileSync } from 'node:fs';
import { timeouts } from '../lib/model/timeouts';
import { plumber } from '../lib/model/naming';
import { bucketProblem, endpointProblem, regionProblem, storeIdProblem } from '../lib/model/object-store';
import { type Layout, layouts } from './layout';
import { type LogLevel, logLevels } from './log';
import type { StoreAddress } from './s3/failure';

/** What the environment says. */
export interface Config {
  /** `PORT`. @default 8080; 0 takes a free one */
  readonly port: number;
  /** `S3_ENDPOINT`: `http://host[:port]` or `https://host[:port]`. Required. */
  readonly endpoint: string;
  /** `S3_BUCKET`. Required. */
  readonly bucket: string;
  /** `S3_PREVIOUS`: a JSON list of `{ endpoint, bucket }`, the stores that the site used before. @default none */
  readonly previous: readonly StoreAddress[];
  /** `S3_REGION`. @default us-east-1 */
  readonly region: string;
  /** `S3_PATH_STYLE`. @default true */
  readonly pathStyle: boolean;
  /** Text of the file `S3_CA_FILE` (PEM): the only authority that is trusted. @default Node's own list */
  readonly ca: string | undefined;
  /** `CREDENTIALS_DIR`: the mounted Secret. @default /etc/pvc-plumber/s3 */
  readonly credentialsDir: string;
  /** `STORE_ID`: id of the store's marker. @default - the store's identity isn't checked, with a warning */
  readonly storeId: string | undefined;
  /** `LAYOUT`: kopia or restic. @default kopia */
  readonly layout: Layout;
  /** `BUDGET_MS`: the whole answer, in milliseconds; at most 3500, because Kyverno does not wait longer. @default 2500 */
  readonly budgetMs: number;
  /** `CACHE_TTL_MS`: how long a proven `restore` is repeated without asking, in milliseconds; 0 never. @default 10000 */
  readonly cacheTtlMs: number;
  /** `MAX_S3_REQUESTS`: requests to S3 at the same time. @default 96 */
  readonly maxS3Requests: number;
  /** `MAX_CONNECTIONS`: connections of clients at the same time. @default 2000 */
  readonly maxConnections: number;
  /** `STORE_CHECK_MS`: how long one check of the store vouches for a `restore`, in milliseconds. @default 1000 */
  readonly storeCheckMs: number;
  /** `WARM_UP`: list the bucket ahead of questions, and warmJit answering them. @default true */
  readonly warmUp: boolean;
  /** `WARM_TTL_MS`: how long a listing of the bucket vouches for a `restore`, in milliseconds; after `CACHE_TTL_MS` together with the repository's own object. @default 300000 */
  readonly warmTtlMs: number;
  /** `DRAIN_MS`: how long questions are still taken after SIGTERM, until the Service has forgotten the Pod, in milliseconds. @default 3000 */
  readonly drainMs: number;
  /** `LOG_LEVEL`: debug, info, warn or error. @default info */
  readonly logLevel: LogLevel;
}

/** Every mistake in the environment at once. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/**
 * Reads and checks the environment. An empty value counts as none.
 *
 * @throws ConfigError that lists each mistake with its variable
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const text = (name: string): string | undefined => (env[name] === undefined || env[name] === '' ? undefined : env[name]);
  const report = (name: string, problem: string | undefined): void => void (problem !== undefined && problems.push(`${name}: ${problem}`));
  const whole = (name: string, fallback: number, least: number, most: number): number => {
    const raw = text(name) ?? String(fallback);
    const value = /^\d{1,9}$/.test(raw) ? Number(raw) : Number.NaN;
    if (value >= least && value <= most) return value;
    report(name, `"${raw}" is no whole number from ${least} to ${most}`);
    return fallback;
  };
  const choice = <T extends string>(name: string, all: readonly T[], fallback: T): T => {
    const raw = text(name) ?? fallback;
    const found = all.find((one) => one === raw);
    if (found === undefined) report(name, `"${raw}" is none of ${all.join(', ')}`);
    return found ?? fallback;
  };
  const flag = (name: string): boolean => choice(name, ['true', 'false'], 'true') === 'true';
  const required = (name: string, check: (value: string) => string | undefined): string => {
    const value = text(name);
    report(name, value === undefined ? "missing; it is the site's value from main.ts" : check(value));
    return value ?? '';
  };

  const config: Config = {
    port: whole('PORT', plumber.port, 0, 65_535),
    endpoint: required('S3_ENDPOINT', endpointProblem),
    bucket: required('S3_BUCKET', bucketProblem),
    previous: readPrevious(text('S3_PREVIOUS'), (problem) => report('S3_PREVIOUS', problem)),
    region: text('S3_REGION') ?? 'us-east-1',
    pathStyle: flag('S3_PATH_STYLE'),
    ca: readCa(text('S3_CA_FILE'), (problem) => report('S3_CA_FILE', problem)),
    credentialsDir: text('CREDENTIALS_DIR') ?? '/etc/pvc-plumber/s3',
    storeId: text('STORE_ID'),
    layout: layouts[choice('LAYOUT', ['kopia', 'restic'], 'kopia')],
    budgetMs: whole('BUDGET_MS', timeouts.plumberBudgetMs, 100, timeouts.longestPlumberBudgetMs),
    cacheTtlMs: whole('CACHE_TTL_MS', 10_000, 0, 600_000),
    maxS3Requests: whole('MAX_S3_REQUESTS', 96, 1, 1000),
    maxConnections: whole('MAX_CONNECTIONS', 2000, 1, 100_000),
    storeCheckMs: whole('STORE_CHECK_MS', 1000, 0, 10_000),
    warmUp: flag('WARM_UP'),
    warmTtlMs: whole('WARM_TTL_MS', 300_000, 1000, 3_600_000),
    drainMs: whole('DRAIN_MS', 3000, 0, 60_000),
    logLevel: choice('LOG_LEVEL', logLevels, 'info'),
  };
  if (config.storeId !== undefined) report('STORE_ID', storeIdProblem(config.storeId));
  report('S3_REGION', regionProblem(config.region));
  if (!config.pathStyle && config.bucket.includes('.'))
    report('S3_PATH_STYLE', `false with the bucket "${config.bucket}": no certificate fits a name with its dots; set it to true`);
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function readPrevious(json: string | undefined, report: (problem: string) => void): StoreAddress[] {
  if (json === undefined) return [];
  try {
    const stores = JSON.parse(json) as StoreAddress[];
    for (const { endpoint, bucket } of stores) {
      const problem = endpointProblem(endpoint) ?? bucketProblem(bucket);
      if (problem !== undefined) report(problem);
    }
    return stores;
  } catch {
    report(`${JSON.stringify(json)} is not a JSON list of stores, each with endpoint and bucket`);
    return [];
  }
}

function readCa(path: string | undefined, report: (problem: string) => void): string | undefined {
  if (path === undefined) return undefined;
  try {
    const ca = readFileSync(path, 'utf8');
    if (!ca.includes('-----BEGIN CERTIFICATE-----')) report(`${path} holds no certificate in PEM form`);
    return ca;
  } catch (error) {
    report(`${path} can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
    return undefined;
  }
}
