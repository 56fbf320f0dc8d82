import { sleep } from '../harness/waiting';
import type { Cluster } from '../harness/cluster';
import { create, type Creation } from './load';
import { labelled, type Planned, unlabelled } from './plan';
import { type Times, timesOf } from './times';

/** Who else creates PVCs during a storm, how often, and how many at most. */
const others = { unlabelled: { everyMs: 250, most: 400 }, labelled: { everyMs: 2000, most: 20 } } as const;

export interface BesideTimes {
  /** PVCs that no tier protects. */
  readonly unlabelled: Times;
  /** Labelled PVCs of a namespace that the storm does not touch. */
  readonly elsewhere: Times;
  readonly creations: readonly Creation[];
}

/** People who have nothing to do with a storm create PVCs beside it, one after another, until it is over. */
export class Beside {
  private running = true;
  private readonly work: Promise<readonly (readonly Creation[])[]>;

  static async start(cluster: Cluster, prefix: string): Promise<Beside> {
    const names = [`${prefix}-parallel`, `${prefix}-elsewhere`] as const;
    for (const name of names) await cluster.namespace(`${name}-0`);
    return new Beside(cluster, names);
  }

  private constructor(
    private readonly cluster: Cluster,
    [parallel, elsewhere]: readonly [string, string],
  ) {
    this.work = Promise.all([
      this.each(unlabelled(parallel, others.unlabelled.most, [Infinity]), others.unlabelled.everyMs),
      this.each(labelled(elsewhere, others.labelled.most, [Infinity]), others.labelled.everyMs),
    ]);
  }

  /** @returns what they waited for */
  async stop(): Promise<BesideTimes> {
    this.running = false;
    const [parallel = [], elsewhere = []] = await this.work;
    const times = (all: readonly Creation[]): Times => timesOf(all.map(({ ms }) => ms));
    return { unlabelled: times(parallel), elsewhere: times(elsewhere), creations: [...parallel, ...elsewhere] };
  }

  private async each(plan: readonly Planned[], everyMs: number): Promise<Creation[]> {
    const done: Creation[] = [];
    for (const planned of plan) {
      if (!this.running) break;
      done.push(await create(this.cluster, planned));
      await sleep(everyMs);
    }
    return done;
  }
}
