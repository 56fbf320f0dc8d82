import { createHash } from 'node:crypto';
import { type Cron, parseCron, runs } from './cron';
import { InputError } from './problems';

/** Pattern of VolSync's CRD for `spec.trigger.schedule`, as it stands there: its first half is open at the end, its second at the start. */
const crdPattern = /^(@(annually|yearly|monthly|weekly|daily|hourly))|((((\d+,)*\d+|(\d+(\/|-)\d+)|\*(\/\d+)?)\s?){5})$/;

/** Any instant will do; a fixed one keeps synth deterministic. */
const reference = new Date('2026-01-01T00:00:00Z');

/** Says what is wrong with a cron schedule, or undefined. Times are those of the VolSync controller's clock, UTC in its image. */
export function scheduleProblem(schedule: string): string | undefined {
  if (/^(CRON_)?TZ=/.test(schedule))
    return `"${schedule}" names a time zone, which VolSync's image may not know: leave it out and write the time in UTC`;
  if (!crdPattern.test(schedule) || !/^\S+( \S+)*$/.test(schedule)) {
    return `"${schedule}" is not a schedule for VolSync: write five fields (minute hour day month weekday) of *, */n, n, n,n or n-n with one space between them, for example "0 2 * * *", or @hourly, @daily, @weekly, @monthly or @yearly`;
  }
  let cron: Cron;
  try {
    cron = parseCron(schedule);
  } catch (error) {
    return `"${schedule}" is out of range (${(error as Error).message}): minute 0 to 59, hour 0 to 23, day 1 to 31, month 1 to 12, weekday 0 (Sunday) to 6; correct the field`;
  }
  if (runs(cron, reference).next().done === true) return `"${schedule}" never comes: check day and month`;
  return undefined;
}

/** A cron schedule that VolSync takes. Times are those of the VolSync controller's clock, UTC in its image. */
export class CronSchedule {
  /** @throws InputError that names the value and the fix */
  static of(schedule: string): CronSchedule {
    const problem = scheduleProblem(schedule);
    if (problem !== undefined) throw new InputError(problem);
    return new CronSchedule(schedule);
  }

  /** Longest time between two runs, in seconds, over the next hundred: what "stale" means for a tier. */
  readonly longestGapSeconds: number;

  private constructor(private readonly text: string) {
    this.longestGapSeconds = longestGapSeconds(parseCron(text));
  }

  /** The schedule with another minute, which may be a template expression. */
  withMinute(minute: string): string {
    return [minute, ...this.text.split(' ').slice(1)].join(' ');
  }

  toString(): string {
    return this.text;
  }
}

function longestGapSeconds(cron: Cron): number {
  let gap = 0;
  let count = 0;
  let earlier: Date | undefined;
  for (const run of runs(cron, reference)) {
    if (earlier !== undefined) gap = Math.max(gap, (run.getTime() - earlier.getTime()) / 1000);
    earlier = run;
    if (++count === 100) break;
  }
  return gap;
}

/** Whether the minute can be spread: only a fixed one leaves the rest of the schedule what it says. */
export function hasFixedMinute(schedule: string): boolean {
  return /^\d+ /.test(schedule);
}

const spreadDigits = 9;

/** Minute of an hour for a PVC, from a hash of `namespace/name`: the same on every cluster, even over many PVCs. */
export function spreadMinute(namespace: string, name: string): number {
  const digits = createHash('sha256')
    .update(`${namespace}/${name}`)
    .digest('hex')
    .replaceAll(/[^0-9]/g, '');
  return Number(digits.slice(0, spreadDigits)) % 60;
}

/** {@link spreadMinute} for Kyverno, from the JMESPaths of namespace and name. JMESPath turns no hex into numbers, so only its digits count. */
export function spreadMinuteExpression(namespaceQuery: string, nameQuery: string): string {
  const digits = `regex_replace_all('[^0-9]', sha256(join('/', [${namespaceQuery}, ${nameQuery}])), '')`;
  return `{{ to_string(modulo(to_number(truncate(${digits}, \`${spreadDigits}\`)), \`60\`)) }}`;
}
