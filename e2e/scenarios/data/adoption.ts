import { homelab } from '../../../examples/homelab/site';
import { buildTree, type SiteValues } from '../../../lib';
import { objectNames } from '../../../lib/gitops/object-names';
import { backupLabel } from '../../../lib/model/naming';
import { askedOf, pageSite } from '../../../test/support/existing-page';
import { check, same } from '../../harness/check';
import { type Contents, difference } from '../../harness/data';
import type { DataScenario } from '../../harness/data-scenario';
import { changed, everything, type Inventory } from '../../harness/everything';
import { type ChartValues, useKyverno } from '../../harness/kyverno';
import { decisionOf, generatedFor, kinds, pvc, pvcRef, refused } from '../../harness/pvc';
import { Shell } from '../../harness/shell';
import type { TestContext } from '../../harness/test-context';
import { treeOf, useTree } from '../../harness/tree';
import { eventually } from '../../harness/waiting';
import { backedUpByHand, backUpByHand, foreignObjects, oldPrefix } from './others';

const namespaces = ['media', 'home', 'paperless'] as const;

/** The page's own site, before the store of this run; VolSync with Kopia is there as well, and Argo CD has the keys of its ConfigMap from elsewhere. */
const site = (): SiteValues => ({ ...pageSite(), s3: homelab.s3, volsync: { install: false }, argocdConfig: false });

const ofClaims = { spec: { storageClassName: 'ceph-block' } };

export const adoptionScenarios: readonly DataScenario[] = [
  {
    name: 'a cluster of others is adopted as docs/existing-cluster.md says: nothing of theirs changes, three PVCs come back by ours, their old history stays',
    pvcs: namespaces.length,
    play: async (context) => {
      const { environment, store } = context;
      useTree(treeOf(site()));
      useKyverno(askedOf('Kyverno') as unknown as ChartValues);
      try {
        await environment.replaceCluster();
        const { cluster } = context;
        await cluster.startPrograms();
        await cluster.applyAll(foreignObjects(store));
        const old = await Promise.all(namespaces.map((namespace) => backedUpByHand(context, namespace)));
        const stored = storedByHand(context);
        const before = await atRest(context);

        await namesAreFree(context);
        await cluster.adopt();
        same(changed(before, await everything(cluster.api)), [], 'what the tree changed');
        await eventually('the lease of the old cluster is taken over', 60, () => cluster.plumberEndpoint.takeOver());
        await Promise.all(namespaces.map((namespace) => label(context, namespace)));
        const own = ['PersistentVolumeClaim'];
        same(changed(before, await atRest(context), own), [], 'what the labels changed');

        await Promise.all(namespaces.map((namespace) => comesBack(context, namespace)));
        same(changed(before, await atRest(context), [...own, 'PersistentVolume']), [], 'what the restores changed');
        same(storedByHand(context), stored, 'the objects of the old repositories');
        await Promise.all(namespaces.map((namespace, index) => historyIsThere(context, namespace, old[index]!)));
        // Theirs goes on beside ours, for as long as they want it.
        await backUpByHand(context, namespaces[0]);
        return `${before.size} objects of others as they were`;
      } finally {
        useTree();
        useKyverno();
      }
    },
  },
];

/** The page's first step: nothing in the cluster has a name that the tree will own. The example's tree would meet what is there. */
async function namesAreFree({ cluster }: TestContext): Promise<void> {
  const there = new Set([...(await everything(cluster.api)).keys()].map((name) => name.toLowerCase()));
  const taken = (values: SiteValues): string[] =>
    objectNames(buildTree(values, undefined, '/nowhere').render())
      .map((line) => line.replace(/^(\S+) ([^./]+)[^/]*\/(.*)$/, '$2 $1/$3').toLowerCase())
      .filter((name) => there.has(name));
  same(taken(site()), [], 'names that are taken');
  for (const name of ['appproject argocd/infrastructure', 'application argocd/kyverno', 'volumesnapshotclass -/longhorn-snapclass'])
    check(taken(homelab).includes(name), `the example does not need ${name}, so this proves nothing`);
}

/** Everything, when no mover is at work. */
async function atRest({ cluster }: TestContext): Promise<Inventory> {
  await eventually('no mover is at work', 120, async () => (await cluster.api.list('batch/v1', 'Job')).length === 0, 500);
  return everything(cluster.api);
}

/** A person labels a PVC that exists: it is asked about, and gets what protects it. */
async function label(context: TestContext, namespace: string): Promise<void> {
  const { cluster } = context;
  const live = await eventually(`the label of ${namespace}/data`, 60, async () => {
    const { status, body, message } = await cluster.api.patch(pvcRef(namespace, 'data'), { metadata: { labels: { [backupLabel]: 'hourly' } } });
    if (status !== 200) throw new Error(message);
    return body;
  });
  same(decisionOf(live), 'fresh', `the decision about ${namespace}/data`);
  const { source, secret } = await generatedFor(cluster, live);
  same(source['spec'].kopia.volumeSnapshotClassName, 'backup-ceph-block', 'the snapshot class of the backup');
  same(secret['spec'].secretStoreRef, { kind: 'ClusterSecretStore', name: 'vault' }, 'the store of the credentials');
  await context.firstRound(namespace, 'data');
}

/** What was written since the label is backed up by ours, lost, and comes back. */
async function comesBack(context: TestContext, namespace: string): Promise<void> {
  const { api } = context.cluster;
  await context.backUp(namespace, 'data', await context.write(namespace, 'data'));
  await context.lose(namespace, 'data');
  // The manifest of old: it would be filled from the old repository.
  const dataSourceRef = { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: 'data-dst' };
  refused(await api.create(pvc(namespace, 'data', { spec: { ...ofClaims.spec, dataSourceRef } })), 'foreignSource');
  same(decisionOf(await context.admitted(namespace, 'data', ofClaims)), 'restore', `the decision about ${namespace}/data`);
  await context.restored(namespace, 'data');
  await eventually(`the restore of ${namespace}/data is cleared away`, 180, async () => {
    const all = await api.list(kinds.destination.apiVersion, kinds.destination.kind, namespace);
    return all.map(({ metadata }) => metadata.name).join() === 'data-dst';
  });
}

/** The objects of the old repositories with their sizes. */
function storedByHand({ store }: TestContext): readonly string[] {
  return namespaces.flatMap((namespace) => [...store.keys(oldPrefix(namespace)), String(store.bytes(oldPrefix(namespace)))]);
}

/** The stock `kopia` reads both old backups. */
async function historyIsThere(context: TestContext, namespace: string, old: readonly Contents[]): Promise<void> {
  const shell = await Shell.at(context, namespace, 'data', oldPrefix(namespace));
  const list = JSON.parse(await shell.run('kopia', 'snapshot', 'list', '--all', '--json')) as { readonly id: string }[];
  same(list.length, old.length, `old backups of ${namespace}`);
  for (const [index, { id }] of list.entries()) {
    await shell.run('kopia', 'snapshot', 'restore', id, `old-${index}`);
    const problem = difference(shell.read(`old-${index}`), old[index]!);
    check(problem === undefined, `the old backup ${index} of ${namespace} is not what it was: ${problem}`);
  }
}
