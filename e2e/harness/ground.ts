import type { Contents } from './data';
import { Store } from './store';
import { discardAll } from './volumes';
import { World } from './world';

/** The newest complete backup of a PVC. */
export interface Backup {
  readonly namespace: string;
  readonly name: string;
  /** Label of the PVC. */
  readonly tier: string;
  readonly contents: Contents;
}

/** A store that outlives clusters with the backups in it, and the cluster of the moment before it. */
export class Ground {
  static async start(): Promise<Ground> {
    const store = await Store.start();
    return new Ground(store, await World.start(store));
  }

  /** By `namespace/pvc`. */
  readonly backups = new Map<string, Backup>();

  private constructor(
    readonly store: Store,
    public world: World,
  ) {}

  /** Another cluster before the same store. The old one is gone, with everything in it but the backups. */
  async replaceCluster(): Promise<void> {
    await this.world.stop();
    await discardAll();
    this.world = await World.start(this.store);
  }

  async stop(): Promise<void> {
    await this.world.stop();
    await this.store.stop();
  }
}
