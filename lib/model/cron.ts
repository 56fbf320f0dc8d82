/**
 * Cron as VolSync reads it: robfig/cron v3 with five fields and the words `@hourly` to `@annually` (`getSchedule` in VolSync's state machine). Ours must take
 * what that parser takes and no more, and find the same times. The packages of npm differ in both: weekday 7, a start above the maximum before a `/`, and
 * whether day and weekday must both match. A table that the real parser made is the test.
 */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Day and weekday must both match; otherwise one of the two is enough. */
  readonly bothDays: boolean;
}

const bounds = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  month: [1, 12],
  weekday: [0, 6],
} as const;

type Field = keyof typeof bounds;

const words: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** @throws RangeError that says which field is wrong, and why */
export function parseCron(schedule: string): Cron {
  const fields = (words[schedule] ?? schedule).split(' ').filter((field) => field !== '');
  if (fields.length !== 5) throw new RangeError(`it has ${fields.length} fields`);
  const [minute, hour, day, month, weekday] = (Object.keys(bounds) as Field[]).map((name, index) => parseField(name, fields[index]!));
  return {
    minutes: minute!.values,
    hours: hour!.values,
    days: day!.values,
    months: month!.values,
    weekdays: weekday!.values,
    bothDays: day!.star || weekday!.star,
  };
}

interface Parsed {
  readonly values: ReadonlySet<number>;
  /** It holds a `*` without a step. */
  readonly star: boolean;
}

function parseField(name: Field, field: string): Parsed {
  const parts = field
    .split(',')
    .filter((part) => part !== '')
    .map((part) => parseRange(name, part));
  return { values: new Set(parts.flatMap(({ values }) => [...values])), star: parts.some(({ star }) => star) };
}

function parseRange(name: Field, text: string): Parsed {
  const [least, most] = bounds[name];
  const wrong = (what: string): RangeError => new RangeError(`${name} "${text}" ${what}`);
  const number = (digits: string): number => {
    if (!/^\+?\d+$/.test(digits) || Number(digits) > Number.MAX_SAFE_INTEGER) throw wrong(`is not a number from ${least} to ${most}`);
    return Number(digits);
  };
  const [range, stepText, ...moreSteps] = text.split('/');
  const [low, high, ...moreEnds] = range!.split('-');
  const every = low === '*' || low === '?';
  if (moreSteps.length > 0 || (moreEnds.length > 0 && !every)) throw wrong('has too many parts');
  const step = stepText === undefined ? 1 : number(stepText);
  const start = every ? least : number(low!);
  // `5/10` is from 5 on.
  const end = every || (high === undefined && stepText !== undefined) ? most : number(high ?? low!);
  if (start < least) throw wrong(`begins below ${least}`);
  if (end > most) throw wrong(`ends above ${most}`);
  if (start > end) throw wrong('begins behind its end');
  if (step === 0) throw wrong('has the step 0');
  const values = new Set<number>();
  for (let value = start; value <= end; value += step) values.add(value);
  return { values, star: every && step === 1 };
}

const dayMs = 24 * 3600 * 1000;
/** How far ahead is looked: two leap days, and further than the five years after which robfig/cron gives up. */
const horizonDays = 9 * 366;

/** The runs after an instant, in UTC, until nine years later. */
export function* runs(cron: Cron, after: Date): Generator<Date> {
  const minutes = [...cron.minutes].toSorted((a, b) => a - b);
  const hours = [...cron.hours].toSorted((a, b) => a - b);
  const today = Math.floor(after.getTime() / dayMs) * dayMs;
  for (let day = 0; day < horizonDays; day++) {
    const date = new Date(today + day * dayMs);
    if (!comesOn(cron, date)) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const run = new Date(date.getTime() + (hour * 60 + minute) * 60_000);
        if (run > after) yield run;
      }
    }
  }
}

function comesOn({ days, months, weekdays, bothDays }: Cron, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const day = days.has(date.getUTCDate());
  const weekday = weekdays.has(date.getUTCDay());
  return bothDays ? day && weekday : day || weekday;
}
