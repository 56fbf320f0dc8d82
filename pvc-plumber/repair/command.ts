import { ConfigError } from '../config';
import { Log } from '../log';
import { Kubernetes } from './kubernetes';
import { Repair, type RepairOptions } from './repair';

type Settings = Pick<RepairOptions, 'labels' | 'excludedNamespaces' | 'intervalMs'> & {
  readonly host: string;
  readonly port: string;
  readonly accountDir: string;
};

/**
 * `TIERS` and `EXCLUDED_NAMESPACES`: lists with commas. `INTERVAL_MS`: 1000 to 600000, @default 30000. `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT`:
 * set by Kubernetes. `SERVICE_ACCOUNT_DIR`: folder of token and ca.crt, @default where Kubernetes mounts them.
 *
 * @throws ConfigError
 */
export function readRepairSettings(env: NodeJS.ProcessEnv): Settings {
  const list = (name: string): string[] => (env[name] ?? '').split(',').filter((each) => each !== '');
  const interval = env['INTERVAL_MS'] ?? '30000';
  const problems = [
    ...(list('TIERS').length === 0 ? ['TIERS: missing; it is the list of the labels of the tiers, with commas'] : []),
    ...(/^\d{4,6}$/.test(interval) && Number(interval) <= 600_000 ? [] : [`INTERVAL_MS: "${interval}" is not a whole number from 1000 to 600000`]),
    ...['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT']
      .filter((name) => (env[name] ?? '') === '')
      .map((name) => `${name}: missing; Kubernetes sets it in every Pod, so run this in one`),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    labels: list('TIERS'),
    excludedNamespaces: list('EXCLUDED_NAMESPACES'),
    intervalMs: Number(interval),
    host: env['KUBERNETES_SERVICE_HOST'] ?? '',
    port: env['KUBERNETES_SERVICE_PORT'] ?? '',
    accountDir: env['SERVICE_ACCOUNT_DIR'] ?? '/var/run/secrets/kubernetes.io/serviceaccount',
  };
}

/** Repairs until SIGTERM or SIGINT. */
export function repairUntilSignal(env: NodeJS.ProcessEnv): void {
  const { host, port, accountDir, ...settings } = readRepairSettings(env);
  const log = new Log('info');
  const repair = new Repair({ ...settings, log, kubernetes: new Kubernetes({ host, port, accountDir }) });
  const end = (code: number): void => {
    repair.stop();
    log.flush();
    process.exit(code);
  };
  process.on('SIGTERM', () => end(0));
  process.on('SIGINT', () => end(0));
  log.info('looking for PVCs that lack something', { tiers: settings.labels.join(','), intervalMs: settings.intervalMs });
  repair.start(() => {
    log.error('the API server can not be read: ending, so that Kubernetes starts this anew');
    end(1);
  });
}
