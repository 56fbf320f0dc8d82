import type { Log } from '../log';
import type { Foreign } from './incomplete';

/** Something foreign in the place of a resource of a PVC. */
export interface Obstacle extends Foreign {
  readonly namespace: string;
  readonly pvc: string;
}

/** Time after which what still stands in the way is said once more, in milliseconds. */
const againMs = 3_600_000;

/** Says what stands in the way of a repair: when it is first seen, and once an hour as long as it stays. A look every half minute would fill the log with it. */
export class Obstacles {
  private said = new Map<string, number>();

  constructor(private readonly log: Log) {}

  /** @param all that one look found; what is no longer among them is forgotten */
  say(all: readonly Obstacle[], now: number): void {
    const { said } = this;
    this.said = new Map();
    for (const { namespace, pvc, resource, owner } of all) {
      const key = [namespace, resource, owner].join(' ');
      const last = said.get(key);
      const due = last === undefined || now - last >= againMs;
      this.said.set(key, due ? now : last);
      if (due) this.log.warn('the resource of a PVC can not be made: one of its name is not its own', { namespace, pvc, resource, owner });
    }
  }
}
