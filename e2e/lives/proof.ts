import { check } from '../harness/check';
import { life, type Life } from '../harness/life';
import { admitted, childrenOf, kinds, pvc } from '../harness/pvc';

const proven = '[INFO] Snapshot restore completed successfully';

export const proofLives: readonly Life[] = [
  life('the image of a restore is taken only with the word of the mover that something was restored', async (world) => {
    const ns = await world.namespace('proof');
    world.door.putBackup(ns, 'data');
    const live = admitted(await world.api.create(pvc(ns, 'data')));
    await childrenOf(world, live);
    const ref = { ...kinds.destination, namespace: ns, name: String(live['spec'].dataSourceRef.name) };
    const image = (name: string): object => ({ latestImage: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name } });
    const logs = (text: string): object => ({ latestMoverStatus: { result: 'Successful', logs: text } });
    for (const [what, status] of Object.entries({
      'no log': image('a'),
      'an empty log': { ...image('a'), ...logs('') },
      'the log of a mover that found nothing': { ...image('a'), ...logs('No eligible snapshots found') },
      'both in one log': { ...image('a'), ...logs(`No eligible snapshots found\n${proven}`) },
    })) {
      const { status: code, message } = await world.api.patchStatus(ref, status);
      check(code === 422 && /does not say that anything was restored/.test(message), `with ${what} the image is taken: ${code} ${message}`);
    }
    // What VolSync writes on its way there.
    const start = { lastSyncStartTime: new Date().toISOString().replace(/\.\d+/, ''), ...logs('') };
    for (const status of [start, { ...image('a'), ...logs(proven) }, { conditions: [] }, logs('')]) {
      const { status: code, message } = await world.api.patchStatus(ref, status);
      check(code === 200, `a status is refused: ${message}`);
    }
    const { status: code } = await world.api.patchStatus(ref, image('b'));
    check(code === 422, 'another image without a word is taken');
  }),
];
