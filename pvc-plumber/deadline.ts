import { S3Failure } from './s3/failure';

/**
 * The moment by which an answer has to be out. One timer and one signal for everything that is done for the answer: waiting in the queue,
 * connecting, sending, reading and the pauses before retries all end with it.
 */
export class Deadline {
  /**
   * @param ms time from now, in milliseconds
   * @param whom who gave no answer then, for the message
   */
  static in(ms: number, whom: string): Deadline {
    return new Deadline(ms, `no answer from ${whom} in ${ms / 1000} s`);
  }

  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  private constructor(ms: number, message: string) {
    this.timer = setTimeout(() => this.controller.abort(new S3Failure('timeout', message)), ms);
  }

  /** Aborted when the time is up, with an {@link S3Failure} as its reason. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends it now: whatever waits for it fails. */
  abort(): void {
    clearTimeout(this.timer);
    this.controller.abort(new S3Failure('timeout', 'given up: the service stops'));
  }

  /** Stops the timer. Has to be called when the work is done; what still runs goes on without a limit, so nothing may. */
  clear(): void {
    clearTimeout(this.timer);
  }
}

/** Settles as the promise does, or fails with the signal's reason, whichever comes first. The promise itself goes on: it may have other readers. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/**
 * Waits.
 *
 * @param ms how long, in milliseconds
 * @throws the signal's reason, as soon as it is aborted
 */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
