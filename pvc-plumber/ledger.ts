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

/** Counts and logs answers a moment after they are out, so that in a storm nobody waits for the books of those before him. */
export class Ledger {
  private entries: Entry[] = [];

  constructor(
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** @param ms how long the answer took, in milliseconds */
  note(answer: Answer, source: AnswerSource, ms: number): void {
    if (this.entries.length === 0) setTimeout(() => this.flush(), delayMs).unref();
    this.entries.push({ answer, source, ms });
  }

  /** Writes what waits; has to be called before the metrics are read, and before the process ends. */
  flush(): void {
    const { entries } = this;
    this.entries = [];
    for (const { answer, source, ms } of entries) {
      this.metrics.answer(answer.decision, source, ms / 1000);
      this.log[answer.decision === 'unknown' ? 'warn' : 'info']('answered', { ...answer, error: undefined, source, ms: Math.round(ms) });
    }
  }
}
