import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Decision } from '../lib/model/decision';
import type { Operation } from './s3/reader';
import type { CompleteScan } from './usage-scan';

/** Where an answer came from. */
export type AnswerSource = 'lookup' | 'memory' | 'shared' | 'none';

/** What is read at the moment of a scrape. */
export interface MetricsSources {
  readonly s3InFlight: () => number;
  readonly s3Queued: () => number;
  readonly remembered: () => number;
  /** Undefined as long as it was not checked. */
  readonly storeReachable: () => boolean | undefined;
  /** Likewise. */
  readonly storeAgrees: () => boolean | undefined;
  /** Likewise. */
  readonly storeIsOurs: () => boolean | undefined;
  /** Undefined before the first one has ended. */
  readonly lastScan: () => CompleteScan | undefined;
}

/** The original pvc-plumber knew two kinds of repositories, and alerts in the wild name this label. */
const backend = 'kopia';

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3];

/**
 * The service's metrics. `pvc_plumber_requests_total`, `pvc_plumber_requests_errors_total` and `pvc_plumber_backup_check_total` keep the names
 * of the original pvc-plumber, because alerts in the wild use them. No label takes a value from a question: only what the store holds adds series.
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];

  /** Requests since the last scrape, by route and status: labels are looked up once a scrape, not once an answer. */
  private readonly answered = new Map<string, { readonly route: string; readonly code: number; count: number }>();

  private readonly errors = new Counter({
    name: 'pvc_plumber_requests_errors_total',
    help: 'Questions answered with 5xx.',
    registers: this.registers,
  });
  private readonly checks = new Counter({
    name: 'pvc_plumber_backup_check_total',
    help: 'Answers by decision and by where they came from.',
    labelNames: ['backend', 'decision', 'source'],
    registers: this.registers,
  });
  private readonly answerSeconds = new Histogram({
    name: 'pvc_plumber_answer_seconds',
    help: 'Time to the whole answer.',
    labelNames: ['decision'],
    buckets: seconds,
    registers: this.registers,
  });
  private readonly s3Requests = new Counter({
    name: 'pvc_plumber_s3_requests_total',
    help: 'Requests to S3 by operation and outcome: the status, or the kind of failure.',
    labelNames: ['operation', 'outcome'],
    registers: this.registers,
  });
  private readonly s3Seconds = new Histogram({
    name: 'pvc_plumber_s3_request_seconds',
    help: 'Time of one request to S3, without the wait in the queue.',
    labelNames: ['operation'],
    buckets: seconds,
    registers: this.registers,
  });

  constructor(sources: MetricsSources) {
    collectDefaultMetrics({ register: this.registry });
    const { answered } = this;
    new Counter({
      name: 'pvc_plumber_requests_total',
      help: 'HTTP requests.',
      labelNames: ['route', 'code'],
      registers: this.registers,
      collect() {
        for (const { route, code, count } of answered.values()) this.inc({ route, code }, count);
        answered.clear();
      },
    });
    this.gauge('pvc_plumber_s3_requests_in_flight', 'Requests to S3 that run now.', sources.s3InFlight);
    this.gauge('pvc_plumber_s3_requests_queued', 'Requests to S3 that wait for room.', sources.s3Queued);
    this.gauge('pvc_plumber_store_reachable', 'Whether the S3 store answers and is the right one: 1, 0, or NaN before the first check.', () =>
      Number(sources.storeReachable() ?? Number.NaN),
    );
    this.gauge('pvc_plumber_store_agrees', 'Whether all connections lead to the same store: 1, 0, or NaN before the first look.', () =>
      Number(sources.storeAgrees() ?? Number.NaN),
    );
    this.gauge('pvc_plumber_store_lease', 'Whether this cluster holds the lease of the store: 1, 0, or NaN while nobody knows.', () =>
      Number(sources.storeIsOurs() ?? Number.NaN),
    );
    this.gauge('pvc_plumber_scan_timestamp_seconds', 'When the last complete scan of the store began; 0 before the first one.', () =>
      Math.floor((sources.lastScan()?.startedAt ?? 0) / 1000),
    );
    this.gauge(
      'pvc_plumber_scan_duration_seconds',
      'How long the last complete scan of the store took; NaN before the first one.',
      () => sources.lastScan()?.seconds ?? Number.NaN,
    );
    this.gauge('pvc_plumber_backups_remembered', 'PVCs whose backup was seen a short while ago.', sources.remembered);
    // A series that exists from the start lets `increase()` see the first event.
    this.errors.inc(0);
    for (const decision of ['restore', 'fresh', 'unknown']) this.checks.inc({ backend, decision, source: 'lookup' }, 0);
    this.checks.inc({ backend, decision: 'unknown', source: 'none' }, 0);
  }

  request(route: string, code: number): void {
    const key = `${route} ${code}`;
    const known = this.answered.get(key);
    if (known === undefined) this.answered.set(key, { route, code, count: 1 });
    else known.count += 1;
  }

  answer(decision: Decision, source: AnswerSource, duration: number): void {
    this.checks.inc({ backend, decision, source });
    this.answerSeconds.observe({ decision }, duration);
    if (decision === 'unknown') this.errors.inc();
  }

  s3(operation: Operation, outcome: string, duration: number): void {
    this.s3Requests.inc({ operation, outcome });
    this.s3Seconds.observe({ operation }, duration);
  }

  private gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: this.registers,
      collect() {
        this.set(read());
      },
    });
  }
}
