import { statSync } from 'node:fs';
import * as https from 'node:https';
import { selfSigned } from '../../test/support/s3/certificate';
import type { Api, KubeObject } from './api';
import { Container } from './container';
import { type Moment, type MoverRun, runMover } from './mover';
import type { Informers } from './informer';
import { Loop, sleep } from './waiting';
import { run, type Volumes } from './volumes';

const nodeName = 'e2e-node';
const port = 10250;
const beatMs = 10_000;

type Step = (pod: KubeObject, moment: Moment) => Promise<void>;

interface Running {
  readonly container: Container;
  readonly log: string[];
  readonly done: Promise<void>;
}

interface Env {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string; readonly optional?: boolean } };
}

/**
 * Scheduler and kubelet of one node, played for the Pods of movers: it waits for their volumes, gives them the environment that they ask for, runs what
 * their container would run, and serves its log to the API server. Jobs and their retries are kube-controller-manager's.
 */
export class Kubelet {
  private readonly steps = new Set<Step>();
  private readonly pods = new Map<string, Running>();
  private readonly inHand = new Map<string, Promise<void>>();
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
      response.end((this.pods.get(`${namespace}/${pod}`)?.log ?? []).map((line) => `${line}\n`).join(''));
    });
    await new Promise<void>((resolve) => void this.server?.listen(port, '127.0.0.1', resolve));
    await this.heartbeat();
    this.loop.start();
    this.beat.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await Promise.all(this.inHand.values());
    for (const { container } of this.pods.values()) container.kill();
    await Promise.all([...this.pods.values()].map(({ done }) => done));
    void this.beat.stop();
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
    this.pods.get(`${namespace}/${name}`)?.container.kill();
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
    else if (pod['status']?.phase === 'Pending' && !this.pods.has(key)) await this.begin(pod, key);
  }

  private async remove(pod: KubeObject, key: string): Promise<void> {
    const running = this.pods.get(key);
    running?.container.kill();
    await running?.done;
    const path = `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`;
    const preconditions = { uid: pod.metadata.uid };
    await this.api.request('DELETE', path, { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, preconditions });
  }

  /** Starts a Pod when its volumes are bound and its Secret is there; a later tick tries again. */
  private async begin(pod: KubeObject, key: string): Promise<void> {
    const { namespace = '', name, uid } = pod.metadata;
    const { volumes, containers, securityContext = {} } = pod['spec'] as PodSpec;
    const [container] = containers;
    const action = actionOf(container);
    if (container === undefined || action === undefined) return;
    const claim = volumes.find(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)?.persistentVolumeClaim?.claimName;
    if (claim !== undefined && !this.volumes.isBound(namespace, claim)) return;
    const folder = claim === undefined ? undefined : await this.volumes.folderOf(namespace, claim);
    const env = await this.environment(namespace, container);
    if (env === undefined) return;
    const user = { uid: securityContext.runAsUser ?? 0, gid: securityContext.runAsGroup ?? securityContext.runAsUser ?? 0 };
    if (folder !== undefined && securityContext.fsGroup !== undefined) await giveToGroup(folder, securityContext.fsGroup);
    const mount = container.volumeMounts.find(({ name: each }) => each === 'data')?.mountPath ?? '/data';
    const log: string[] = [];
    const box = new Container(`${namespace}-${name}-${uid}`, folder === undefined ? {} : { [mount]: folder }, user);
    const moverRun: MoverRun = {
      action,
      container: box,
      env,
      log: (line) => void log.push(line),
      at: async (moment) => {
        for (const step of this.steps) await Promise.race([step(pod, moment), box.dead]);
      },
      ...(folder === undefined ? {} : { volume: folder }),
    };
    if (this.pods.has(key)) return;
    this.pods.set(key, { container: box, log, done: this.live(pod, moverRun) });
  }

  private async live(pod: KubeObject, moverRun: MoverRun): Promise<void> {
    const { namespace = '', name } = pod.metadata;
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace, name };
    const target = { apiVersion: 'v1', kind: 'Node', name: nodeName };
    await this.api.request('POST', `/api/v1/namespaces/${namespace}/pods/${name}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name },
      target,
    });
    const startTime = new Date().toISOString().replace(/\.\d+/, '');
    const status = (phase: string, state: object): object => ({
      phase,
      startTime,
      containerStatuses: [{ name: 'kopia', image: 'kopia-mover', imageID: 'kopia-mover', ready: false, restartCount: 0, state }],
    });
    await this.api.patchStatus(ref, status('Running', { running: { startedAt: startTime } }));
    const exitCode = await runMover(moverRun).catch((error: Error) => {
      moverRun.log(`the harness failed: ${error.stack}`);
      return 1;
    });
    const finishedAt = new Date().toISOString().replace(/\.\d+/, '');
    const state = { terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: startTime, finishedAt } };
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const { status: code } = await this.api.patchStatus(ref, status(exitCode === 0 ? 'Succeeded' : 'Failed', state)).catch(() => ({ status: 0 }));
      if (code === 200 || code === 404) return;
      await sleep(250);
    }
  }

  /** As the kubelet makes it; undefined while a Secret or a key that is not optional is missing. */
  private async environment(namespace: string, { env = [], envFrom = [] }: ContainerSpec): Promise<Record<string, string> | undefined> {
    const all: Record<string, string> = {};
    const found = new Map<string, Record<string, string> | undefined>();
    const secret = async (name: string): Promise<Record<string, string> | undefined> => {
      if (!found.has(name)) found.set(name, (await this.api.find({ apiVersion: 'v1', kind: 'Secret', namespace, name }))?.['data']);
      return found.get(name);
    };
    for (const { secretRef } of envFrom) {
      const data = await secret(secretRef.name);
      if (data === undefined) return undefined;
      for (const [key, value] of Object.entries(data)) all[key] = decoded(value);
    }
    for (const { name, value, valueFrom } of env) {
      const ref = valueFrom?.secretKeyRef;
      if (ref === undefined) {
        all[name] = value ?? '';
        continue;
      }
      const encoded = (await secret(ref.name))?.[ref.key];
      if (encoded !== undefined) all[name] = decoded(encoded);
      else if (ref.optional !== true) return undefined;
    }
    return all;
  }
}

interface ContainerSpec {
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: readonly Env[];
  readonly envFrom?: readonly { readonly secretRef: { readonly name: string } }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface PodSpec {
  readonly containers: readonly ContainerSpec[];
  readonly volumes: readonly { readonly name: string; readonly persistentVolumeClaim?: { readonly claimName: string } }[];
  readonly securityContext?: { readonly runAsUser?: number; readonly runAsGroup?: number; readonly fsGroup?: number };
}

function actionOf(container: ContainerSpec | undefined): MoverRun['action'] | undefined {
  if (container?.command?.[0] !== '/mover-kopia/entry.sh') return undefined;
  const direction = container.env?.find(({ name }) => name === 'DIRECTION')?.value;
  const action = direction === 'maintenance' ? direction : container.args?.[0];
  return action === 'backup' || action === 'restore' || action === 'maintenance' ? action : undefined;
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

/** `fsGroup` with `fsGroupChangePolicy: OnRootMismatch`. */
export async function giveToGroup(folder: string, gid: number): Promise<void> {
  const root = statSync(folder);
  if (root.gid === gid && (root.mode & 0o7777) === 0o2775) return;
  const script = 'chgrp -R "$2" "$1" && find "$1" -type d -exec chmod g+rwxs {} + && find "$1" -type f -exec chmod g+rw {} +';
  await run('sh', ['-c', script, 'sh', folder, String(gid)]);
}
