import type { Answer } from '../lib/model/decision';
import type { PvcRef } from '../lib/model/naming';
import type { Config } from './config';
import { Agreement } from './agreement';
import { CredentialsDirectory } from './credentials';
import { Deadline } from './deadline';
import { MetricsBuffer } from './burst';
import { findEvidence, isStillThere, type EvidenceSources } from './evidence';
import type { Finding } from './judgement';
import { Lookups } from './lookups';
import type { Log } from './log';
import { BackupCache, type CachedBackup } from './answer-cache';
import { type AnswerSource, Metrics } from './metrics';
import { PreviousStores } from './previous-stores';
import { S3Client } from './s3/client';
import { S3Failure } from './s3/failure';
import { RequestLimit } from './s3/request-limit';
import { Transport } from './s3/transport';
import { StoreProof } from './store-proof';
import { StoreWatch } from './store-watch';
import { WarmUp } from './warm-up';

/** Checks of the store don't queue behind look-ups: in a storm of those, every remembered backup waits for them. */
const proofRequests = 8;

/** So do the probes of whether the store is one. */
const probeRequests = 4;

/** Time between two checks of the store for the metric, in milliseconds: that of a scrape. */
const storeWatchMs = 30_000;

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
  private readonly credentials: CredentialsDirectory;
  private readonly transport: Transport;
  private readonly limit: RequestLimit;
  private readonly reader: S3Client;
  private readonly agreement: Agreement;
  private readonly proof: StoreProof;
  private readonly watch: StoreWatch;
  private readonly previous: PreviousStores;
  private readonly warmUp: WarmUp | undefined;
  private readonly buffer: MetricsBuffer;

  constructor(
    private readonly config: Config,
    private readonly log: Log,
  ) {
    const { endpoint, bucket, region, maxS3Requests, storeId } = config;
    const store = { endpoint, bucket };
    const limit = (this.limit = new RequestLimit(maxS3Requests));
    this.metrics = new Metrics({
      s3InFlight: () => limit.inFlight,
      s3Queued: () => limit.queued,
      remembered: () => this.cache.size,
      storeReachable: () => this.watch.reachable,
      storeAgrees: () => this.agreement.agreed,
    });
    this.cache = new BackupCache(config.cacheTtlMs);
    this.buffer = new MetricsBuffer(this.metrics, log);
    this.credentials = new CredentialsDirectory(config.credentialsDir, store, () => this.onNewCredentials());
    this.transport = new Transport(store, maxS3Requests + proofRequests + probeRequests, () => this.proof.invalidate());
    const shared = {
      store,
      region,
      credentials: () => this.credentials.read(),
      transport: this.transport,
      observe: (...seen: Parameters<Metrics['s3']>) => this.metrics.s3(...seen),
    };
    this.reader = new S3Client({ ...shared, limit });
    const proofReader = new S3Client({ ...shared, limit: new RequestLimit(proofRequests) });
    this.proof = new StoreProof({ reader: proofReader, store, storeId, maxAgeMs: config.storeCheckMs, budgetMs: this.lookupMs });
    const anew = new S3Client({ ...shared, limit: new RequestLimit(probeRequests), anew: true });
    this.agreement = new Agreement({ anew, marked: storeId !== undefined, budgetMs: this.lookupMs, endpoint });
    this.previous = new PreviousStores(config, shared, this.lookupMs);
    this.watch = new StoreWatch({ proof: this.proof, intervalMs: storeWatchMs, budgetMs: this.lookupMs, endpoint });
    this.warmUp = config.warmUp ? new WarmUp({ reader: this.reader, cache: this.cache, log, ttlMs: config.warmTtlMs }) : undefined;
  }

  start(): void {
    if (this.config.storeId === undefined)
      this.log.warn('no STORE_ID: a wrong or emptied bucket can not be told from one without backups; see "identify"');
    this.watch.start();
    if (this.config.warmUp) this.agreement.start();
    this.warmUp?.start();
  }

  stop(): void {
    this.watch.stop();
    this.agreement.stop();
    this.warmUp?.stop();
    this.transport.close();
    this.previous.close();
    this.buffer.flush();
  }

  /**
   * Never fails: what went wrong is an `unknown` with its reason. A backup that is remembered is answered in the same turn of the event loop, which
   * is what a storm consists of.
   *
   * @param client who asks; of several, none waits for the questions of another one
   */
  answer(pvc: PvcRef, client: string): Answer | Promise<Answer> {
    const started = performance.now();
    try {
      this.credentials.read();
      this.agreement.nudge();
      this.warmUp?.nudge();
      const known = this.cache.recall(pvc);
      if (known?.isYoung === true && this.proof.isRecent()) return this.finish(proven(pvc, { decision: 'restore', ...known }), 'memory', started);
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

  /** The metrics with every answer that is out, in Prometheus' text format. */
  scrape(): Promise<string> {
    this.buffer.flush();
    return this.metrics.registry.metrics();
  }

  private finish(answer: Answer, source: AnswerSource, started: number): Answer {
    this.buffer.note(answer, source, performance.now() - started);
    return answer;
  }

  /** One renewal for all who wait for it, with one limit: that of the first one. */
  private renewProof(): Promise<void> {
    this.renewal ??= this.withDeadline((signal) => this.proof.recent(signal)).finally(() => (this.renewal = undefined));
    return this.renewal;
  }

  /** @param known what is remembered: then only the repository's own object is asked for */
  private lookUp(pvc: PvcRef, client: string, known: CachedBackup | undefined): Promise<Finding> {
    return this.lookups.start(pvc, client, () =>
      this.withDeadline(async (signal) => {
        const store = this.reader.within(this.limit.lane({ client, namespace: pvc.namespace }));
        const sources: EvidenceSources = { store, anew: store.anew(), proof: this.proof, agreement: this.agreement };
        if (known !== undefined && (await isStillThere(pvc, sources, signal))) return { decision: 'restore', ...known } as const;
        const finding = await findEvidence(pvc, sources, signal);
        if (finding.decision === 'fresh') await this.previous.haveNone(pvc, signal);
        return finding;
      }).then((finding) => {
        if (known !== undefined && finding.decision === 'restore') this.cache.confirm(pvc);
        else this.cache.learn(pvc, finding, this.config.cacheTtlMs);
        return finding;
      }),
    );
  }

  private async withDeadline<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = Deadline.in(this.lookupMs, this.config.endpoint);
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
    if (error.kind === 'address' || error.kind === 'server') this.proof.invalidate();
    return error.message;
  }

  private onNewCredentials(): void {
    this.cache.clear();
    this.proof.invalidate();
    this.agreement.reset();
    this.warmUp?.reset();
  }

  /** A little less than the budget, so that an answer that comes at the last moment is still written inside it. */
  private get lookupMs(): number {
    return this.config.budgetMs - Math.min(100, this.config.budgetMs / 10);
  }
}

function proven({ namespace, name }: PvcRef, { decision, keyCount, reason }: Finding): Answer {
  return { exists: decision === 'restore', keyCount, decision, authoritative: true, namespace, pvc: name, reason };
}

/** The answer to a doubt. */
export function unknown({ namespace, name }: PvcRef, reason: string): Answer {
  return { exists: false, keyCount: 0, decision: 'unknown', authoritative: false, namespace, pvc: name, reason, error: reason };
}
