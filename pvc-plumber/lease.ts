import { storeLeaseKey } from '../lib/model/object-store';
import { Deadline, pause } from './deadline';
import type { Log } from './log';
import type { LeaseStore } from './s3/reader';
import { S3Failure, type StoreAddress } from './s3/failure';

export interface LeaseOptions {
  readonly client: LeaseStore;
  readonly store: StoreAddress;
  /** Identity of this cluster. @throws Error while it can't be read */
  readonly cluster: () => string;
  /** Time between two renewals, in milliseconds. */
  readonly renewMs: number;
  /** Limit of one renewal, in milliseconds. */
  readonly budgetMs: number;
  readonly log: Log;
}

/** A lease that was not renewed for so many intervals is over: its cluster is gone. */
const intervalsToLive = 5;

/** Pause between two looks while this cluster does not hold the lease, in milliseconds. */
const retryMs = 5000;

/** After a lease changed its holder it is read once more, in milliseconds: a server that ignores conditions lets two clusters write. */
const confirmMs = 2000;

type Held =
  | { readonly by: 'nobody yet'; readonly why: string }
  | { readonly by: 'this cluster'; readonly at: number }
  | { readonly by: 'another cluster'; readonly cluster: string; readonly ageMs: number };

/**
 * One store has one cluster. Two that write the backups of PVCs with the same names would restore each other's data: a rehearsal of a recovery, with the same
 * Git repository, while the first cluster runs. The lease is an object in the store that the cluster renews; while another cluster's is fresh, nothing is answered.
 *
 * How old it is says the store: the difference of the headers `Date` and `Last-Modified`, so clocks of nodes do not matter.
 */
export class Lease {
  private held: Held = { by: 'nobody yet', why: 'it was not read yet' };
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private deadline: Deadline | undefined;
  private stopped = false;

  constructor(private readonly options: LeaseOptions) {}

  /** Whether this cluster holds it; undefined as long as nobody knows. */
  get isOurs(): boolean | undefined {
    if (this.held.by === 'nobody yet') return undefined;
    return this.held.by === 'this cluster' && !this.isOver(this.held.at);
  }

  /** @throws S3Failure unless this cluster holds the lease */
  check(): void {
    const { held } = this;
    const { endpoint, bucket } = this.options.store;
    const lease = `the lease of bucket ${bucket} on ${endpoint} (${storeLeaseKey})`;
    if (held.by === 'nobody yet') throw new S3Failure('odd', `${lease} could not be taken: ${held.why}`);
    if (held.by === 'this cluster') {
      if (this.isOver(held.at))
        throw new S3Failure('odd', `${lease} could not be renewed for ${seconds(performance.now() - held.at)}: another cluster may have taken it`);
      return;
    }
    throw new S3Failure(
      'odd',
      `another cluster (${held.cluster}) holds ${lease} and renewed it ${seconds(held.ageMs)} ago: two clusters would overwrite each other's backups. When that cluster is gone, this one takes over within ${seconds(this.options.renewMs * intervalsToLive)}; to do it now: kubectl exec -n volsync-system deploy/pvc-plumber -- node /app/pvc-plumber.js takeover`,
    );
  }

  /** The first look, while it is under way: questions wait a moment for it. */
  get firstLook(): Promise<void> | undefined {
    return this.held.by === 'nobody yet' ? this.running : undefined;
  }

  /** Takes the lease and keeps it. */
  start(): void {
    if (this.running !== undefined || this.stopped) return;
    clearTimeout(this.timer);
    this.running = this.renew().finally(() => {
      this.running = undefined;
      if (this.stopped) return;
      this.timer = setTimeout(() => this.start(), this.held.by === 'this cluster' ? this.options.renewMs : Math.min(retryMs, this.options.renewMs));
      this.timer.unref();
    });
  }

  /** Something changed, credentials for example: looks now, unless this cluster holds it. */
  nudge(): void {
    if (this.held.by !== 'this cluster') this.start();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.deadline?.abort();
  }

  /** Takes the lease whoever holds it. @returns who held it */
  async takeOver(signal: AbortSignal): Promise<string | undefined> {
    const { client, cluster } = this.options;
    const before = await client.readObject(storeLeaseKey, signal);
    await client.write(storeLeaseKey, textOf(cluster()), undefined, signal);
    return before === undefined ? undefined : holderOf(before.text);
  }

  private isOver(at: number): boolean {
    return performance.now() - at > this.options.renewMs * intervalsToLive;
  }

  private async renew(): Promise<void> {
    const deadline = (this.deadline = Deadline.in(this.options.budgetMs, this.options.store.endpoint));
    const before = this.held;
    try {
      this.held = await this.look(deadline.signal);
    } catch (error) {
      deadline.abort();
      // What is held stays held until its time is over: a store that is away for a moment takes nothing from anybody.
      if (before.by === 'nobody yet') this.held = { by: 'nobody yet', why: (error as Error).message };
    } finally {
      deadline.clear();
    }
    this.tell(before);
  }

  private async look(signal: AbortSignal): Promise<Held> {
    const { client } = this.options;
    const cluster = this.options.cluster();
    const startedAt = performance.now();
    const found = await client.readObject(storeLeaseKey, signal);
    const holder = found === undefined ? undefined : holderOf(found.text);
    if (found !== undefined && holder !== cluster && found.ageMs <= this.options.renewMs * intervalsToLive)
      return { by: 'another cluster', cluster: holder ?? 'unreadable', ageMs: found.ageMs };
    const written = await client.write(storeLeaseKey, textOf(cluster), found ?? 'absent', signal);
    if (!written || holder !== cluster) return this.confirm(cluster, signal);
    return { by: 'this cluster', at: startedAt };
  }

  /** Somebody else wrote at the same moment, or might have. */
  private async confirm(cluster: string, signal: AbortSignal): Promise<Held> {
    await pause(Math.min(confirmMs, this.options.budgetMs / 2), signal);
    const startedAt = performance.now();
    const found = await this.options.client.readObject(storeLeaseKey, signal);
    if (found === undefined) throw new S3Failure('odd', 'it was written, and is not there');
    const holder = holderOf(found.text);
    return holder === cluster
      ? { by: 'this cluster', at: startedAt }
      : { by: 'another cluster', cluster: holder ?? 'unreadable', ageMs: found.ageMs };
  }

  private tell(before: Held): void {
    const { held } = this;
    const { log } = this.options;
    if (held.by === before.by) return;
    if (held.by === 'another cluster')
      log.error('another cluster holds the lease of the store', { cluster: held.cluster, ageSeconds: Math.round(held.ageMs / 1000) });
    else if (held.by === 'this cluster') log.info('this cluster holds the lease of the store');
    else log.warn('the lease of the store could not be taken', { reason: held.why });
  }
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1000))} s`;
}

function textOf(cluster: string): string {
  return `${JSON.stringify({ cluster, renewedAt: new Date().toISOString() })}\n`;
}

function holderOf(text: string): string | undefined {
  try {
    const { cluster } = JSON.parse(text) as { cluster?: unknown };
    return typeof cluster === 'string' && cluster !== '' ? cluster.slice(0, 100) : undefined;
  } catch {
    return undefined;
  }
}
