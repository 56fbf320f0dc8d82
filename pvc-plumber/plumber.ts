import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../lib/model/decision';
import type { PvcRef } from '../lib/model/naming';
import { BackupCache, type CachedBackup } from './answer-cache';
import { MetricsBuffer } from './burst';
import type { Config } from './config';
import { Deadline } from './deadline';
import { findEvidence, isStillThere } from './evidence';
import type { Finding } from './judgement';
import type { Log } from './log';
import { Lookups } from './lookups';
import { type AnswerSource, Metrics } from './metrics';
import { lookupMsOf, OpenStore } from './open-store';
import { S3Failure } from './s3/failure';
import { WarmUp } from './warm-up';

/** How long a question waits for the first look at the lease, in milliseconds. With the look-up behind it, Kyverno still waits. */
const leaseWaitMs = 300;

/**
 * Answers the question of one PVC.
 *
 * Everything that is not proven ends in one place, {@link Plumber.answer}, and becomes `unknown` there: an error in our own code, too.
 */
export class Plumber {
  readonly metrics: Metrics;
  private readonly cache: BackupCache;
  private readonly lookups = new Lookups();
  private renewal: Promise<void> | undefined;
  private readonly store: OpenStore;
  private readonly warmUp: WarmUp | undefined;
  private readonly buffer: MetricsBuffer;

  constructor(
    private readonly config: Config,
    private readonly log: Log,
  ) {
    this.metrics = new Metrics({
      s3InFlight: () => this.store.limit.inFlight,
      s3Queued: () => this.store.limit.queued,
      remembered: () => this.cache.size,
      storeReachable: () => this.store.watch.reachable,
      storeAgrees: () => this.store.agreement.agreed,
      storeIsOurs: () => this.store.lease?.isOurs,
      lastScan: () => this.store.usage.last,
    });
    this.cache = new BackupCache(config.cacheTtlMs);
    this.buffer = new MetricsBuffer(this.metrics, log);
    this.store = new OpenStore(
      config,
      log,
      (...seen) => this.metrics.s3(...seen),
      () => this.onNewCredentials(),
    );
    this.warmUp = config.warmUp ? new WarmUp({ reader: this.store.reader, cache: this.cache, log, ttlMs: config.warmTtlMs }) : undefined;
  }

  start(): void {
    if (this.config.storeId === undefined)
      this.log.warn('no STORE_ID: a wrong or emptied bucket can not be told from one without backups; see "identify"');
    if (this.config.clusterTokenFile === undefined) this.log.warn('no CLUSTER_TOKEN_FILE: another cluster may use the same store unnoticed');
    this.store.start(this.config.warmUp);
    this.warmUp?.start();
  }

  stop(): void {
    this.warmUp?.stop();
    this.store.stop();
    this.buffer.flush();
  }

  /**
   * Never fails: what went wrong is an `unknown` with its reason. A backup that is remembered is answered in the same turn of the event loop, which
   * is what a burst consists of.
   *
   * @param client who asks; of several, none waits for the questions of another one
   * @param waited for the first look at the lease
   */
  answer(pvc: PvcRef, client: string, waited = false): Answer | Promise<Answer> {
    const started = performance.now();
    const first = this.store.lease?.firstLook;
    if (first !== undefined && !waited) return this.afterLease(first, pvc, client);
    try {
      this.store.credentials.read();
      this.store.lease?.check();
      this.store.agreement.nudge();
      this.warmUp?.nudge();
      const known = this.cache.recall(pvc);
      if (known?.isYoung === true && this.store.proof.isRecent())
        return this.finish(proven(pvc, { decision: 'restore', ...known }), 'memory', started);
      return this.ask(pvc, client, known, started);
    } catch (error) {
      return this.finish(unknown(pvc, this.explain(error)), 'none', started);
    }
  }

  /** The answer that has to wait for S3. @param known what is remembered, but wants to be vouched for */
  private async ask(pvc: PvcRef, client: string, known: CachedBackup | undefined, started: number): Promise<Answer> {
    const lookup = this.lookups.of(pvc);
    const source = known !== undefined ? 'memory' : lookup === undefined ? 'lookup' : 'shared';
    try {
      if (known?.isYoung === true) {
        await this.renewProof();
        return this.finish(proven(pvc, { decision: 'restore', ...known }), source, started);
      }
      return this.finish(proven(pvc, await (lookup ?? this.lookUp(pvc, client, known))), source, started);
    } catch (error) {
      return this.finish(unknown(pvc, this.explain(error)), source, started);
    }
  }

  /** The metrics with every answer that is out, in Prometheus' text format. @returns those of the service, and those of each PVC in the store */
  async scrape(): Promise<{ readonly own: string; readonly backups: Buffer | undefined }> {
    this.buffer.flush();
    return { own: await this.metrics.registry.metrics(), backups: this.store.usage.last?.text };
  }

  /** A Pod that has just started looks at the lease first. @param first that look */
  private async afterLease(first: Promise<void>, pvc: PvcRef, client: string): Promise<Answer> {
    await Promise.race([first, delay(leaseWaitMs)]);
    return this.answer(pvc, client, true);
  }

  private finish(answer: Answer, source: AnswerSource, started: number): Answer {
    this.buffer.note(answer, source, performance.now() - started);
    return answer;
  }

  /** One renewal for all who wait for it, with one limit: that of the first one. */
  private renewProof(): Promise<void> {
    this.renewal ??= this.withDeadline((signal) => this.store.proof.recent(signal)).finally(() => (this.renewal = undefined));
    return this.renewal;
  }

  /** @param known what is remembered: then only the repository's own object is asked for */
  private lookUp(pvc: PvcRef, client: string, known: CachedBackup | undefined): Promise<Finding> {
    return this.lookups.start(pvc, client, () =>
      this.withDeadline(async (signal) => {
        const sources = this.store.sourcesFor(client, pvc);
        if (known !== undefined && (await isStillThere(pvc, sources, signal))) return { decision: 'restore', ...known } as const;
        const finding = await findEvidence(pvc, sources, signal);
        if (finding.decision === 'fresh') await this.store.previous.haveNone(pvc, signal);
        return finding;
      }).then((finding) => {
        if (known !== undefined && finding.decision === 'restore') this.cache.confirm(pvc);
        else this.cache.learn(pvc, finding, this.config.cacheTtlMs);
        return finding;
      }),
    );
  }

  private async withDeadline<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = Deadline.in(lookupMsOf(this.config), this.config.endpoint);
    try {
      return await work(deadline.signal);
    } catch (error) {
      // Requests that run beside the one that failed end here: nobody reads them any more.
      deadline.abort();
      throw error;
    } finally {
      deadline.clear();
    }
  }

  private explain(error: unknown): string {
    if (!(error instanceof S3Failure)) {
      this.log.error('a mistake in pvc-plumber', { stack: error instanceof Error ? error.stack : String(error) });
      return `an internal error (${error instanceof Error ? error.name : 'unknown'}): see the log of pvc-plumber`;
    }
    // A store that is gone may come back as another one: what was seen there has to be vouched for anew.
    if (error.kind === 'address' || error.kind === 'server') this.store.proof.invalidate();
    return error.message;
  }

  private onNewCredentials(): void {
    this.cache.clear();
    this.warmUp?.reset();
    this.store.reset();
  }
}

function proven({ namespace, name }: PvcRef, { decision, keyCount, reason }: Finding): Answer {
  return { exists: decision === 'restore', keyCount, decision, authoritative: true, namespace, pvc: name, reason };
}

/** The answer to a doubt. */
export function unknown({ namespace, name }: PvcRef, reason: string): Answer {
  return { exists: false, keyCount: 0, decision: 'unknown', authoritative: false, namespace, pvc: name, reason, error: reason };
}
