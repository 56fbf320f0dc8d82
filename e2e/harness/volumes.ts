import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import type { Api, KubeObject } from './api';
import type { Informers } from './informer';
import { sandboxFile } from './sandbox';
import { Loop } from './waiting';

const driver = 'driver.longhorn.io';
const snapshots = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshot' } as const;
const contents = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshotContent' } as const;
const claims = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' } as const;
const volumes = { apiVersion: 'v1', kind: 'PersistentVolume' } as const;

/** What Longhorn's chart makes. kube-controller-manager marks each PVC of it for the driver, an update that every real PVC sees soon after its creation. */
export const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'longhorn' },
  provisioner: driver,
  allowVolumeExpansion: true,
} as const;

/**
 * The CSI driver with its provisioner and snapshotter, played: a volume is a folder, and a snapshot is a copy of one. Binding is left to
 * kube-controller-manager. Longhorn's habit of keeping a snapshot inside its volume is not played.
 */
export class Volumes {
  private readonly loop = new Loop('volumes', 100, () => this.tick());

  constructor(
    private readonly api: Api,
    private readonly seen: Informers,
  ) {}

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Whether a PVC is bound, or was a moment ago. */
  isBound(namespace: string, name: string): boolean {
    return this.seen.of(claims).find(namespace, name)?.['status']?.phase === 'Bound';
  }

  /** Folder of a bound PVC's volume. */
  async folderOf(namespace: string, name: string): Promise<string> {
    const claim = await this.api.find({ ...claims, namespace, name });
    const volume = claim?.['status']?.phase === 'Bound' ? await this.api.find({ ...volumes, name: String(claim['spec'].volumeName) }) : undefined;
    if (volume === undefined) throw new Error(`${namespace}/${name} is not bound`);
    return folder(String(volume['spec'].csi.volumeHandle));
  }

  /** Waits for the snapshots of a volume that are being made. A real one is of one moment; here the application writes before or after it. */
  async atRest(path: string): Promise<void> {
    await Promise.allSettled([...copies.values()].filter(({ from }) => from === path).map(({ done }) => done));
  }

  private async tick(): Promise<void> {
    const [pvcs, pvs, snaps] = [this.seen.of(claims).list(), this.seen.of(volumes).list(), this.seen.of(snapshots).list()];
    const waiting = pvcs.filter(
      ({ spec, metadata }) =>
        spec.storageClassName === storageClass.metadata.name && spec.volumeName === undefined && metadata.deletionTimestamp === undefined,
    );
    await allDone([
      ...waiting.filter(({ metadata }) => !pvs.some((pv) => pv['spec'].claimRef?.uid === metadata.uid)).map((claim) => this.provision(claim)),
      ...pvs.filter(({ status, metadata }) => status?.phase === 'Released' && metadata.deletionTimestamp === undefined).map((pv) => this.release(pv)),
      ...snaps.filter(({ status }) => status?.readyToUse !== true).map((snapshot) => this.cut(snapshot, pvcs, pvs)),
      this.forget(snaps),
    ]);
  }

  /** A volume of a snapshot's data, or an empty one. A PVC with another source belongs to somebody's populator. */
  private async provision(claim: KubeObject): Promise<void> {
    const { spec, metadata } = claim;
    const source = (spec.dataSourceRef ?? spec.dataSource) as { readonly kind: string; readonly name: string } | undefined;
    if (source !== undefined && source.kind !== 'VolumeSnapshot') return;
    const handle = `pvc-${metadata.uid}`;
    if (source === undefined) make(folder(handle));
    else {
      const snapshot = await this.api.find({ ...snapshots, namespace: metadata.namespace ?? '', name: source.name });
      if (snapshot?.['status']?.readyToUse !== true || !copied(folder(handleOf(snapshot)), folder(handle))) return;
    }
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: metadata.namespace, name: metadata.name, uid: metadata.uid };
    const volume = {
      ...volumes,
      metadata: { name: handle, annotations: { 'pv.kubernetes.io/provisioned-by': driver } },
      spec: {
        accessModes: spec.accessModes,
        capacity: { storage: spec.resources.requests.storage },
        claimRef,
        csi: { driver, volumeHandle: handle },
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: storageClass.metadata.name,
      },
    };
    await this.api.create(volume);
  }

  private async release({ metadata, spec }: KubeObject): Promise<void> {
    await this.api.delete({ ...volumes, name: metadata.name });
    rmSync(folder(String(spec.csi.volumeHandle)), { recursive: true, force: true });
  }

  private async cut(snapshot: KubeObject, pvcs: readonly KubeObject[], pvs: readonly KubeObject[]): Promise<void> {
    const { metadata, spec } = snapshot;
    const claim = pvcs.find(
      (pvc) =>
        pvc.metadata.namespace === metadata.namespace &&
        pvc.metadata.name === spec.source.persistentVolumeClaimName &&
        pvc['status']?.phase === 'Bound',
    );
    const volume = pvs.find((pv) => pv.metadata.name === claim?.['spec'].volumeName);
    if (volume === undefined) return;
    const handle = handleOf(snapshot);
    if (!copied(folder(String(volume['spec'].csi.volumeHandle)), folder(handle))) return;
    const content = { ...contents, metadata: { name: handle } };
    const ref = { apiVersion: snapshots.apiVersion, kind: snapshots.kind, namespace: metadata.namespace, name: metadata.name, uid: metadata.uid };
    const body = { deletionPolicy: 'Delete', driver, source: { volumeHandle: String(volume['spec'].csi.volumeHandle) }, volumeSnapshotRef: ref };
    await this.api.create({ ...content, spec: { ...body, volumeSnapshotClassName: spec.volumeSnapshotClassName } });
    const status = {
      readyToUse: true,
      restoreSize: volume['spec'].capacity.storage as string,
      creationTime: new Date().toISOString().replace(/\.\d+/, ''),
    };
    await this.api.patchStatus(
      { ...snapshots, namespace: metadata.namespace ?? '', name: metadata.name },
      { ...status, boundVolumeSnapshotContentName: handle },
    );
  }

  /** Contents whose snapshot is gone. */
  private async forget(snaps: readonly KubeObject[]): Promise<void> {
    const all = this.seen.of(contents).list();
    for (const { metadata, spec } of all.filter(
      (content) => !snaps.some((snapshot) => snapshot.metadata.uid === content['spec'].volumeSnapshotRef.uid),
    )) {
      if (
        (await this.api.find({ ...snapshots, namespace: spec.volumeSnapshotRef.namespace, name: spec.volumeSnapshotRef.name }))?.metadata.uid ===
        spec.volumeSnapshotRef.uid
      )
        continue;
      await this.api.delete({ ...contents, name: metadata.name });
      rmSync(folder(metadata.name), { recursive: true, force: true });
    }
  }
}

function handleOf(snapshot: KubeObject): string {
  return `snapcontent-${snapshot.metadata.uid}`;
}

function folder(handle: string): string {
  return sandboxFile(`volumes/${handle}`);
}

/** A new volume, as a formatted disk is: of root, and empty. */
function make(path: string): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
}

interface Copy {
  readonly from: string;
  readonly done: Promise<void>;
  error?: Error;
}

/** Copies that are under way or failed, by their target. */
const copies = new Map<string, Copy>();

/**
 * Whether a copy of what a volume holds is there; a later tick asks again. One that failed is made anew: a snapshot is whole or not there.
 *
 * @throws Error why it failed
 */
function copied(from: string, to: string): boolean {
  const begun = copies.get(to);
  if (begun?.error !== undefined) {
    copies.delete(to);
    throw begun.error;
  }
  if (begun !== undefined) return false;
  if (existsSync(to)) return true;
  const copy: Copy = { from, done: copyWhole(from, to) };
  copies.set(to, copy);
  copy.done.then(
    () => copies.delete(to),
    (error: Error) => (copy.error = error),
  );
  return false;
}

async function copyWhole(from: string, to: string): Promise<void> {
  const part = `${to}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  await run('cp', ['-a', '--sparse=always', `${from}/.`, part]);
  renameSync(part, to);
}

/** Waits for all, so that no work of one tick goes on in the next, and fails with the first that failed. */
async function allDone(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
}

export function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ${args.join(' ')}: ${err.trim()}`))));
  });
}
