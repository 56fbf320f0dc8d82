import * as https from 'node:https';
import * as net from 'node:net';
import type { Cluster } from './cluster';
import { Daemon } from './daemon';
import { kyvernoProgram, kyvernoValues } from './kyverno';
import { tool } from './tools';
import { eventually } from './waiting';

/** Where the API server finds the webhook: the Service, played by a proxy. */
const service = { host: '127.0.0.1', port: 9443 } as const;
/** How long a Service still sends to a Pod that is gone: until its readiness probe has failed. In milliseconds. */
const forgetsAfterMs = 3000;

interface Replica {
  readonly name: string;
  readonly port: number;
  readonly daemon: Daemon;
  goneAt: number | undefined;
}

type Controller = 'admission' | 'background';

const leases: Readonly<Record<Controller, string>> = { admission: 'kyverno', background: 'kyverno-background-controller' };

/** Kyverno with two replicas of the admission and of the background controller, as a cluster runs it that wants to be available. */
export class KyvernoReplicas {
  /** Takes the place of the one replica of the run. */
  static async start(cluster: Cluster): Promise<KyvernoReplicas> {
    await cluster.kyverno.stop();
    const replicas = new KyvernoReplicas(cluster);
    await new Promise<void>((resolve) => void replicas.server.listen(service.port, service.host, resolve));
    try {
      for (const controller of ['admission', 'background'] as const) for (const number of [1, 2]) await replicas.startOne(controller, number);
      for (const controller of ['admission', 'background'] as const) await replicas.leader(controller);
      // The second one reads its policies and the certificate, too.
      await eventually('both replicas are ready', 90, async () =>
        (await Promise.all(replicas.all.admission.map(({ port }) => isReady(port)))).every(Boolean),
      );
    } catch (error) {
      await replicas.stop();
      throw error;
    }
    return replicas;
  }

  private readonly all: Record<Controller, Replica[]> = { admission: [], background: [] };
  private readonly sockets = new Set<net.Socket>();
  private turn = 0;
  private readonly server = net.createServer((socket) => this.pass(socket));

  private constructor(private readonly cluster: Cluster) {}

  /** The name of the replica that leads. */
  async leader(controller: Controller): Promise<string> {
    return eventually(`a leader of the ${controller} controllers`, 60, async () => {
      const ref = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'kyverno', name: leases[controller] };
      const holder = (await this.cluster.api.find(ref))?.['spec'].holderIdentity as string | undefined;
      return this.all[controller].find(({ name, goneAt }) => name === holder && goneAt === undefined)?.name;
    });
  }

  /** The node of the leader is gone, and does not come back. @returns its name */
  async killLeader(controller: Controller): Promise<string> {
    const name = await this.leader(controller);
    const replica = this.all[controller].find((each) => each.name === name)!;
    replica.goneAt = Date.now();
    await replica.daemon.stop('SIGKILL');
    return name;
  }

  /** The one replica of the run takes over again. */
  async stop(): Promise<void> {
    await Promise.all(Object.values(this.all).flatMap((replicas) => replicas.map(({ daemon }) => daemon.stop())));
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => void this.server.close(() => resolve()));
    await this.cluster.kyverno.start();
    await this.cluster.policiesReady();
  }

  private async startOne(controller: Controller, number: number): Promise<void> {
    const deployment = `kyverno-${controller}-controller`;
    const name = `${deployment}-replica-${number}`;
    const port = service.port + 10 + number;
    const metrics = { metricsPort: String(8010 + 10 * number + (controller === 'admission' ? 1 : 2)), controllerRuntimeMetricsAddress: '0' };
    const { args, env } = kyvernoProgram(deployment, {
      kubeconfig: await this.cluster.plane.kubeconfigOf('kyverno', deployment),
      ...metrics,
      ...(controller === 'admission'
        ? {
            serverIP: `${service.host}:${service.port}`,
            webhookServerPort: String(port),
            ...kyvernoValues().admissionController.container?.extraArgs,
          }
        : kyvernoValues().backgroundController.extraArgs),
    });
    const daemon = new Daemon(name, tool(`kyverno-${controller}-controller`), args, { ...env, KYVERNO_POD_NAME: name });
    daemon.start();
    this.all[controller].push({ name, port, daemon, goneAt: undefined });
  }

  /** One replica after another, and for a while still the one that is gone: the API server is refused then, as by a Service that does not know yet. */
  private pass(socket: net.Socket): void {
    const known = this.all.admission.filter(({ goneAt }) => goneAt === undefined || Date.now() < goneAt + forgetsAfterMs);
    this.turn += 1;
    const upstream = net.connect(known[this.turn % known.length]!.port, service.host);
    for (const each of [socket, upstream]) {
      this.sockets.add(each);
      each.on('error', () => undefined).on('close', () => this.sockets.delete(each));
    }
    socket.on('close', () => upstream.destroy());
    upstream.on('close', () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  }
}

/** Whether a replica is ready, as its readiness probe asks. */
function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = https.get({ host: service.host, port, path: '/health/readiness', rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}
