import { namespace } from './cluster';
import type { Labels, Series } from './series';

/** A fault in the calm cluster, and the alert that it raises. */
export interface Fault {
  readonly alert: string;
  /** What is broken, in words. */
  readonly when: string;
  /** Labels of the alert, without name, state and severity. */
  readonly labels: Labels;
  /** The alert fires that many minutes after the fault. */
  readonly after: number;
  /** Why that is more than ten minutes. */
  readonly later?: string;
  readonly change: (healthy: readonly Series[]) => Series[];
}

/** Minute in which things break: some minutes after a round hour, when no backup runs. */
export const faultAt = 50;

export type Select = (labels: Labels) => boolean;

export function is(name: string | RegExp, wanted: Labels = {}): Select {
  return (labels) =>
    (typeof name === 'string' ? labels['__name__'] === name : name.test(labels['__name__']!)) &&
    Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** From the fault on these series say something else: nothing, a value, or what a function of the minutes since the fault says. */
export function become(
  select: Select,
  value: number | undefined | ((since: number, before: number | undefined) => number | undefined),
): Fault['change'] {
  return (healthy) =>
    healthy.map((each) =>
      select(each.labels)
        ? {
            ...each,
            at: (minute) => {
              if (minute < faultAt) return each.at(minute);
              return typeof value === 'function' ? value(minute - faultAt, each.at(faultAt)) : value;
            },
          }
        : each,
    );
}

export const gone = (name: string | RegExp, wanted: Labels = {}): Fault['change'] => become(is(name, wanted), undefined);

/** Series that are there from the fault on. */
export function appear(...added: readonly Series[]): Fault['change'] {
  return (healthy) => [...healthy, ...added.map((each) => ({ ...each, at: (minute: number) => (minute < faultAt ? undefined : each.at(minute)) }))];
}

/** From the fault on these objects have other labels, which begins new series. A label of undefined goes. */
export function relabelled(select: Select, change: Readonly<Record<string, string | undefined>>): Fault['change'] {
  return (healthy) =>
    all(
      become(select, undefined),
      appear(
        ...healthy
          .filter(({ labels }) => select(labels))
          .map((each) => ({
            labels: Object.fromEntries(Object.entries({ ...each.labels, ...change }).filter(([, value]) => value !== undefined)) as Labels,
            at: each.at,
          })),
      ),
    )(healthy);
}

export const all =
  (...changes: readonly Fault['change'][]): Fault['change'] =>
  (healthy) =>
    changes.reduce((each, change) => change([...each]), [...healthy]);

/** Labels of a PVC's series. */
export const pvc = (persistentvolumeclaim: string, more: Labels = {}): Labels => ({ namespace, persistentvolumeclaim, ...more });
