import { homelab } from '../../../examples/homelab/site';
import { buildTree, type SiteValues } from '../../../lib';
import type { KubeObject } from '../../harness/api';
import { check, same } from '../../harness/check';
import type { DataScenario } from '../../harness/data-scenario';
import { kyvernoConfig } from '../../harness/kyverno';
import { decisionOf, generatedFor, kinds, pvc, refused } from '../../harness/pvc';
import type { TestContext } from '../../harness/test-context';
import { folderObjects } from '../../harness/tree';
import { otherDriver } from '../../harness/volumes';
import { eventually } from '../../harness/waiting';
import { current, sync } from '../upgrade';

const { onepassword: _, ...others } = homelab;

/** Everything is there already, another driver has the volumes, and the credentials are in a Secret of one's own. */
const site: SiteValues = {
  ...others,
  ownSecret: { name: 'backup-store', keys: { kopiaPassword: 'kopia-password' } },
  externalSecrets: { install: false },
  longhorn: { install: false },
  snapshotController: { install: false },
  storage: { storageClass: 'other', snapshotClass: 'backup-other', snapshotClasses: { longhorn: 'longhorn-snapclass' } },
  snapshots: { driver: otherDriver, outliveVolumes: true },
  volsync: { install: false },
  kyverno: { install: false },
  monitoring: { prometheusStack: false },
  namespaces: { install: false },
  projects: { install: false },
  myApps: { install: false },
  argocdConfig: false,
};

const plumberSecret = { ...kinds.secret, namespace: 'volsync-system', name: 'pvc-plumber-s3' } as const;

export const existingClusterScenarios: readonly DataScenario[] = [
  {
    name: 'everything is there already, with another driver, another snapshot class and the credentials in a Secret of one’s own: every byte is back',
    pvcs: 1,
    play: async (context) => {
      const { api } = context.cluster;
      const conditions = (await api.find(kyvernoConfig))?.['data'].matchConditions as string | undefined;
      check(conditions !== undefined, 'the tree’s Kyverno has conditions in its ConfigMap, which this scenario takes away');
      try {
        // A Kyverno of somebody else's.
        await api.patch(kyvernoConfig, { data: { matchConditions: null } });
        await adopt(context);
        const options = { spec: { storageClassName: 'other' } };
        await context.cluster.namespace('adopted');
        await context.protect('adopted', 'data', options);
        const second = await generatedFor(context.cluster, await context.admitted('adopted', 'second', { spec: { storageClassName: 'longhorn' } }));
        same(second.source['spec'].kopia.volumeSnapshotClassName, 'longhorn-snapclass', 'the snapshot class of a volume of Longhorn');
        await context.firstRound('adopted', 'second');
        await context.lose('adopted', 'second');
        const source = (await api.find({ ...kinds.source, namespace: 'adopted', name: 'data-backup' }))?.['spec'];
        same(source.kopia.volumeSnapshotClassName, 'backup-other', 'the snapshot class of the backup');
        await context.lose('adopted', 'data');
        const back = await context.admitted('adopted', 'data', options);
        check(decisionOf(back) === 'restore', `the decision is ${decisionOf(back)}`);
        await context.restored('adopted', 'data');
        // A snapshot of this driver outlives its volume, so the temporary one does not wait for the first backup.
        await eventually('the temporary volume of the restore is gone', 60, async () => {
          const claims = (await api.list('v1', 'PersistentVolumeClaim', 'adopted')).map(({ metadata }) => metadata.name);
          return claims.join() === 'data';
        });
        // The law holds as before.
        refused(await api.create(pvc('adopted', 'random', { ...options, metadata: { name: undefined, generateName: 'x-' } })), 'unsupported');
      } finally {
        await giveBack(context, conditions!);
      }
    },
  },
];

/** Applies what the tree of that site has, as Argo CD does. */
async function adopt({ cluster, store }: TestContext): Promise<void> {
  const rendered = [...buildTree(site, undefined, '/nowhere').render().values()].flatMap(({ objects }) => objects as unknown as KubeObject[]);
  const appliedKinds = [
    'ServiceAccount',
    'Role',
    'RoleBinding',
    'ClusterSecretStore',
    'VolumeSnapshotClass',
    'ExternalSecret',
    'ClusterRole',
    'ClusterRoleBinding',
  ];
  const apiServer = cluster.plane.address;
  const { accessKeyId, secretAccessKey, kopiaPassword, endpoint, bucket } = store;
  await cluster.applyAll([
    { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'other' }, provisioner: otherDriver } as unknown as KubeObject,
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'backup-store', namespace: 'volsync-system' },
      stringData: { accessKeyId, secretAccessKey, 'kopia-password': kopiaPassword, endpoint, bucket },
    } as unknown as KubeObject,
    ...rendered
      .filter(({ kind }) => appliedKinds.includes(kind))
      // The address by which a Pod finds the API server is not there.
      .map((object) => {
        if (object.kind === 'ClusterSecretStore') object['spec'].provider.kubernetes.server.url = apiServer;
        return object;
      }),
  ]);
  await eventually('pvc-plumber has the credentials of that Secret', 90, async () => {
    const found = await cluster.api.find(plumberSecret);
    const ready = (found?.['status']?.conditions as { type: string; status: string }[] | undefined)?.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    );
    return ready === true && found?.['spec'].secretStoreRef.name === 'backup-credentials';
  });
  await cluster.applyAll(rendered.filter(({ kind }) => kind.startsWith('ValidatingAdmissionPolicy')));
  await sync(
    cluster,
    rendered.filter(({ kind }) => kind === 'ClusterPolicy'),
  );
}

async function giveBack({ cluster }: TestContext, conditions: string): Promise<void> {
  await cluster.api.patch(kyvernoConfig, { data: { matchConditions: conditions } });
  await cluster.applyAll([
    ...folderObjects('infrastructure/controllers/backstop'),
    ...folderObjects('infrastructure/controllers/pvc-plumber').filter(({ kind }) => kind === 'ExternalSecret'),
  ]);
  await sync(cluster, current());
}
