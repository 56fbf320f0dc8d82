import { timeouts } from '../lib/model/timeouts';
import { bucketProblem, endpointProblem, regionProblem, storeIdProblem } from '../lib/model/object-store';
import { type LogLevel, logLevels } from './log';
import type { StoreAddress } from './s3/failure';
import { type SettingName, settings } from './settings';

/** What the environment says, see {@link settings} for the meaning of each. */
export interface Config {
  readonly port: number;
  readonly endpoint: string;
  readonly bucket: string;
  readonly previous: readonly StoreAddress[];
  readonly region: string;
  readonly credentialsDir: string;
  readonly storeId: string | undefined;
  readonly clusterTokenFile: string | undefined;
  readonly leaseRenewMs: number;
  readonly budgetMs: number;
  readonly cacheTtlMs: number;
  readonly maxS3Requests: number;
  readonly maxConnections: number;
  readonly storeCheckMs: number;
  readonly warmUp: boolean;
  readonly warmTtlMs: number;
  readonly scanIntervalMs: number;
  readonly drainMs: number;
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
  const text = (name: SettingName): string | undefined => {
    const value = env[name];
    return value === undefined || value === '' ? (settings[name] as { readonly fallback?: string }).fallback : value;
  };
  const report = (name: SettingName, problem: string | undefined): void => void (problem !== undefined && problems.push(`${name}: ${problem}`));
  const whole = (name: SettingName, least: number, most: number): number => {
    const raw = text(name) ?? '';
    const value = /^\d{1,9}$/.test(raw) ? Number(raw) : Number.NaN;
    if (value >= least && value <= most) return value;
    report(name, `"${raw}" is not a whole number from ${least} to ${most}`);
    return least;
  };
  const choice = <T extends string>(name: SettingName, all: readonly [T, ...T[]]): T => {
    const raw = text(name);
    const found = all.find((one) => one === raw);
    if (found === undefined) report(name, `"${raw}" is not one of ${all.join(', ')}`);
    return found ?? all[0];
  };
  const flag = (name: SettingName): boolean => choice(name, ['true', 'false']) === 'true';
  const required = (name: SettingName, check: (value: string) => string | undefined): string => {
    const value = text(name);
    report(name, value === undefined ? "missing; it is the site's value from main.ts" : check(value));
    return value ?? '';
  };

  const config: Config = {
    port: whole('PORT', 0, 65_535),
    endpoint: required('S3_ENDPOINT', endpointProblem),
    bucket: required('S3_BUCKET', bucketProblem),
    previous: readPrevious(text('S3_PREVIOUS'), (problem) => report('S3_PREVIOUS', problem)),
    region: text('S3_REGION') ?? '',
    credentialsDir: text('CREDENTIALS_DIR') ?? '',
    storeId: text('STORE_ID'),
    clusterTokenFile: text('CLUSTER_TOKEN_FILE'),
    leaseRenewMs: whole('LEASE_RENEW_MS', 200, 600_000),
    budgetMs: whole('BUDGET_MS', 100, timeouts.longestPlumberBudgetMs),
    cacheTtlMs: whole('CACHE_TTL_MS', 0, 600_000),
    maxS3Requests: whole('MAX_S3_REQUESTS', 1, 1000),
    maxConnections: whole('MAX_CONNECTIONS', 1, 100_000),
    storeCheckMs: whole('STORE_CHECK_MS', 0, 10_000),
    warmUp: flag('WARM_UP'),
    warmTtlMs: whole('WARM_TTL_MS', 1000, 3_600_000),
    scanIntervalMs: whole('SCAN_INTERVAL_MS', 0, 86_400_000),
    drainMs: whole('DRAIN_MS', 0, 60_000),
    logLevel: choice('LOG_LEVEL', logLevels),
  };
  if (config.storeId !== undefined) report('STORE_ID', storeIdProblem(config.storeId));
  report('S3_REGION', regionProblem(config.region));
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
