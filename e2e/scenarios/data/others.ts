/** A cluster as others made it, before it is adopted: what it has by the names that are usual, and PVCs that are backed up by hand. */
import type { KubeObject } from '../../harness/api';
import type { Contents } from '../../harness/data';
import { kinds } from '../../harness/pvc';
import type { Store } from '../../harness/store';
import type { TestContext } from '../../harness/test-context';
import { otherDriver } from '../../harness/volumes';
import { eventually } from '../../harness/waiting';

const snapshotClass = 'csi-rbdplugin-snapclass';
const argoproj = 'argoproj.io/v1alpha1';

function object(apiVersion: string, kind: string, name: string, rest: object, namespace?: string): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, ...rest };
}

/** Objects of somebody else's, with the names that the example's tree would take. @param store where the credentials of all backups lead to */
export function foreignObjects({ accessKeyId, secretAccessKey, kopiaPassword, endpoint, bucket }: Store): KubeObject[] {
  const server = { server: 'https://kubernetes.default.svc' };
  const s3 = { access_key: accessKeyId, secret_key: secretAccessKey, endpoint, bucket };
  return [
    object('storage.k8s.io/v1', 'StorageClass', 'ceph-block', { provisioner: otherDriver, allowVolumeExpansion: true }),
    object('snapshot.storage.k8s.io/v1', 'VolumeSnapshotClass', snapshotClass, { driver: otherDriver, deletionPolicy: 'Delete' }),
    // Its name is that of the example's class, its driver is not.
    object('snapshot.storage.k8s.io/v1', 'VolumeSnapshotClass', 'longhorn-snapclass', { driver: otherDriver, deletionPolicy: 'Retain' }),
    object(argoproj, 'AppProject', 'infrastructure', { spec: { sourceRepos: ['https://git.example.org/theirs.git'] } }, 'argocd'),
    object(
      argoproj,
      'Application',
      'kyverno',
      {
        spec: {
          project: 'infrastructure',
          source: { repoURL: 'https://git.example.org/theirs.git', path: 'kyverno', targetRevision: 'main' },
          destination: { ...server, namespace: 'kyverno' },
        },
      },
      'argocd',
    ),
    object('v1', 'ConfigMap', 'argocd-cm', { data: { url: 'https://argocd.example.org' } }, 'argocd'),
    object('external-secrets.io/v1', 'ClusterSecretStore', 'vault', {
      spec: {
        provider: {
          fake: {
            data: [
              { key: 'backups/s3', value: JSON.stringify(s3) },
              { key: 'backups/kopia', value: JSON.stringify({ password: kopiaPassword }) },
            ],
          },
        },
      },
    }),
  ];
}

/** Path of the hand-written backups of an application in the bucket. */
export function oldPrefix(namespace: string): string {
  return `kopia/${namespace}-data`;
}

/** ExternalSecret, ReplicationSource and ReplicationDestination of a PVC `data`, as public repositories write them. */
function handWritten(namespace: string, { endpoint, bucket }: Store): KubeObject[] {
  const secret = 'data-volsync-secret';
  const { host, protocol } = new URL(endpoint);
  const property = (secretKey: string, key: string, name: string): object => ({ secretKey, remoteRef: { key, property: name } });
  const kopia = {
    repository: secret,
    username: 'data',
    hostname: namespace,
    copyMethod: 'Snapshot',
    storageClassName: 'ceph-block',
    volumeSnapshotClassName: snapshotClass,
    cacheCapacity: '1Gi',
    moverSecurityContext: { runAsUser: 568, runAsGroup: 568, fsGroup: 568, fsGroupChangePolicy: 'OnRootMismatch' },
  };
  return [
    object(
      kinds.secret.apiVersion,
      kinds.secret.kind,
      'data-volsync',
      {
        spec: {
          secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
          target: {
            name: secret,
            template: {
              mergePolicy: 'Merge',
              data: {
                KOPIA_REPOSITORY: `s3://${bucket}/${oldPrefix(namespace)}/`,
                KOPIA_S3_BUCKET: bucket,
                KOPIA_S3_ENDPOINT: host,
                KOPIA_S3_DISABLE_TLS: String(protocol === 'http:'),
              },
            },
          },
          data: [
            property('KOPIA_PASSWORD', 'backups/kopia', 'password'),
            property('AWS_ACCESS_KEY_ID', 'backups/s3', 'access_key'),
            property('AWS_SECRET_ACCESS_KEY', 'backups/s3', 'secret_key'),
          ],
        },
      },
      namespace,
    ),
    object(
      kinds.source.apiVersion,
      kinds.source.kind,
      'data',
      {
        spec: {
          sourcePVC: 'data',
          trigger: { schedule: '17 3 * * *' },
          kopia: { ...kopia, compression: 'zstd-fastest', parallelism: 2, retain: { hourly: 24, daily: 7 } },
        },
      },
      namespace,
    ),
    object(
      kinds.destination.apiVersion,
      kinds.destination.kind,
      'data-dst',
      { spec: { trigger: { manual: 'restore-once' }, kopia: { ...kopia, accessModes: ['ReadWriteOnce'], capacity: '1Gi' } } },
      namespace,
    ),
  ];
}

/** A PVC `data` in a new namespace with two backups by hand. @returns what each holds, the older one first */
export async function backedUpByHand(context: TestContext, namespace: string): Promise<readonly [Contents, Contents]> {
  const { cluster, store } = context;
  await cluster.namespace(namespace);
  await context.admitted(namespace, 'data', { backup: null, spec: { storageClassName: 'ceph-block' } });
  await context.bound(namespace, 'data');
  const older = await context.write(namespace, 'data');
  const [secret, source, destination] = handWritten(namespace, store);
  await cluster.applyAll([secret!, source!]);
  await eventually(`the first old backup of ${namespace}`, 120, async () => (await statusOf(context, source!))?.lastSyncTime !== undefined);
  const newer = await context.write(namespace, 'data');
  await backUpByHand(context, namespace);
  await cluster.applyAll([destination!]);
  await eventually(`the old destination of ${namespace}`, 120, async () => (await statusOf(context, destination!))?.latestImage !== undefined);
  return [older, newer];
}

/** One more backup by the source that a person wrote. */
export async function backUpByHand(context: TestContext, namespace: string): Promise<void> {
  const source = { ...kinds.source, namespace, name: 'data' };
  const { api } = context.cluster;
  const manual = `by-hand-${Date.now()}`;
  await api.patch(source, { spec: { trigger: { manual } } });
  await eventually(`an old backup of ${namespace}`, 120, async () => {
    const { lastManualSync, latestMoverStatus } = (await api.find(source))?.['status'] ?? {};
    return lastManualSync === manual && latestMoverStatus?.result === 'Successful';
  });
  await api.patch(source, { spec: { trigger: { manual: null } } });
}

async function statusOf({ cluster }: TestContext, { apiVersion, kind, metadata }: KubeObject): Promise<KubeObject[string]> {
  return (await cluster.api.find({ ...metadata, apiVersion, kind }))?.['status'];
}
