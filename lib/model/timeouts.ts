/** Longest webhook timeout that Kubernetes takes, in seconds. */
const longestWebhookSeconds = 30;

/** Least time between one limit and the next, in milliseconds: for the way back of an answer that came at the last moment. */
const leastGapMs = 500;

/** Time limits of one question, from the innermost to the outermost. */
export interface TimeLimits {
  /** The whole answer of pvc-plumber, in milliseconds. */
  readonly plumberBudgetMs: number;
  /** Kyverno's `apiCallTimeout`, in seconds. Its own default (30) is longer than any webhook may take. */
  readonly apiCallSeconds: number;
  /** `webhookConfiguration.timeoutSeconds` of the gate; Kubernetes allows 30. */
  readonly webhookSeconds: number;
}

/**
 * Limits of which each ends well before the next: the service answers before Kyverno gives up, and Kyverno before the API server does. Out of order, the outer
 * one gives up first, and nobody reads why a PVC was refused. There is no other way to make them.
 */
export class TimeoutChain implements TimeLimits {
  /** @throws RangeError where a limit does not end {@link leastGapMs} before the next, or Kyverno and Kubernetes would not take it */
  static of(limits: TimeLimits): TimeoutChain {
    const { plumberBudgetMs, apiCallSeconds, webhookSeconds } = limits;
    const ordered = [
      ['plumberBudgetMs', plumberBudgetMs],
      ['apiCallSeconds', apiCallSeconds * 1000],
      ['webhookSeconds', webhookSeconds * 1000],
    ] as const;
    for (const [index, [name, ms]] of ordered.entries()) {
      const [inner, least] = index === 0 ? ['nothing', 0] : [ordered[index - 1]![0], ordered[index - 1]![1] + leastGapMs];
      if (!(ms > 0 && ms >= least))
        throw new RangeError(`${name} is ${ms} ms: it has to end at least ${leastGapMs} ms after ${inner}, so at ${least} ms or later`);
    }
    for (const [name, seconds] of [
      ['apiCallSeconds', apiCallSeconds],
      ['webhookSeconds', webhookSeconds],
    ] as const) {
      if (!Number.isInteger(seconds) || seconds > longestWebhookSeconds)
        throw new RangeError(`${name} is ${seconds}: it has to be a whole number of seconds, at most ${longestWebhookSeconds}`);
    }
    return new TimeoutChain(plumberBudgetMs, apiCallSeconds, webhookSeconds);
  }

  private constructor(
    readonly plumberBudgetMs: number,
    readonly apiCallSeconds: number,
    readonly webhookSeconds: number,
  ) {}

  /** The longest budget that pvc-plumber may be given, in milliseconds: with a longer one Kyverno would not hear the answer. */
  get longestPlumberBudgetMs(): number {
    return this.apiCallSeconds * 1000 - leastGapMs;
  }
}

export const timeouts = TimeoutChain.of({
  plumberBudgetMs: 2500,
  apiCallSeconds: 4,
  // One question is answered long before, but 200 at the same moment on two cores wait up to 10 s for their turn, and a PVC that waited too long would
  // be refused though nothing is in doubt.
  webhookSeconds: 25,
});
