import { annotation } from '../../../lib/model/naming';
import { storageClass } from '../../harness/volumes';
import type { History } from './history';
import { refusedInWords } from './invariant';
import { ask, Step, volumeRef } from './steps';

/** A volume of the site's class that any PVC could be bound to: made by hand, or kept and given free. */
export class LooseVolume extends Step {
  protected readonly what = 'loose volume';
  constructor(readonly how: 'made' | 'made for the PVC' | 'kept and given free') {
    super();
  }
  override check(history: Readonly<History>): boolean {
    return this.how !== 'kept and given free' || history.kept !== undefined;
  }
  protected async act(history: History): Promise<void> {
    const { namespace, name, world } = history;
    const { api } = world.cluster;
    const { provisioner, metadata } = storageClass;
    if (this.how === 'kept and given free') {
      const reply = await ask(history, String(this), () => api.patch(volumeRef(history.kept!), { spec: { claimRef: null } }));
      if (reply?.status === 422) refusedInWords(history, reply);
      return;
    }
    const handle = `${namespace}-${name}-${history.version}-${history.log.length}`;
    await world.makeVolume(handle);
    const volume = {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: handle },
      spec: {
        accessModes: ['ReadWriteOnce'],
        capacity: { storage: '1Gi' },
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: metadata.name,
        csi: { driver: provisioner, volumeHandle: handle },
        ...(this.how === 'made' ? {} : { claimRef: { namespace, name } }),
      },
    };
    const reply = await ask(history, String(this), () => api.create(volume));
    if (reply !== undefined && reply.status >= 300) refusedInWords(history, reply);
  }
}

/** A person gives a kept volume to the PVC, as docs/restore.md says. */
export class Reattach extends Step {
  protected readonly what = 're-attach';
  override check(history: Readonly<History>): boolean {
    return history.kept !== undefined && history.claim === undefined;
  }
  protected async act(history: History): Promise<void> {
    const { namespace, name, kept = '' } = history;
    const patch = {
      metadata: { annotations: { [annotation.reattachReason]: 'it is newer' } },
      spec: { claimRef: { namespace, name, uid: null, resourceVersion: null } },
    };
    await ask(history, String(this), () => history.world.cluster.api.patch(volumeRef(kept), patch));
    history.attached = kept;
  }
}
