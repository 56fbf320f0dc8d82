/** Latencies of some requests, in milliseconds. */
export interface Times {
  readonly number: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The value that a part of all do not exceed. @param part between 0 and 1 */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}

export function timesOf(ms: readonly number[]): Times {
  return { number: ms.length, p50: percentile(ms, 0.5), p99: percentile(ms, 0.99), max: percentile(ms, 1) };
}
