import type { AsyncCommand } from 'fast-check';
import { annotation, backupLabel } from '../../../lib/model/naming';
import type { KubeObject, Ref, Reply } from '../../harness/api';
import { check } from '../../harness/check';
import { decisionOf, pvc, pvcRef } from '../../harness/pvc';
import { now } from '../../harness/spoofing';
import { eventually, sleep } from '../../harness/waiting';
import { type History, hasTier, tiers } from './history';
import { holds, refusedInWords } from './invariant';

export const volumeRef = (name: string): Ref => ({ apiVersion: 'v1', kind: 'PersistentVolume', name });

/** One step of a history. After each one everything that has to hold is looked at. */
export abstract class Step implements AsyncCommand<History, undefined> {
  /** Name of the step, for the counts. */
  protected abstract readonly what: string;
  check(_history: Readonly<History>): boolean {
    return true;
  }
  protected abstract act(history: History): Promise<void>;
  async run(history: History): Promise<void> {
    await this.act(history);
    history.counts.step(this.what);
    await holds(history);
  }
  toString(): string {
    return `${this.what} (${Object.values(this)
      .filter((value) => value !== this.what)
      .join(', ')})`;
  }
}

/** Sends something once. @returns undefined where nobody answered, and nobody knows whether it was done */
export async function ask(history: History, what: string, send: () => Promise<Reply>): Promise<Reply | undefined> {
  try {
    const reply = await send();
    history.note(what, reply);
    return reply;
  } catch (error) {
    history.note(`${what}: ${(error as Error).message}`);
    return undefined;
  }
}

async function isBound(history: History, seconds: number): Promise<KubeObject | undefined> {
  const find = async (): Promise<KubeObject | undefined> => {
    const found = await history.world.cluster.api.find(pvcRef(history.namespace, history.name));
    return found?.['status']?.phase === 'Bound' && found.metadata.deletionTimestamp === undefined ? found : undefined;
  };
  return eventually('it is bound', seconds, find).catch(() => undefined);
}

export type Skip = 'no' | 'with a reason' | 'without a reason' | 'with an invisible reason';
export type Source = 'none' | 'of a previous PVC' | 'the kept volume' | 'a volume that is gone' | 'forged';

const skips: Readonly<Record<Skip, Record<string, string>>> = {
  no: {},
  'with a reason': { [annotation.skipRestore]: 'true', [annotation.skipRestoreReason]: 'it is a test' },
  'without a reason': { [annotation.skipRestore]: 'true' },
  'with an invisible reason': { [annotation.skipRestore]: 'true', [annotation.skipRestoreReason]: '\u200B' },
};

/** Argo CD tries again what was refused: here for as long as Kubernetes takes, on a busy machine, to remove a PVC and what was generated for it. */
const attempts = 20;
const pauseMs = 400;

export class Create extends Step {
  protected readonly what = 'create';
  constructor(
    readonly label: string | null,
    readonly skip: Skip,
    readonly source: Source,
  ) {
    super();
  }
  override check(history: Readonly<History>): boolean {
    return this.source !== 'the kept volume' || history.kept !== undefined;
  }
  protected async act(history: History): Promise<void> {
    const { namespace, name, world } = history;
    const stale = { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: `${name}-restore-a1b2c3d4` };
    const spec: Record<Source, object> = {
      none: {},
      forged: {},
      'of a previous PVC': { dataSource: stale, dataSourceRef: stale },
      'the kept volume': { volumeName: history.kept },
      'a volume that is gone': { volumeName: 'pvc-of-another-cluster' },
    };
    const forged = { [annotation.decision]: 'fresh', [annotation.decidedAt]: now(), [annotation.decidedFor]: `${namespace}/${name}` };
    const annotations = { ...skips[this.skip], ...(this.source === 'forged' ? forged : {}) };
    const object = pvc(namespace, name, { backup: this.label, annotations, spec: { ...spec[this.source] } });
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const reply = await ask(history, String(this), () => world.cluster.api.create(object));
      if (reply !== undefined && this.isAnswered(history, reply)) return;
      await sleep(pauseMs);
    }
  }

  /** @returns whether there is no more to try: the PVC was created, or is there */
  private isAnswered(history: History, reply: Reply): boolean {
    if (reply.status >= 300) refusedInWords(history, reply);
    else if (this.label !== null && !tiers.includes(this.label))
      check(reply.warnings.length > 0, `nobody is told that "${this.label}" asks for no backup`);
    return reply.status === 201 || (reply.status === 409 && !/object is being deleted/.test(reply.message));
  }
}

export class Delete extends Step {
  protected readonly what = 'delete';
  constructor(
    readonly wait: boolean,
    readonly keepVolume: boolean,
  ) {
    super();
  }
  override check(history: Readonly<History>): boolean {
    return history.claim !== undefined;
  }
  protected async act(history: History): Promise<void> {
    const { namespace, name } = history;
    const { api } = history.world.cluster;
    const volume = this.keepVolume ? ((await isBound(history, 2))?.['spec'].volumeName as string | undefined) : undefined;
    if (volume !== undefined) {
      const reply = await ask(history, `keep ${volume}`, () => api.patch(volumeRef(volume), { spec: { persistentVolumeReclaimPolicy: 'Retain' } }));
      if (reply?.status === 200) history.kept = volume;
    }
    await ask(history, String(this), () => api.delete(pvcRef(namespace, name)));
    if (this.wait)
      await eventually('the PVC is gone', 10, async () => (await api.find(pvcRef(namespace, name))) === undefined).catch(() => undefined);
  }
}

/** What Argo CD's `Replace` and a StatefulSet do: deleted, and created again at once. */
export class Recreate extends Step {
  protected readonly what = 're-create';
  constructor(
    readonly keepVolume: boolean,
    readonly create: Create,
  ) {
    super();
  }
  override check(history: Readonly<History>): boolean {
    return history.claim !== undefined && this.create.check(history);
  }
  protected async act(history: History): Promise<void> {
    await new Delete(false, this.keepVolume).run(history);
    await this.create.run(history);
  }
}

/** The application writes, and what it wrote is backed up. */
export class BackUp extends Step {
  protected readonly what = 'back up';
  override check(history: Readonly<History>): boolean {
    return history.claim !== undefined && hasTier(history.claim);
  }
  protected async act(history: History): Promise<void> {
    const claim = await isBound(history, 15);
    if (claim === undefined) return;
    history.version += 1;
    await history.world.write(claim, history.version);
    const done = await history.world.backUp(claim);
    if (done) history.dataWasLost = false;
    history.note(`version ${history.version} is ${done ? '' : 'not '}backed up`);
  }
}

export class Label extends Step {
  protected readonly what = 'label';
  constructor(
    readonly label: string | null,
    readonly skip: Skip,
  ) {
    super();
  }
  override check(history: Readonly<History>): boolean {
    return history.claim !== undefined;
  }
  protected async act(history: History): Promise<void> {
    const { namespace, name } = history;
    const patch = { metadata: { labels: { [backupLabel]: this.label }, annotations: skips[this.skip] } };
    const reply = await ask(history, String(this), () => history.world.cluster.api.patch(pvcRef(namespace, name), patch));
    if (reply !== undefined && reply.status >= 300 && reply.status !== 404 && reply.status !== 409) refusedInWords(history, reply);
  }
}

/** The store loses the file data of the PVC's backups. */
export class LoseData extends Step {
  protected readonly what = 'lose data';
  override check(history: Readonly<History>): boolean {
    return history.world.newestBackup(history) !== undefined;
  }
  protected async act(history: History): Promise<void> {
    if (history.world.loseData(history)) history.dataWasLost = true;
    history.note(String(this));
  }
}

export class Fault extends Step {
  protected readonly what = 'fault';
  constructor(
    readonly fault: string,
    readonly seconds: number,
  ) {
    super();
  }
  protected async act(history: History): Promise<void> {
    if (history.faults.begin(this.fault, this.seconds)) history.note(String(this));
  }
}

export class Wait extends Step {
  protected readonly what = 'wait';
  constructor(readonly seconds: number) {
    super();
  }
  protected async act(history: History): Promise<void> {
    await sleep(this.seconds * 1000);
    const live = await history.world.cluster.api.find(pvcRef(history.namespace, history.name)).catch(() => undefined);
    history.note(`after ${this.seconds} s: ${live === undefined ? 'no PVC' : `${decisionOf(live)}, ${live['status']?.phase}`}`);
  }
}
