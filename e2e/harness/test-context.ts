import type { KubeObject, Ref } from './api';
import { check } from './check';
import { type Contents, difference, read, write, type WriteOptions } from './data';
import type { Environment } from './environment';
import { giveToGroup } from './fs-group';
import { runMaintenance } from './maintenance';
import { kinds, pvc, type PvcOptions, pvcRef } from './pvc';
import type { Store } from './store';
import { eventually } from './waiting';
import { backupLabel } from '../../lib/model/naming';
import type { Cluster } from './cluster';

/** What a scenario of data does and sees. */
export class TestContext {
  /** Bytes that were compared and found equal. */
  compared = 0;

  constructor(readonly environment: Environment) {}

  get store(): Store {
    return this.environment.store;
  }

  /** The cluster of the moment. */
  get cluster(): Cluster {
    return this.environment.cluster;
  }

  /** Creates a PVC again and again until it is admitted, as Argo CD does. */
  async admitted(namespace: string, name: string, options: PvcOptions = {}, seconds = 120): Promise<KubeObject> {
    return eventually(`${namespace}/${name} is admitted`, seconds, async () => {
      const reply = await this.cluster.api.create(pvc(namespace, name, options));
      if (reply.status !== 201) throw new Error(reply.message);
      return reply.body;
    });
  }

  async bound(namespace: string, name: string, seconds = 180): Promise<KubeObject> {
    return this.when(pvcRef(namespace, name), `${namespace}/${name} is bound`, seconds, ({ status }) => status?.phase === 'Bound');
  }

  /** An application writes into a bound PVC. */
  async write(namespace: string, name: string, options: WriteOptions = {}): Promise<Contents> {
    const folder = await this.cluster.node.volumes.folderOf(namespace, name);
    await giveToGroup(folder, 568, 'OnRootMismatch');
    await this.cluster.node.volumes.atRest(folder);
    write(folder, options);
    return read(folder);
  }

  /** An application changes a bound PVC in its own way. @param act gets the folder of the volume, as the application's user sees it */
  async change(namespace: string, name: string, act: (folder: string) => void): Promise<Contents> {
    const folder = await this.cluster.node.volumes.folderOf(namespace, name);
    await this.cluster.node.volumes.atRest(folder);
    act(folder);
    return read(folder);
  }

  /** Creates a PVC, writes into it and waits for its backup. */
  async protect(namespace: string, name: string, options: PvcOptions & WriteOptions = {}): Promise<void> {
    await this.admitted(namespace, name, options);
    await this.bound(namespace, name);
    const contents = await this.write(namespace, name, options);
    await this.backUp(namespace, name, contents);
  }

  /** Deletes a PVC and waits until it is gone. */
  async remove(namespace: string, name: string): Promise<void> {
    const ref = pvcRef(namespace, name);
    await this.cluster.api.delete(ref);
    await eventually(`${namespace}/${name} is gone`, 60, async () => (await this.cluster.api.find(ref)) === undefined, 250);
  }

  /** Deletes a PVC and waits for its last mover, which could still write into a store that a scenario is about to change. */
  async lose(namespace: string, name: string): Promise<void> {
    await this.remove(namespace, name);
    await eventually(
      `no mover works in ${namespace}`,
      60,
      async () => !(await this.cluster.api.list('v1', 'Pod', namespace)).some(({ status }) => status?.phase === 'Running'),
      500,
    );
  }

  /** A PVC `data` in a new namespace that was backed up and is gone: its creation or its restore is what a fault meets. */
  async lost(namespace: string): Promise<void> {
    await this.cluster.namespace(namespace);
    await this.protect(namespace, 'data');
    await this.lose(namespace, 'data');
  }

  /** Waits for the round that VolSync begins by itself when a source is new. @returns the source */
  async firstRound(namespace: string, name: string): Promise<KubeObject> {
    const source = { ...kinds.source, namespace, name: `${name}-backup` };
    return this.when(source, `the first round of ${namespace}/${name}`, 120, ({ status }) => status?.lastSyncTime !== undefined);
  }

  /** Lets VolSync back a PVC up now, as a person would: with a manual trigger that is taken away afterwards. */
  async backUp(namespace: string, name: string, contents: Contents): Promise<void> {
    const source = { ...kinds.source, namespace, name: `${name}-backup` };
    await this.firstRound(namespace, name);
    const tag = `now-${Date.now()}`;
    await this.cluster.api.patch(source, { spec: { trigger: { manual: tag } } });
    await this.when(source, `a backup of ${namespace}/${name}`, 300, ({ status }) => status?.lastManualSync === tag);
    await this.cluster.api.patch(source, { spec: { trigger: { manual: null } } });
    await this.remember(namespace, name, contents);
  }

  /** Keeps in mind what the newest backup of a PVC holds. */
  async remember(namespace: string, name: string, contents: Contents): Promise<void> {
    const tier = String((await this.cluster.api.find(pvcRef(namespace, name)))?.metadata.labels?.[backupLabel]);
    this.environment.backups.set(`${namespace}/${name}`, { namespace, name, tier, contents });
  }

  backupOf(namespace: string, name: string): Contents {
    const found = this.environment.backups.get(`${namespace}/${name}`);
    if (found === undefined) throw new Error(`${namespace}/${name} has no backup`);
    return found.contents;
  }

  /** Runs the maintenance that the tree schedules for a PVC, now. @returns the exit code of its mover */
  maintain(namespace: string, name: string): Promise<number> {
    return runMaintenance(this.cluster, { namespace, name });
  }

  /** The PVC is bound and holds exactly its newest complete backup. */
  async restored(namespace: string, name: string, seconds = 300): Promise<void> {
    await this.bound(namespace, name, seconds);
    await this.holdsBackup(namespace, name);
  }

  async holdsBackup(namespace: string, name: string): Promise<void> {
    const is = read(await this.cluster.node.volumes.folderOf(namespace, name));
    const problem = difference(is, this.backupOf(namespace, name));
    check(problem === undefined, `${namespace}/${name} is not what was backed up: ${problem}`);
    this.compared += is.bytes;
  }

  /** Waits until an object is as it shall be. */
  private async when(ref: Required<Ref>, what: string, seconds: number, holds: (object: KubeObject) => boolean): Promise<KubeObject> {
    return eventually(what, seconds, async () => {
      const seen = this.cluster.node.seen.of(ref).find(ref.namespace, ref.name);
      if (seen === undefined || !holds(seen)) return undefined;
      // What was seen may be of an earlier object of the name.
      const live = await this.cluster.api.find(ref);
      return live !== undefined && holds(live) && live;
    });
  }
}
