import type { Api, KubeObject } from '../api';
import { Informers } from '../informer';
import { Loop } from '../waiting';

const pods = { apiVersion: 'v1', kind: 'Pod' } as const;

/** Says of every Pod that it runs, and of a Job's that it is done: there is no node here, and what counts is what Argo CD makes of it. */
export class Pods {
  private readonly seen: Informers;
  private readonly loop: Loop;
  /** Whether a Pod may be ready. What it stands for may have to be started first. */
  ready: (pod: KubeObject) => Promise<boolean> = () => Promise.resolve(true);

  constructor(private readonly api: Api) {
    this.seen = new Informers(api);
    this.loop = new Loop('pods', 250, () => this.tick());
  }

  start(): void {
    this.seen.of(pods);
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await this.seen.stop();
  }

  private async tick(): Promise<void> {
    for (const pod of this.seen.of(pods).list()) {
      const { name, namespace = '', ownerReferences, deletionTimestamp } = pod.metadata;
      if (deletionTimestamp !== undefined) await this.api.request('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}?gracePeriodSeconds=0`);
      if (deletionTimestamp !== undefined || (pod['status']?.phase ?? 'Pending') !== 'Pending' || !(await this.ready(pod))) continue;
      const done = ownerReferences?.some(({ kind }) => kind === 'Job') === true;
      await this.api.patchStatus(
        { ...pods, namespace, name },
        { phase: done ? 'Succeeded' : 'Running', conditions: [{ type: 'Ready', status: done ? 'False' : 'True' }] },
      );
    }
  }
}
