import { rmSync } from 'node:fs';
import type { KubeObject } from './api';
import { check } from './check';
import { type Contents, difference, read, write, type WriteOptions } from './data';
import { giveToGroup } from './kubelet';
import { runMaintenance } from './maintenance';
import { deletePvc, kinds, pvc, type PvcOptions, pvcRef } from './pvc';
import { sandboxFile } from './sandbox';
import { Store } from './store';
import { eventually } from './waiting';
import { World } from './world';

/** A store that outlives clusters, the cluster of the moment, and what was last backed up of each PVC. */
export class Stage {
  static async start(): Promise<Stage> {
    const store = await Store.start();
    return new Stage(store, await World.start(store));
  }

  /** The newest complete backup of `namespace/pvc`. */
  readonly backups = new Map<string, Contents>();
  /** Bytes that were compared and found equal. */
  compared = 0;

  private constructor(
    readonly store: Store,
    public world: World,
  ) {}

  /** Another cluster before the same store. The old one is gone, with everything in it but the backups. */
  async replaceCluster(): Promise<void> {
    await this.world.stop();
    rmSync(sandboxFile('volumes'), { recursive: true });
    this.world = await World.start(this.store);
  }

  async stop(): Promise<void> {
    await this.world.stop();
    await this.store.stop();
  }

  /** Creates a PVC again and again until it is admitted, as Argo CD does. */
  async admitted(namespace: string, name: string, options: PvcOptions = {}, seconds = 120): Promise<KubeObject> {
    return eventually(`${namespace}/${name} is admitted`, seconds, async () => {
      const reply = await this.world.api.create(pvc(namespace, name, options));
      if (reply.status !== 201) throw new Error(reply.message);
      return reply.body;
    });
  }

  async bound(namespace: string, name: string, seconds = 180): Promise<KubeObject> {
    return eventually(
      `${namespace}/${name} is bound`,
      seconds,
      async () => {
        const live = await this.world.api.find(pvcRef(namespace, name));
        return live?.['status']?.phase === 'Bound' && live;
      },
      250,
    );
  }

  /** An application writes into a bound PVC. */
  async write(namespace: string, name: string, options: WriteOptions = {}): Promise<Contents> {
    const folder = await this.world.node.volumes.folderOf(namespace, name);
    await giveToGroup(folder, 568);
    await this.world.node.volumes.atRest(folder);
    write(folder, options);
    return read(folder);
  }

  /** Creates a PVC, writes into it and waits for its backup. */
  async protect(namespace: string, name: string, options: PvcOptions & WriteOptions = {}): Promise<void> {
    await this.admitted(namespace, name, options);
    await this.bound(namespace, name);
    const contents = await this.write(namespace, name, options);
    await this.backUp(namespace, name, contents);
  }

  /** Deletes a PVC and waits for its last mover, which could still write into a store that a life is about to change. */
  async lose(namespace: string, name: string): Promise<void> {
    await deletePvc(this.world, namespace, name, 60);
    await eventually(
      `no mover works in ${namespace}`,
      60,
      async () => !(await this.world.api.list('v1', 'Pod', namespace)).some(({ status }) => status?.phase === 'Running'),
      250,
    );
  }

  /** A PVC `data` in a new namespace that was backed up and is gone: its creation or its restore is what a fault meets. */
  async lost(namespace: string): Promise<void> {
    await this.world.namespace(namespace);
    await this.protect(namespace, 'data');
    await this.lose(namespace, 'data');
  }

  /** Lets VolSync back a PVC up now, as a person would: with a manual trigger that is taken away afterwards. */
  async backUp(namespace: string, name: string, contents: Contents): Promise<void> {
    const source = { ...kinds.source, namespace, name: `${name}-backup` };
    await eventually(`the first round of ${namespace}/${name}`, 120, async () => (await this.world.api.find(source))?.['status']?.lastSyncTime, 250);
    const tag = `now-${Date.now()}`;
    await this.world.api.patch(source, { spec: { trigger: { manual: tag } } });
    await eventually(
      `a backup of ${namespace}/${name}`,
      300,
      async () => (await this.world.api.find(source))?.['status']?.lastManualSync === tag,
      250,
    );
    await this.world.api.patch(source, { spec: { trigger: { manual: null } } });
    this.backups.set(`${namespace}/${name}`, contents);
  }

  /** Runs the maintenance that the tree schedules for a PVC, now. @returns the exit code of its mover */
  maintain(namespace: string, name: string): Promise<number> {
    return runMaintenance(this.world, { namespace, name });
  }

  /** The PVC is bound and holds exactly its newest complete backup. */
  async restored(namespace: string, name: string, seconds = 300): Promise<void> {
    await this.bound(namespace, name, seconds);
    await this.holdsBackup(namespace, name);
  }

  async holdsBackup(namespace: string, name: string): Promise<void> {
    const wanted = this.backups.get(`${namespace}/${name}`);
    if (wanted === undefined) throw new Error(`${namespace}/${name} has no backup`);
    const is = read(await this.world.node.volumes.folderOf(namespace, name));
    const problem = difference(is, wanted);
    check(problem === undefined, `${namespace}/${name} is not what was backed up: ${problem}`);
    this.compared += is.bytes;
  }
}
