import { annotation } from '../../lib/model/naming';
import { looseVolumePolicy } from '../../lib/model/policy-names';
import type { KubeObject } from '../harness/api';
import { check, same } from '../harness/check';
import { admitted, pvc, refused } from '../harness/pvc';
import { parallelScenario, type Scenario } from '../harness/scenario';
import { storageClass } from '../harness/volumes';

const kind = { apiVersion: 'v1', kind: 'PersistentVolume' } as const;

function volume(name: string, spec: object, annotations: Record<string, string> = {}): KubeObject {
  return {
    ...kind,
    metadata: { name, annotations },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: storageClass.metadata.name,
      csi: { driver: storageClass.provisioner, volumeHandle: name },
      ...spec,
    },
  };
}

export const looseVolumeScenarios: readonly Scenario[] = [
  parallelScenario('a volume of the class that no claim owns is refused: a PVC would be bound to it in place of its restore', async (cluster) => {
    const ns = await cluster.namespace('loose');
    const claim = { namespace: ns, name: 'nobody' };
    const words = new RegExp(`${looseVolumePolicy}.*in place of a restore.*${annotation.reattachReason}`);
    refused(await cluster.api.create(volume(`${ns}-loose`, {})), words);
    refused(await cluster.api.create(volume(`${ns}-named`, { claimRef: claim })), words);
    admitted(await cluster.api.create(volume(`${ns}-other`, { storageClassName: 'by-hand' })));
    // As a provisioner makes it. No such claim is there, so it becomes Released and stays.
    const uid = '4f6e2f4e-7d0c-4a6e-9d0a-0123456789ab';
    admitted(await cluster.api.create(volume(`${ns}-owned`, { claimRef: { ...claim, uid } })));
    const off = await cluster.api.patch({ ...kind, name: `${ns}-owned` }, { spec: { claimRef: null } });
    check(off.status === 422 && words.test(off.message), `the claimRef can be taken off: ${off.status} ${off.message}`);
    const why = { [annotation.reattachReason]: 'the cluster was made anew on the same disks' };
    admitted(await cluster.api.create(volume(`${ns}-again`, { claimRef: claim }, why)));
    for (const name of ['other', 'owned', 'again'])
      same((await cluster.api.delete({ ...kind, name: `${ns}-${name}` })).status, 200, `the deletion of ${name}`);
  }),
  parallelScenario('a PVC with a backup that names a volume is refused; with skip-restore and a reason it is bound to it', async (cluster) => {
    const ns = await cluster.namespace('own-volume');
    cluster.plumberEndpoint.putBackup(ns, 'data');
    refused(await cluster.api.create(pvc(ns, 'data', { spec: { volumeName: `${ns}-kept` } })), 'ownVolume');
    refused(await cluster.api.create(pvc(ns, 'data', { spec: { storageClassName: '' } })), 'noClass');
    const skip = { [annotation.skipRestore]: 'true', [annotation.skipRestoreReason]: 'the retained volume is newer' };
    admitted(await cluster.api.create(pvc(ns, 'data', { spec: { volumeName: `${ns}-kept` }, annotations: skip })));
  }),
];
