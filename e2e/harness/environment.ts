import type { Contents } from './data';
import { Store } from './store';
import { discardAll } from './volumes';
import { Cluster } from './cluster';

/** The newest complete backup of a PVC. */
export interface Backup {
  readonly namespace: string;
  readonly name: string;
  /** Label of the PVC. */
  readonly tier: string;
  readonly contents: Contents;
}

/** A store that outlives clusters with the backups in it, and the cluster of the moment before it. */
export class Environment {
  static async start(): Promise<Environment> {
    const store = await Store.start();
    return new Environment(store, await Cluster.start(store));
  }

  /** By `namespace/pvc`. */
  readonly backups = new Map<string, Backup>();

  private constructor(
    readonly store: Store,
    public cluster: Cluster,
  ) {}

  /**
   * Another cluster before the same store. The old one is gone, with everything in it but the backups. The new one does not wait until the lease of the old one is
   * over: that would take five minutes.
   */
  async replaceCluster(): Promise<void> {
    await this.cluster.stop();
    await discardAll();
    this.cluster = await Cluster.start(this.store);
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
    await this.store.stop();
  }
}
