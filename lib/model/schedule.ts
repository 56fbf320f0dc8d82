import { createHash } from 'node:crypto';
import { Cron } from 'croner';

/** Five fields as VolSync's CRD admits them: numbers, lists, ranges and steps, no names. */
const field = String.raw`(\d+(,\d+)*|\d+[-/]\d+|\*(/\d+)?)`;
const fiveFields = new RegExp(String.raw`^${field}( ${field}){4}$`);

/** Any instant will do; a fixed one keeps synth deterministic. */
const reference = new Date('2026-01-01T00:00:00Z');

/** Says what is wrong with a cron schedule, or undefined. Times are those of the VolSync controller's clock, UTC in its image. */
export function scheduleProblem(schedule: string): string | undefined {
  if (!fiveFields.test(schedule)) {
    return `"${schedule}" is no schedule for VolSync: write five fields (minute hour day month weekday) of *, */n, n, n,n or n-n, for example "0 2 * * *"`;
  }
  try {
    if (parse(schedule).nextRun(reference) === null) return `"${schedule}" never comes: check day and month`;
  } catch (error) {
    const why = (error as Error).message.replace(/^\w*: ?/, '');
    return `"${schedule}" is out of range (${why}): minute 0 to 59, hour 0 to 23, day 1 to 31, month 1 to 12, weekday 0 (Sunday) to 6`;
  }
  return undefined;
}

/** Reads `5/10` as VolSync does: from 5 on, every 10. */
function parse(schedule: string): Cron {
  return new Cron(schedule, { utcOffset: 0, sloppyRanges: true });
}

/** Gaps that were computed; alerts and panels ask for the same few schedules many times. */
const gaps = new Map<string, number>();

/** Longest time between two runs, in seconds, over the next hundred: what "stale" means for a tier. */
export function longestGapSeconds(schedule: string): number {
  const known = gaps.get(schedule);
  if (known !== undefined) return known;
  const runs = parse(schedule).nextRuns(100, reference);
  const gap = Math.max(...runs.slice(1).map((run, index) => (run.getTime() - runs[index]!.getTime()) / 1000));
  gaps.set(schedule, gap);
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

/** A schedule with another minute, which may be a template expression. */
export function withMinute(schedule: string, minute: string): string {
  return [minute, ...schedule.split(' ').slice(1)].join(' ');
}
