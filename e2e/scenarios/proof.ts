import { restoreProofText } from '../../lib/model/mover';
import type { KubeObject } from '../harness/api';
import { check, same } from '../harness/check';
import { scenario, type Scenario } from '../harness/scenario';
import { admitted, generatedFor, kinds, pvc } from '../harness/pvc';
import { eventually } from '../harness/waiting';

const proven = `[INFO] ${restoreProofText}`;
const unproven = /did not confirm that it restored a complete backup/;

export const proofScenarios: readonly Scenario[] = [
  scenario('the image of a restore is taken only with the word of the mover that something was restored', async (cluster) => {
    const ns = await cluster.namespace('proof');
    cluster.plumberEndpoint.putBackup(ns, 'data');
    const live = admitted(await cluster.api.create(pvc(ns, 'data')));
    await generatedFor(cluster, live);
    const snapshot = (name: string, owner = 'another'): KubeObject => ({
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshot',
      metadata: {
        namespace: ns,
        name,
        labels: { 'app.kubernetes.io/created-by': 'volsync' },
        ownerReferences: [{ apiVersion: 'volsync.backube/v1alpha1', kind: 'ReplicationDestination', name, uid: owner }],
      },
      spec: { source: { persistentVolumeClaimName: 'any' } },
    });
    const ref = { ...kinds.destination, namespace: ns, name: String(live['spec'].dataSourceRef.name) };
    const image = (name: string): object => ({ latestImage: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name } });
    const logs = (log: string): object => ({ latestMoverStatus: { result: 'Successful', logs: log } });
    for (const [what, status] of Object.entries({
      'no log': image('a'),
      'an empty log': { ...image('a'), ...logs('') },
      'the log of a mover that found nothing': { ...image('a'), ...logs('No eligible snapshots found') },
      'only the words of VolSync itself, which come after an incomplete backup too': {
        ...image('a'),
        ...logs('[INFO] Snapshot restore completed successfully'),
      },
    })) {
      const { status: code, message } = await cluster.api.patchStatus(ref, status);
      check(code === 422 && unproven.test(message), `with ${what} the image is taken: ${code} ${message}`);
    }
    const uid = String((await cluster.api.find(ref))?.metadata.uid);
    // Tools that adopt objects overwrite labels of all of a kind.
    await cluster.api.patch(ref, { metadata: { labels: { 'app.kubernetes.io/managed-by': 'Helm' } } });
    same(
      (await cluster.api.patchStatus(ref, { ...image('a'), ...logs('') })).status,
      422,
      'the status of an image without a proof under another label',
    );
    await eventually('a snapshot without a word of the mover is refused', 30, async () => {
      const { status: code, message } = await cluster.api.create(snapshot('early', uid), '&dryRun=All');
      return code === 422 && unproven.test(message);
    });
    const { status: other } = await cluster.api.create(snapshot('other'));
    check(other === 201, 'the snapshot of a backup is refused');
    // What VolSync writes on its way there.
    const start = { lastSyncStartTime: new Date().toISOString().replace(/\.\d+/, ''), ...logs('') };
    for (const status of [start, { ...image('a'), ...logs(proven) }, { conditions: [] }, logs('')]) {
      const { status: code, message } = await cluster.api.patchStatus(ref, status);
      check(code === 200, `a status is refused: ${message}`);
    }
    await cluster.api.patchStatus(ref, logs(proven));
    await eventually(
      'with the word of the mover the snapshot is cut',
      30,
      async () => (await cluster.api.create(snapshot('late', uid))).status === 201,
    );
    // A person's, in the place of the one that was generated.
    await cluster.api.patchStatus(ref, logs(proven));
    await cluster.api.patch(ref, { spec: { kopia: { repository: 'mine' } } });
    const elsewhere = await cluster.api.patchStatus(ref, { ...image('c'), ...logs(proven) });
    check(
      elsewhere.status === 422 && /was not generated for it/.test(elsewhere.message),
      `an image from elsewhere: ${elsewhere.status} ${elsewhere.message}`,
    );
    await cluster.api.patch(ref, { spec: { kopia: { repository: 'volsync-data' } } });
    const nobodys = await cluster.api.create({ ...kinds.destination, metadata: { namespace: ns, name: 'data-restore-undecided' }, spec: {} });
    check(
      nobodys.status === 422 && nobodys.message.includes('which nobody makes'),
      `the restore that nobody makes: ${nobodys.status} ${nobodys.message}`,
    );
    await cluster.api.patchStatus(ref, logs(''));
    const { status: code } = await cluster.api.patchStatus(ref, image('b'));
    check(code === 422, 'another image without a word is taken');
  }),
  scenario(
    'everybody else’s snapshots are cut while the API server has not found VolSync’s kinds, which it takes half a minute for',
    async (cluster) => {
      const ns = await cluster.namespace('snapshots');
      const spec = { source: { persistentVolumeClaimName: 'any' } };
      await cluster.plane.restartApiServer();
      const { status, message } = await eventually('the API server takes snapshots', 10, async () => {
        const reply = await cluster.api.create({
          apiVersion: 'snapshot.storage.k8s.io/v1',
          kind: 'VolumeSnapshot',
          metadata: { namespace: ns, name: 'mine' },
          spec,
        });
        return reply.status !== 404 && reply;
      });
      same(status, 201, `the status of a snapshot of somebody else (${message})`);
      await cluster.kyverno.registered();
    },
  ),
];
