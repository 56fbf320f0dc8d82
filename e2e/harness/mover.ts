import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from './container';

type Env = Readonly<Record<string, string>>;

/** Points in a mover's run at which a life can step in. */
export type Moment = 'connected' | 'uploading' | 'restoring';

export interface MoverRun {
  readonly action: 'backup' | 'restore' | 'maintenance';
  readonly container: Container;
  readonly env: Env;
  /** The volume outside of the container. */
  readonly volume?: string;
  readonly log: (line: string) => void;
  readonly at: (moment: Moment) => Promise<void>;
}

/**
 * What the entry script of the fork's Kopia mover does (mover-kopia/entry.sh, v0.17.11), with the real `kopia`, its bad habits included: it makes a
 * repository where it finds none, also for a restore, and it ends well when there is nothing to restore or the list of snapshots could not be read.
 *
 * @returns the exit code
 */
export async function runMover(run: MoverRun): Promise<number> {
  const mover = new Mover(run);
  if (run.action === 'backup' && mover.empty()) {
    run.log('Data directory is empty, skipping backup');
    return 0;
  }
  if (!(await mover.connected())) return 1;
  await run.at('connected');
  return mover[run.action]();
}

class Mover {
  constructor(private readonly run: MoverRun) {}

  empty(): boolean {
    return this.entries().length === 0;
  }

  /** Connects, or else creates. A creation over anything that is there fails in Kopia itself. */
  async connected(): Promise<boolean> {
    const { env, log } = this.run;
    const prefix = /^s3:\/\/[^/]+\/(.+?)\/*$/.exec(env['KOPIA_REPOSITORY'] ?? '')?.[1];
    const flags = [
      's3',
      `--bucket=${env['KOPIA_S3_BUCKET']}`,
      `--endpoint=${env['KOPIA_S3_ENDPOINT']?.replace(/^https?:\/\//, '')}`,
      ...(env['AWS_ACCESS_KEY_ID'] === undefined ? [] : [`--access-key=${env['AWS_ACCESS_KEY_ID']}`]),
      ...(env['AWS_SECRET_ACCESS_KEY'] === undefined ? [] : [`--secret-access-key=${env['AWS_SECRET_ACCESS_KEY']}`]),
      ...(prefix === undefined ? [] : [`--prefix=${prefix}/`]),
      ...(env['KOPIA_S3_DISABLE_TLS'] === 'true' ? ['--disable-tls'] : []),
    ];
    if (!(await this.kopia('repository', 'connect', ...flags)) && !(await this.kopia('repository', 'create', ...flags))) {
      log('[ERROR] Failed to connect to or create the repository');
      return false;
    }
    log('Repository connected');
    const [user, host] =
      this.run.action === 'maintenance' ? ['maintenance', 'volsync'] : [env['KOPIA_OVERRIDE_USERNAME'], env['KOPIA_OVERRIDE_HOSTNAME']];
    return this.kopia('repository', 'set-client', `--username=${user}`, `--hostname=${host}`);
  }

  async backup(): Promise<number> {
    const { env, log, at } = this.run;
    if (env['KOPIA_COMPRESSION'] !== undefined) await this.kopia('policy', 'set', '/data', `--compression=${env['KOPIA_COMPRESSION']}`);
    const upload = this.kopia(
      'snapshot',
      'create',
      '/data',
      ...(env['KOPIA_PARALLELISM'] === undefined ? [] : [`--parallel=${env['KOPIA_PARALLELISM']}`]),
    );
    await at('uploading');
    if (!(await upload)) return 1;
    log('Snapshot created successfully');
    const kinds = { HOURLY: 'hourly', DAILY: 'daily', WEEKLY: 'weekly', MONTHLY: 'monthly', YEARLY: 'annual', LATEST: 'latest' };
    const keep = Object.entries(kinds).flatMap(([key, flag]) => {
      const value = env[`KOPIA_RETAIN_${key}`];
      return value === undefined ? [] : [`--keep-${flag}=${value}`];
    });
    if (keep.length > 0) await this.kopia('policy', 'set', '/data', ...keep);
    return 0;
  }

  async restore(): Promise<number> {
    const { env, log, at, container, volume = '' } = this.run;
    if (env['KOPIA_ENABLE_FILE_DELETION'] === 'true') for (const name of this.entries()) rmSync(join(volume, name), { recursive: true });
    const identity = `${env['KOPIA_OVERRIDE_USERNAME']}@${env['KOPIA_OVERRIDE_HOSTNAME']}:/data`;
    const { out, err } = await container.kopia(['snapshot', 'list', identity, '--json'], this.secrets);
    const id = newest(out);
    if (id === undefined) {
      for (const line of ['No eligible snapshots found', `No snapshots found for ${identity}`, err.trim(), '=== No data will be restored ==='])
        log(line);
      return 0;
    }
    log(`Selected snapshot with id: ${id}`);
    const restoring = this.kopia('snapshot', 'restore', id, '/restore/data', '--write-files-atomically', '--ignore-permission-errors');
    await at('restoring');
    if (!(await restoring)) return 1;
    log('[INFO] Snapshot restore completed successfully');
    return 0;
  }

  async maintenance(): Promise<number> {
    await this.kopia('maintenance', 'set', '--owner=maintenance@volsync');
    return (await this.kopia('maintenance', 'run', '--full')) ? 0 : 1;
  }

  private get secrets(): Env {
    return { KOPIA_PASSWORD: this.run.env['KOPIA_PASSWORD'] ?? '' };
  }

  private entries(): string[] {
    return readdirSync(this.run.volume ?? '').filter((name) => name !== 'lost+found');
  }

  private async kopia(...args: string[]): Promise<boolean> {
    const { code, out, err } = await this.run.container.kopia(args, this.secrets);
    for (const line of `${out}\n${err}`.split(/[\n\r]/)) if (line.trim() !== '' && !line.includes('hashing')) this.run.log(line);
    return code === 0;
  }
}

/** The last entry of the list, whether it is complete or not: the script does not look. */
function newest(json: string): string | undefined {
  try {
    return (JSON.parse(json) as { readonly id: string }[]).at(-1)?.id;
  } catch {
    return undefined;
  }
}
