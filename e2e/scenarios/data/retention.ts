import type { DataScenario } from '../../harness/data-scenario';
import { check, same } from '../../harness/check';
import { kinds } from '../../harness/pvc';
import { Shell } from '../../harness/shell';

/** The description's table: which snapshots stay. */
const table = { hourly: 24, daily: 7, weekly: 4, monthly: 2 };
const hour = 3600_000;
const day = 24 * hour;

interface Snapshot {
  readonly startTime: string;
  readonly retentionReason?: readonly string[];
}

/** Hourly for three days, daily and weekly before, 75 days in all; oldest first. */
function history(now: number): number[] {
  const hourly = Array.from({ length: 72 }, (_, i) => now - i * hour);
  const daily = Array.from({ length: 27 }, (_, i) => now - (i + 3) * day);
  const weekly = Array.from({ length: 7 }, (_, i) => now - 30 * day - i * 7 * day);
  return [...hourly, ...daily, ...weekly, now - 75 * day].toSorted((a, b) => a - b);
}

/** What the table leaves of a history: the newest of each of the last hours, days, weeks and months that have one. */
function left(times: readonly number[]): string[] {
  const keep = new Set<number>();
  const newest = (count: number, periodOf: (time: Date) => string): void => {
    const seen = new Set<string>();
    for (const time of times.toSorted((a, b) => b - a)) {
      const period = periodOf(new Date(time));
      if (seen.has(period)) continue;
      if (seen.size === count) return;
      seen.add(period);
      keep.add(time);
    }
  };
  newest(table.hourly, (time) => time.toISOString().slice(0, 13));
  newest(table.daily, (time) => time.toISOString().slice(0, 10));
  newest(table.weekly, isoWeek);
  newest(table.monthly, (time) => time.toISOString().slice(0, 7));
  return [...keep].toSorted((a, b) => a - b).map((time) => new Date(time).toISOString().slice(0, 19));
}

function isoWeek(time: Date): string {
  const thursday = new Date(time.getTime() + (4 - (time.getUTCDay() || 7)) * day);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return `${thursday.getUTCFullYear()}-${Math.ceil(((thursday.getTime() - first) / day + 1) / 7)}`;
}

export const retentionScenarios: readonly DataScenario[] = [
  {
    name: 'retention: of 75 days of snapshots exactly the table is left, and maintenance gives their space back',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      await context.cluster.namespace('kept');
      await context.protect('kept', 'data', { files: 5 });
      // A backup at the full hour would thin the history out before it is written.
      const source = { ...kinds.source, namespace: 'kept', name: 'data-backup' };
      await context.cluster.api.patch(source, { spec: { trigger: { schedule: '0 0 1 1 *' } } });
      const shell = await Shell.at(context, 'kept', 'data');
      // The history of a previous PVC, by the same identity, with contents of their own.
      const before = Math.floor(Date.now() / hour) * hour - hour;
      const times = history(before);
      await shell.run(
        'kopia',
        'policy',
        'set',
        shell.source,
        ...Object.keys(table).map((kind) => `--keep-${kind}=100`),
        '--keep-latest=1000',
        '--keep-annual=0',
      );
      for (const time of times) {
        shell.fill(500_000);
        const at = new Date(time).toISOString().slice(0, 19).replace('T', ' ');
        await shell.run('kopia', 'snapshot', 'create', `--override-source=${shell.source}`, `--start-time=${at} UTC`, `--end-time=${at} UTC`, 'data');
      }
      const all = JSON.parse(await shell.run('kopia', 'snapshot', 'list', shell.source, '--json')) as Snapshot[];
      check(all.length >= times.length, `only ${all.length} of ${times.length} snapshots are there`);
      const full = context.store.bytes('kept/data');
      // The mover sets the tier's numbers after each backup, and Kopia applies them with the next.
      for (let i = 0; i < 2; i += 1) await context.backUp('kept', 'data', await context.write('kept', 'data', { files: 5 }));
      const kept = JSON.parse(await shell.run('kopia', 'snapshot', 'list', shell.source, '--json')) as Snapshot[];
      const starts = kept.map(({ startTime }) => startTime.slice(0, 19));
      const recent = starts.filter((start) => Date.parse(`${start}Z`) > before);
      same(starts, left([...times, ...recent.map((start) => Date.parse(`${start}Z`))]), 'what is left');
      same(await context.maintain('kept', 'data'), 0, 'the exit code of maintenance');
      const young = context.store.bytes('kept/data');
      check(young > full * 0.9, `maintenance took what is younger than a day: ${full} bytes became ${young}`);
      // Nothing here is a day old, as Kopia's safety wants; without it the same maintenance shows what the next days will.
      await shell.run('kopia', 'repository', 'set-client', '--username=maintenance', '--hostname=volsync');
      for (let i = 0; i < 2; i += 1) await shell.run('kopia', 'maintenance', 'run', '--full', '--safety=none');
      const small = context.store.bytes('kept/data');
      check(small < full * ((kept.length + 4) / all.length), `${full} bytes became only ${small}`);
      return `${all.length} snapshots became ${kept.length}, ${(full / 1e6).toFixed(1)} MB became ${(small / 1e6).toFixed(1)} MB`;
    },
  },
];
