import type { Answer } from '../lib/model/decision';
import type { Log } from './log';
import type { AnswerSource, Metrics } from './metrics';

interface Entry {
  readonly answer: Answer;
  readonly source: AnswerSource;
  readonly ms: number;
}

/** How long an answer may wait for its entry, in milliseconds. A storm is over by then. */
const delayMs = 250;
/** Most answers of that time that get a line each; the others are only counted. Somebody who asks without end must not fill the disk of the node. */
const mostLines = 1000;

/** Counts and logs answers a moment after they are out, so that in a storm nobody waits for the books of those before him. */
export class MetricsBuffer {
  private entries: Entry[] = [];
  private unlogged = 0;

  constructor(
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** @param ms how long the answer took, in milliseconds */
  note(answer: Answer, source: AnswerSource, ms: number): void {
    if (this.entries.length === 0) setTimeout(() => this.flush(), delayMs).unref();
    if (this.entries.length < mostLines) {
      this.entries.push({ answer, source, ms });
      return;
    }
    this.unlogged += 1;
    this.metrics.answer(answer.decision, source, ms / 1000);
  }

  /** Writes what waits; has to be called before the metrics are read, and before the process ends. */
  flush(): void {
    const { entries, unlogged } = this;
    this.entries = [];
    this.unlogged = 0;
    for (const { answer, source, ms } of entries) {
      this.metrics.answer(answer.decision, source, ms / 1000);
      this.log[answer.decision === 'unknown' ? 'warn' : 'info']('answered', { ...answer, error: undefined, source, ms: Math.round(ms) });
    }
    if (unlogged > 0) this.log.warn('more answers than are logged', { answers: unlogged });
  }
}
