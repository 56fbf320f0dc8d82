import { type PvcRef, sourceName } from '../../../lib/model/naming';
import type { KubeObject } from '../../harness/api';
import { Cluster } from '../../harness/cluster';
import { Informers } from '../../harness/informer';
import { kinds } from '../../harness/pvc';
import { storageClass } from '../../harness/volumes';
import { Loop } from '../../harness/waiting';
import { PlayedStore, storeId } from './played-store';
import type { StoreFault, World } from './world';

const claims = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' } as const;
const volumes = { apiVersion: 'v1', kind: 'PersistentVolume' } as const;

/**
 * The gate's world: API server, kube-controller-manager, Kyverno and pvc-plumber are real, the S3 server is the one of the tests, and storage and movers are played
 * here: a volume is a number. Binding is left to kube-controller-manager, as a loose volume would be bound by it, too.
 */
export class GateWorld implements World {
  static async start(): Promise<GateWorld> {
    const cluster = await Cluster.start();
    const world = new GateWorld(cluster);
    await cluster.applyTree();
    await cluster.plumberEndpoint.restart(world.plumberEnvironment);
    world.loop.start();
    return world;
  }

  readonly plumberEnvironment: Readonly<Record<string, string>>;
  private readonly versions = new Map<string, number>();
  private readonly store: PlayedStore;
  private readonly seen: Informers;
  private readonly loop = new Loop('played storage', 60, () => this.tick());

  private constructor(readonly cluster: Cluster) {
    const { s3 } = cluster.plumberEndpoint;
    this.plumberEnvironment = { S3_ENDPOINT: s3.endpoint, STORE_ID: storeId, LEASE_RENEW_MS: '1000' };
    this.seen = new Informers(cluster.api);
    this.store = new PlayedStore(s3);
  }

  versionOf({ metadata }: KubeObject): number {
    return this.versions.get(metadata.name) ?? 0;
  }

  async write(claim: KubeObject, version: number): Promise<void> {
    this.versions.set(String(claim['spec'].volumeName), version);
  }

  /** What VolSync does with a source that exists: a backup, and a status that says so. */
  async backUp({ metadata, spec }: KubeObject): Promise<boolean> {
    const ref = { namespace: metadata.namespace ?? '', name: metadata.name };
    const source = this.seen.of(kinds.source).find(ref.namespace, sourceName(ref));
    const version = this.versions.get(String(spec.volumeName)) ?? 0;
    return version > 0 && isOf(source, metadata.uid) && this.store.backUp(ref, version);
  }

  newestBackup(claim: PvcRef): number | undefined {
    return this.store.newestBackup(claim);
  }

  loseData(claim: PvcRef): boolean {
    return this.store.loseData(claim);
  }

  async makeVolume(): Promise<void> {
    // A name without a version is an empty volume.
  }

  get storeFaults(): readonly StoreFault[] {
    return this.store.faults;
  }

  disturbStore(fault: StoreFault): Promise<() => Promise<void>> {
    return this.store.disturb(fault);
  }

  forget(claim: PvcRef): void {
    this.store.forget(claim);
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await this.seen.stop();
    await this.cluster.stop();
  }

  /** The provisioner, VolSync's populator and the reclaimer. */
  private async tick(): Promise<void> {
    const [pvcs, pvs] = [this.seen.of(claims).list(), this.seen.of(volumes).list()];
    this.seen.of(kinds.source).list();
    const provisioned = new Set(pvs.map((volume) => volume['spec'].claimRef?.uid as string | undefined));
    const waiting = pvcs.filter(
      ({ spec, metadata }) =>
        spec.storageClassName === storageClass.metadata.name &&
        spec.volumeName === undefined &&
        metadata.deletionTimestamp === undefined &&
        !provisioned.has(metadata.uid),
    );
    const released = pvs.filter(
      ({ status, metadata, spec }) =>
        status?.phase === 'Released' && spec.persistentVolumeReclaimPolicy === 'Delete' && metadata.deletionTimestamp === undefined,
    );
    await Promise.all([
      ...waiting.map((claim) => this.provision(claim)),
      ...released.map(async ({ metadata }) => {
        await this.cluster.api.delete({ ...volumes, name: metadata.name });
        this.versions.delete(metadata.name);
      }),
    ]);
  }

  /** An empty volume, or one that a restore filled. A PVC with another source stays Pending. */
  private async provision({ metadata, spec }: KubeObject): Promise<void> {
    const { uid = '', namespace = '', name } = metadata;
    const source = spec.dataSourceRef as { readonly kind: string; readonly name: string } | undefined;
    if (source !== undefined && !isOf(this.seen.of(kinds.destination).find(namespace, source.name), uid)) return;
    // Also where a restore finds nothing: its mover fails, and is tried again.
    const version = source === undefined ? 0 : this.store.restorable({ namespace, name });
    if (version === undefined) return;
    const handle = `pvc-${uid}`;
    const { status } = await this.cluster.api.create({
      ...volumes,
      metadata: { name: handle, annotations: { 'pv.kubernetes.io/provisioned-by': storageClass.provisioner } },
      spec: {
        accessModes: spec.accessModes,
        capacity: { storage: spec.resources.requests.storage },
        claimRef: { ...claims, namespace, name, uid },
        csi: { driver: storageClass.provisioner, volumeHandle: handle },
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: spec.storageClassName,
      },
    });
    if (status === 201) this.versions.set(handle, version);
  }
}

/** Whether an object is there and belongs to the PVC with this uid. */
function isOf(object: KubeObject | undefined, uid: string | undefined): boolean {
  return object?.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
}
