import type { Cluster, Volume } from './cluster';
import type { Span } from './components';
import type { Labels } from './series';

const hour = 60;
const day = 24 * hour;
const week = 7 * day;
const weeks = [0, 1, 2, 3, 4];

/** A node that goes down for 8 minutes each week at 02:55, with everything on it, while daily backups run. */
const reboots: readonly Span[] = weeks.map((n) => [n * week + 3 * day + 175, n * week + 3 * day + 183]);

/** A new version each week: the Pod is replaced within 2 minutes. */
function rollouts(atDay: number, atMinute: number): readonly Span[] {
  return weeks.map((n) => [n * week + atDay * day + atMinute, n * week + atDay * day + atMinute + 2]);
}

function both(a: readonly Span[], b: readonly Span[]): readonly Span[] {
  return [...a, ...b].toSorted(([one], [other]) => one - other);
}

const hourly = { every: hour, at: 0, takes: 6 };
const daily = { every: day, at: 2 * hour, takes: 50 };
const fresh: Labels = { annotation_volsync_backup_decision: 'fresh' };
const restored: Labels = { annotation_volsync_backup_decision: 'restore' };

/** Creation of a PVC that is there from the start. */
const old = -40 * day;

const lasting: readonly Volume[] = [
  { name: 'photos', tier: 'hourly', created: old, annotations: fresh, backup: hourly },
  { name: 'mail', tier: 'hourly', created: old, annotations: restored, backup: { ...hourly, takes: 40 } },
  { name: 'archive', tier: 'daily', created: old, annotations: fresh, backup: daily },
  { name: 'scratch', created: old },
];

/** Made in the month: a new one, one that is restored in 25 minutes, one that was not to be restored for 20 hours, one that is deleted. */
const passing: readonly Volume[] = [
  { name: 'new', tier: 'hourly', created: 5 * day + 130, annotations: fresh, backup: hourly },
  { name: 'back', tier: 'daily', created: 9 * day + 200, boundAfter: 25, annotations: restored, backup: { ...daily, takes: 100 } },
  { name: 'empty', tier: 'hourly', created: 18 * day + 10, annotations: fresh, backup: hourly, skipRestoreUntil: 18 * day + 20 * hour },
  { name: 'gone', tier: 'hourly', created: old, annotations: fresh, backup: hourly, deleted: 25 * day + 90 },
];

const month: Cluster = {
  volumes: [...lasting, ...passing],
  gaps: {
    volsync: both(reboots, rollouts(1, 610)),
    kubeState: both(reboots, rollouts(2, 611)),
    externalSecrets: both(reboots, rollouts(4, 612)),
    plumberA: both(reboots, rollouts(5, 613)),
    plumberB: rollouts(5, 616),
    kyvernoA: both(reboots, rollouts(6, 617)),
    kyvernoB: rollouts(6, 620),
    apiServer: reboots.map(([from]) => [from, from + 3]),
  },
  // A commit each day, and each week a chart whose Pods take 20 minutes.
  syncs: both(
    Array.from({ length: 35 }, (_, n): Span => [n * day + 700, n * day + 704]),
    rollouts(6, 605).map(([from]): Span => [from, from + 20]),
  ),
  blips: reboots.flatMap(([from]) => [from + 4, from + 5]),
};

/** A stretch of the month. */
export interface Stretch {
  readonly cluster: Cluster;
  readonly fromDay: number;
  readonly minutes: number;
}

const days = 6;

/**
 * A month in which nothing is wrong, in five stretches of six days, because promtool's time grows with the number of series, and each restart makes
 * new ones. Times are values, and only the alerts about a store that shrinks look further back than two hours; each stretch begins four hours before the last one
 * ends.
 */
export const quietMonth: readonly Stretch[] = weeks.map((n) => ({
  cluster: between(n * days * day, n * days * day + days * day + 4 * hour),
  fromDay: n * days,
  minutes: days * day + 4 * hour,
}));

/** The month from one minute to another, as if it began there. The first is a midnight. */
function between(start: number, end: number): Cluster {
  const minutes = end - start;
  const spans = (all: readonly Span[]): Span[] =>
    all.map(([from, to]): Span => [from - start, to - start]).filter(([from, to]) => to > 0 && from < minutes);
  return {
    volumes: month.volumes
      .map((volume) => ({
        ...volume,
        created: volume.created - start,
        ...(volume.deleted === undefined ? {} : { deleted: volume.deleted - start }),
        ...(volume.skipRestoreUntil === undefined ? {} : { skipRestoreUntil: volume.skipRestoreUntil - start }),
      }))
      .filter(({ created, deleted = Number.POSITIVE_INFINITY }) => created < minutes && deleted > 0),
    gaps: Object.fromEntries(Object.entries(month.gaps).map(([name, all]) => [name, spans(all)])) as unknown as Cluster['gaps'],
    syncs: spans(month.syncs),
    blips: month.blips.map((blip) => blip - start).filter((blip) => blip > 0 && blip < minutes),
  };
}

/** Some hours of the same cluster in which nothing happens, to break things in. */
export const calm: Cluster = {
  volumes: lasting,
  gaps: { volsync: [], kubeState: [], externalSecrets: [], plumberA: [], plumberB: [], kyvernoA: [], kyvernoB: [], apiServer: [] },
  syncs: [],
  blips: [],
};
