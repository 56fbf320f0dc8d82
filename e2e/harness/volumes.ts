import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { Api, KubeObject } from './api';
import { Copies, output } from './copies';
import type { Informers } from './informer';
import { bytesOf, quantityOf } from './quantity';
import { sandboxFile } from './sandbox';
import { Loop } from './waiting';

const driver = 'driver.longhorn.io';
const snapshots = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshot' } as const;
const contents = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshotContent' } as const;
const claims = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' } as const;
const volumes = { apiVersion: 'v1', kind: 'PersistentVolume' } as const;
const classes = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' } as const;
const snapshotClasses = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshotClass' } as const;

/** Another driver than the tree's, Rook's by its name, which behaves the same. */
export const otherDriver = 'rook-ceph.rbd.csi.ceph.com';
const drivers: readonly unknown[] = [driver, otherDriver];

/** What Longhorn's chart makes. kube-controller-manager marks each PVC of it for the driver, an update that every real PVC sees soon after its creation. */
export const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'longhorn' },
  provisioner: driver,
  allowVolumeExpansion: true,
} as const;

/** What a storage does with sizes. */
export interface Sizes {
  /** Each size is a multiple of it. */
  readonly step: string;
  readonly least: string;
  /** A volume takes no more than its size. It lies in memory, so only small ones should. */
  readonly enforced: boolean;
}

/** Longhorn's, which no class has to name. */
const longhorn: Sizes = { step: '2Mi', least: '10Mi', enforced: false };

/** A StorageClass of the driver with sizes of its own. */
export function classWith(name: string, sizes: Partial<Sizes>): KubeObject {
  const { step, least, enforced } = { ...longhorn, ...sizes };
  return { ...storageClass, metadata: { name }, parameters: { step, least, enforced: String(enforced) } };
}

/** How a storage cuts snapshots. */
export interface Cutting {
  /** How long it takes from the request until the snapshot can be used. */
  readonly seconds: number;
  /** Whether the snapshot holds what was there at the request, or what is there at its end. */
  readonly holds: 'start' | 'end';
}

/**
 * The CSI driver with its provisioner and snapshotter, played: a volume is a folder, and a snapshot is a copy of one. Binding is left to
 * kube-controller-manager. Sizes are rounded as a class says, and a PVC that asks for less than its snapshot needs is refused as external-provisioner
 * does. Longhorn's habit of keeping a snapshot inside its volume is not played.
 */
export class Volumes {
  private readonly cuttings = new Map<string, Cutting>();
  /** When the cut of a snapshot was asked for, by its uid. */
  private readonly asked = new Map<string, number>();
  /** When a PVC was last refused, by its uid. */
  private readonly refusals = new Map<string, number>();
  private readonly copies = new Copies();
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

  /**
   * Whether a Pod may start on a PVC: it is bound and not being deleted, as scheduler and kubelet demand. VolSync deletes the copy of a backup and looks for one of
   * the same name for the next: started on the old copy, a mover would back up what was there before.
   */
  async mayBeMounted(namespace: string, name: string): Promise<boolean> {
    // What was seen costs nothing, and may be a moment old.
    if (this.seen.of(claims).find(namespace, name)?.['status']?.phase !== 'Bound') return false;
    const live = await this.api.find({ ...claims, namespace, name });
    return live?.['status']?.phase === 'Bound' && live.metadata.deletionTimestamp === undefined;
  }

  /** Folder of a bound PVC's volume. */
  async folderOf(namespace: string, name: string): Promise<string> {
    const claim = await this.api.find({ ...claims, namespace, name });
    const volume = claim?.['status']?.phase === 'Bound' ? await this.api.find({ ...volumes, name: String(claim['spec'].volumeName) }) : undefined;
    if (volume === undefined) throw new Error(`${namespace}/${name} is not bound`);
    return folder(String(volume['spec'].csi.volumeHandle));
  }

  /** Waits for the snapshots of a volume that are being made. A real one is of one moment; here the application writes before or after it. */
  atRest(path: string): Promise<void> {
    return this.copies.settled(path);
  }

  /** How snapshots of a namespace are cut from now on. @default - at once */
  cutSo(namespace: string, cutting: Cutting): void {
    this.cuttings.set(namespace, cutting);
  }

  private async tick(): Promise<void> {
    const [pvcs, pvs, snaps] = [this.seen.of(claims).list(), this.seen.of(volumes).list(), this.seen.of(snapshots).list()];
    const waiting = pvcs.filter(
      ({ spec, metadata }) =>
        this.sizesOf(String(spec.storageClassName)) !== undefined && spec.volumeName === undefined && metadata.deletionTimestamp === undefined,
    );
    await allDone([
      ...waiting.filter(({ metadata }) => !pvs.some((pv) => pv['spec'].claimRef?.uid === metadata.uid)).map((claim) => this.provision(claim)),
      ...pvs.filter(({ status, metadata }) => status?.phase === 'Released' && metadata.deletionTimestamp === undefined).map((pv) => this.release(pv)),
      ...snaps.filter(({ status }) => status?.readyToUse !== true).map((snapshot) => this.cut(snapshot, pvcs, pvs)),
      this.forget(snaps),
    ]);
  }

  /** A class of one of the drivers. */
  private classOf(name: string): KubeObject | undefined {
    return this.seen
      .of(classes)
      .list()
      .find(({ metadata, provisioner }) => metadata.name === name && drivers.includes(provisioner));
  }

  private sizesOf(name: string): Sizes | undefined {
    const found = this.classOf(name);
    if (found === undefined) return undefined;
    const { step = longhorn.step, least = longhorn.least, enforced } = (found['parameters'] ?? {}) as Partial<Record<keyof Sizes, string>>;
    return { step, least, enforced: enforced === 'true' };
  }

  /** A volume of a snapshot's data, or an empty one. A PVC with another source belongs to somebody's populator. */
  private async provision(claim: KubeObject): Promise<void> {
    const { spec, metadata } = claim;
    const source = (spec.dataSourceRef ?? spec.dataSource) as { readonly kind: string; readonly name: string } | undefined;
    if (source !== undefined && source.kind !== 'VolumeSnapshot') return;
    const sizes = this.sizesOf(String(spec.storageClassName)) ?? longhorn;
    const wanted = bytesOf(String(spec.resources.requests.storage));
    const size = rounded(wanted, sizes);
    const handle = `pvc-${metadata.uid}`;
    if (source === undefined) await make(handle, sizes.enforced ? size : undefined);
    else {
      const snapshot = await this.api.find({ ...snapshots, namespace: metadata.namespace ?? '', name: source.name });
      if (snapshot?.['status']?.readyToUse !== true) return;
      const needed = bytesOf(String(snapshot['status'].restoreSize));
      if (wanted < needed) return this.refuse(claim, source.name, wanted, needed);
      if (sizes.enforced) await limit(handle, size);
      if (!this.copies.made(folder(handleOf(snapshot)), folder(handle))) return;
    }
    const provisioner = String(this.classOf(String(spec.storageClassName))?.['provisioner']);
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: metadata.namespace, name: metadata.name, uid: metadata.uid };
    const volume = {
      ...volumes,
      metadata: { name: handle, annotations: { 'pv.kubernetes.io/provisioned-by': provisioner } },
      spec: {
        accessModes: spec.accessModes,
        capacity: { storage: quantityOf(size) },
        claimRef,
        csi: { driver: provisioner, volumeHandle: handle },
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: spec.storageClassName,
      },
    };
    await this.api.create(volume);
  }

  /** As external-provisioner does: an event, and the same again later. */
  private async refuse({ metadata, spec }: KubeObject, snapshot: string, wanted: number, needed: number): Promise<void> {
    const { uid = '', namespace = '', name } = metadata;
    if (Date.now() - (this.refusals.get(uid) ?? 0) < 15_000) return;
    this.refusals.set(uid, Date.now());
    const why = `requested volume size ${wanted} is less than the size ${needed} for the source snapshot ${snapshot}`;
    const message = `failed to provision volume with StorageClass "${spec.storageClassName}": error getting handle for DataSource Type VolumeSnapshot by Name ${snapshot}: ${why}`;
    const now = new Date().toISOString().replace(/\.\d+/, '');
    await this.api.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { namespace, name: `${name}.${Date.now().toString(16)}` },
      involvedObject: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      type: 'Warning',
      reason: 'ProvisioningFailed',
      message,
      source: { component: driver },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    });
  }

  private async release({ metadata, spec }: KubeObject): Promise<void> {
    await this.api.delete({ ...volumes, name: metadata.name });
    await discard(String(spec.csi.volumeHandle));
  }

  /** Binds a snapshot at once, as the snapshot controller does, and cuts it in its time. */
  private async cut(snapshot: KubeObject, pvcs: readonly KubeObject[], pvs: readonly KubeObject[]): Promise<void> {
    const { metadata, spec, status } = snapshot;
    const { namespace = '', uid = '' } = metadata;
    const claim = pvcs.find(
      (pvc) =>
        pvc.metadata.namespace === namespace && pvc.metadata.name === spec.source.persistentVolumeClaimName && pvc['status']?.phase === 'Bound',
    );
    const volume = pvs.find((pv) => pv.metadata.name === claim?.['spec'].volumeName);
    if (volume === undefined) return;
    const { driver: of } = volume['spec'].csi as { readonly driver: string };
    // As the snapshot controller does: a class of another driver cuts nothing.
    const snapshotClass = this.seen
      .of(snapshotClasses)
      .list()
      .find((each) => each.metadata.name === spec.volumeSnapshotClassName);
    if (snapshotClass?.['driver'] !== of) return;
    const handle = handleOf(snapshot);
    const ref = { ...snapshots, namespace, name: metadata.name };
    if (status?.boundVolumeSnapshotContentName === undefined) {
      const volumeSnapshotRef = { apiVersion: snapshots.apiVersion, kind: snapshots.kind, namespace, name: metadata.name, uid };
      const body = { deletionPolicy: 'Delete', driver: of, source: { volumeHandle: String(volume['spec'].csi.volumeHandle) }, volumeSnapshotRef };
      await this.api.create({ ...contents, metadata: { name: handle }, spec: { ...body, volumeSnapshotClassName: spec.volumeSnapshotClassName } });
      await this.api.patchStatus(ref, { boundVolumeSnapshotContentName: handle, readyToUse: false });
    }
    const asked = this.asked.get(uid) ?? Date.now();
    this.asked.set(uid, asked);
    const { seconds, holds } = this.cuttings.get(namespace) ?? { seconds: 0, holds: 'start' };
    const early = Date.now() < asked + seconds * 1000;
    if (early && holds === 'end') return;
    if (!this.copies.made(folder(String(volume['spec'].csi.volumeHandle)), folder(handle)) || early) return;
    const creationTime = new Date(holds === 'start' ? asked : Date.now()).toISOString().replace(/\.\d+/, '');
    const { storage } = volume['spec'].capacity as { readonly storage: string };
    await this.api.patchStatus(ref, { readyToUse: true, restoreSize: storage, creationTime, boundVolumeSnapshotContentName: handle });
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
      await discard(metadata.name);
    }
  }
}

function handleOf(snapshot: KubeObject): string {
  return `snapcontent-${snapshot.metadata.uid}`;
}

/** What a volume holds, in a folder of its own that may be a file system of its own. */
function folder(handle: string): string {
  return sandboxFile(`volumes/${handle}/data`);
}

/** A new volume, as a formatted disk is: of root, and empty. @param size in bytes, where it is enforced */
async function make(handle: string, size: number | undefined): Promise<void> {
  if (size !== undefined) await limit(handle, size);
  mkdirSync(folder(handle), { recursive: true });
  chmodSync(folder(handle), 0o755);
}

/** Gives a volume a file system of its own that takes no more than its size. */
async function limit(handle: string, size: number): Promise<void> {
  const path = shelf(handle);
  if (mounted().includes(path)) return;
  mkdirSync(path, { recursive: true });
  await output('mount', ['-t', 'tmpfs', '-o', `mode=0755,size=${size}`, 'tmpfs', path]);
}

async function discard(handle: string): Promise<void> {
  if (mounted().includes(shelf(handle))) await output('umount', ['--lazy', shelf(handle)]);
  rmSync(shelf(handle), { recursive: true, force: true });
}

/** Throws all volumes and snapshots away, as with a cluster that is gone. */
export async function discardAll(): Promise<void> {
  for (const path of mounted()) await output('umount', ['--lazy', path]);
  rmSync(sandboxFile('volumes'), { recursive: true, force: true });
}

function shelf(handle: string): string {
  return sandboxFile(`volumes/${handle}`);
}

/** Volumes with a file system of their own. */
function mounted(): string[] {
  const paths = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  return paths.filter((path) => path.startsWith(`${sandboxFile('volumes')}/`));
}

function rounded(bytes: number, { step, least }: Sizes): number {
  return Math.ceil(Math.max(bytes, bytesOf(least)) / bytesOf(step)) * bytesOf(step);
}

/** Waits for all, so that no work of one tick goes on in the next, and fails with the first that failed. */
async function allDone(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
}
