import * as http from 'node:http';
import type { Answer } from '../lib/model/decision';
import type { Log } from './log';
import type { AnswerSource, Metrics } from './metrics';

/*
 * What lets one small Pod answer a whole cluster that comes back: a thousand questions within a second, to a process that has just started. Four devices,
 * each measured with `npm run bench -- plumber`:
 *
 * 1. A remembered backup is answered in the turn of the event loop in which the question came (`Plumber.answer`).
 * 2. Metrics and log lines of answers are written up to 250 ms later, off the request path ({@link MetricsBuffer}).
 * 3. Log lines of one turn are written together (`Log`), and one text of the metrics serves all scrapes of a moment (`Server.metrics`).
 * 4. The code of an answer is compiled before the first question comes ({@link warmJit}).
 */

interface Entry {
  readonly answer: Answer;
  readonly source: AnswerSource;
  readonly ms: number;
}

/** How long an answer may wait for its entry, in milliseconds. A burst is over by then. */
const delayMs = 250;
/** Most answers of that time that get a line each; the others are only counted. Somebody who asks without end must not fill the disk of the node. */
const mostLines = 1000;

/** Counts and logs answers a moment after they are out, so that in a burst no answer waits for the metrics and log lines of those before it. */
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

/** V8 has compiled the way of an answer after some thousand of them; measured with `npm run bench -- plumber`. */
const answers = 8000;
const connections = 64;

/**
 * Asks the service for its own health again and again, so that the burst of a new cluster, which meets a process that has just started, does not also
 * meet code that was never run. Takes about two seconds of CPU, and gives up at the first failure: nothing depends on it.
 */
export async function warmJit(port: number, log: Log): Promise<void> {
  const started = performance.now();
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  try {
    await Promise.all(
      Array.from({ length: connections }, async () => {
        for (let i = 0; i < answers / connections; i += 1) await health(port, agent);
      }),
    );
    log.info('the code of an answer is compiled', { answers, seconds: Math.round(performance.now() - started) / 1000 });
  } catch (error) {
    log.debug('warming the JIT compiler failed', { reason: (error as Error).message });
  } finally {
    agent.destroy();
  }
}

function health(port: number, agent: http.Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/healthz', agent }, (response) => void response.resume().on('end', resolve));
    request.on('error', reject);
  });
}
