import * as https from 'node:https';
import { selfSigned } from '../../pvc-plumber/testing/certificate';
import type { Api, KubeObject } from './api';
import type { Informers } from './informer';
import { MoverHooks, type Moment } from './mover';
import { ConfigError, PodRun, type PodSpec, type Run } from './pod';
import type { Volumes } from './volumes';
import { Loop, sleep } from './waiting';

const nodeName = 'e2e-node';
const port = 10250;
const beatMs = 10_000;

type Step = (pod: KubeObject, moment: Moment) => Promise<void>;

interface Running {
  readonly run: PodRun;
  readonly done: Promise<void>;
}

/**
 * Scheduler and kubelet of one node, played for the Pods of movers: it waits for their volumes, runs their command in a container of their own with
 * the environment, the user, the rights and the volumes that they ask for, and serves its log to the API server. Jobs and their retries are
 * kube-controller-manager's.
 */
export class Kubelet {
  private readonly steps = new Set<Step>();
  private readonly pods = new Map<string, Running>();
  private readonly inHand = new Map<string, Promise<void>>();
  /** Pods that can't be started as they are, by uid. */
  private readonly refused = new Set<string>();
  private readonly ended: Run[] = [];
  private readonly hooks = new MoverHooks();
  /** Why the last turn of a Pod failed; the loop says it. */
  private problem: Error | undefined;
  private readonly loop = new Loop('kubelet', 100, () => this.tick());
  private readonly beat = new Loop('node', beatMs, () => this.heartbeat());
  private server: https.Server | undefined;

  constructor(
    private readonly api: Api,
    private readonly volumes: Volumes,
    private readonly seen: Informers,
  ) {}

  async start(): Promise<void> {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName, labels: { 'kubernetes.io/hostname': nodeName } } };
    const { status, message } = await this.api.apply(node);
    if (status >= 300) throw new Error(`Node: ${message}`);
    const certificate = selfSigned();
    this.server = https.createServer(certificate, (request, response) => {
      const [, , namespace, pod] = (request.url ?? '').split(/[/?]/);
      response.end((this.pods.get(`${namespace}/${pod}`)?.run.log ?? []).map((line) => `${line}\n`).join(''));
    });
    await new Promise<void>((resolve) => void this.server?.listen(port, '127.0.0.1', resolve));
    await this.hooks.open();
    await this.heartbeat();
    this.loop.start();
    this.beat.start();
  }

  /** What a Pod has said. */
  logOf({ metadata: { namespace, name } }: KubeObject): string {
    return (this.pods.get(`${namespace}/${name}`)?.run.log ?? []).join('\n');
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    // What waits for the end of a Pod, and what has just begun.
    const killAll = (): void => [...this.pods.values()].forEach(({ run }) => run.container.kill());
    killAll();
    await Promise.all(this.inHand.values());
    killAll();
    await Promise.all([...this.pods.values()].map(({ done }) => done));
    void this.beat.stop();
    this.hooks.close();
    this.server?.closeAllConnections();
    this.server?.close();
  }

  /** Steps into each mover's run; it goes on when the promise does. @returns ends that */
  stepIn(step: Step): () => void {
    this.steps.add(step);
    return () => void this.steps.delete(step);
  }

  /** SIGKILL for a Pod's processes, as when its node loses power. */
  kill({ metadata: { namespace, name } }: KubeObject): void {
    this.pods.get(`${namespace}/${name}`)?.run.container.kill();
  }

  /** SIGTERM for a Pod's first process while the Pod stays, as when its node is shut down; SIGKILL when that does not end it. */
  async terminate({ metadata: { namespace, name } }: KubeObject, graceSeconds = 30): Promise<void> {
    const running = this.pods.get(`${namespace}/${name}`);
    if (running !== undefined) await end(running, graceSeconds);
  }

  /** The runs of a namespace that have ended, in that order. */
  runsIn(namespace: string): readonly Run[] {
    return this.ended.filter((run) => run.namespace === namespace);
  }

  private async heartbeat(): Promise<void> {
    const now = new Date().toISOString();
    const renewTime = now.replace('Z', '000Z');
    await this.api.apply({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace: 'kube-node-lease', name: nodeName },
      spec: { holderIdentity: nodeName, leaseDurationSeconds: 40, renewTime },
    });
    const conditions = [
      { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'played', lastHeartbeatTime: now, lastTransitionTime: now },
    ];
    const addresses = [{ type: 'InternalIP', address: '127.0.0.1' }];
    await this.api.patchStatus(
      { apiVersion: 'v1', kind: 'Node', name: nodeName },
      { conditions, addresses, daemonEndpoints: { kubeletEndpoint: { Port: port } } },
    );
  }

  /** One Pod does not wait for another: what takes longer than a tick goes on in the next. */
  private async tick(): Promise<void> {
    const problem = this.problem;
    this.problem = undefined;
    for (const pod of this.seen.of({ apiVersion: 'v1', kind: 'Pod' }).list()) {
      const key = `${pod.metadata.namespace}/${pod.metadata.name}`;
      if (this.inHand.has(key)) continue;
      const turn = this.turn(pod, key)
        .catch((error: Error) => (this.problem = error))
        .then(() => void this.inHand.delete(key));
      this.inHand.set(key, turn);
    }
    if (problem !== undefined) throw problem;
  }

  private async turn(pod: KubeObject, key: string): Promise<void> {
    if (pod.metadata.deletionTimestamp !== undefined) await this.remove(pod, key);
    else if (pod['status']?.phase === 'Pending' && !this.pods.has(key) && isMover(pod)) await this.begin(pod, key);
  }

  /** The end of a Pod that is deleted: SIGTERM, and SIGKILL when its time is over. */
  private async remove(pod: KubeObject, key: string): Promise<void> {
    const running = this.pods.get(key);
    const { deletionGracePeriodSeconds: grace } = pod.metadata as { readonly deletionGracePeriodSeconds?: number };
    if (running !== undefined) await end(running, grace ?? 30);
    const path = `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`;
    const preconditions = { uid: pod.metadata.uid };
    await this.api.request('DELETE', path, { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, preconditions });
  }

  /** Starts a Pod when its volumes are bound and its Secret is there; a later tick tries again. */
  private async begin(pod: KubeObject, key: string): Promise<void> {
    const { uid = '' } = pod.metadata;
    if (this.refused.has(uid)) return;
    let at: (moment: Moment) => Promise<void> = () => Promise.resolve();
    const hooks = this.hooks.let((moment) => at(moment));
    try {
      const run = await PodRun.prepare(this.api, this.volumes, pod, hooks.address);
      if (run === undefined) return hooks.close();
      at = async (moment) => {
        for (const step of this.steps) await Promise.race([step(pod, moment), run.container.dead]);
      };
      this.pods.set(key, { run, done: this.live(pod, run).finally(hooks.close) });
    } catch (error) {
      hooks.close();
      if (!(error instanceof ConfigError)) throw error;
      this.refused.add(uid);
      console.log(`         kubelet: ${error.message}`);
      const waiting = { waiting: { reason: 'CreateContainerConfigError', message: error.message } };
      await this.tell(pod, { containerStatuses: [{ name: 'kopia', image: '', imageID: '', ready: false, restartCount: 0, state: waiting }] });
    }
  }

  private async live(pod: KubeObject, run: PodRun): Promise<void> {
    const { namespace, name } = pod.metadata;
    const target = { apiVersion: 'v1', kind: 'Node', name: nodeName };
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target };
    await answered(() => this.api.request('POST', `/api/v1/namespaces/${namespace}/pods/${name}/binding`, binding));
    this.ended.push(await run.live((status) => this.tell(pod, status)));
  }

  /** Writes a Pod's status, again while the API server does not answer. */
  private async tell({ metadata: { namespace = '', name } }: KubeObject, status: object): Promise<void> {
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name };
    await answered(() => this.api.patchStatus(ref, status));
  }
}

/** Asks the API server again until it answers, for two minutes: it may be restarted, and a kubelet outlives that. */
async function answered(ask: () => Promise<{ readonly status: number }>): Promise<void> {
  for (let attempt = 0; attempt < 480; attempt += 1) {
    const { status } = await ask().catch(() => ({ status: 0 }));
    if (status === 404 || status === 409 || (status >= 200 && status < 300)) return;
    await sleep(250);
  }
}

async function end({ run, done }: Running, graceSeconds: number): Promise<void> {
  run.container.terminate();
  let over = false;
  const ended = done.then(() => (over = true));
  await Promise.race([ended, sleep(graceSeconds * 1000)]);
  if (!over) run.container.kill();
  await ended;
}

/** Whether a Pod is the volsync controller's, or runs the mover's script in its name. */
function isMover({ metadata, spec }: KubeObject): boolean {
  const commands = (spec as PodSpec).containers.flatMap(({ command = [] }) => command);
  return metadata.labels?.['app.kubernetes.io/created-by'] === 'volsync' || commands.includes('/mover-kopia/entry.sh');
}
