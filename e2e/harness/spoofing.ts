import { annotation } from '../../lib/model/naming';

/** The gate's annotations, written by hand. */
export function spoofed(decision: string, at?: string): Record<string, string> {
  return { [annotation.decision]: decision, [annotation.reason]: 'spoofed', ...(at === undefined ? {} : { [annotation.decidedAt]: at }) };
}

/** A time as the gate writes it. */
export function now(offsetMinutes = 0): string {
  return new Date(Date.now() + offsetMinutes * 60_000).toISOString().replace(/\.\d+/, '');
}
