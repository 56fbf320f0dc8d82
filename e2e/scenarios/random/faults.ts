import { sleep } from '../../harness/waiting';
import { clusterToken } from '../../harness/plumber-endpoint';
import type { StoreFault, World } from './world';

type Begin = (world: World) => Promise<() => Promise<void>>;

const done = (): Promise<void> => Promise.resolve();

const storeFaults: readonly StoreFault[] = ['down', 'slow', 'empty', 'another', 'without its bucket'];

/** What happens to all histories that are played at the moment. Each is begun, lasts for a while, and is ended. */
export const faults: Readonly<Record<string, Begin>> = {
  ...Object.fromEntries(storeFaults.map((fault): [string, Begin] => [`store ${fault}`, (world) => world.disturbStore(fault)])),
  'a second cluster takes the store': async ({ cluster, plumberEnvironment }) => {
    await cluster.plumberEndpoint.takeOver({ ...plumberEnvironment, CLUSTER_TOKEN_FILE: clusterToken() });
    return async () => void (await cluster.plumberEndpoint.takeOver(plumberEnvironment));
  },
  'pvc-plumber restarted': async ({ cluster, plumberEnvironment }) => {
    await cluster.plumberEndpoint.restart(plumberEnvironment);
    return done;
  },
  'pvc-plumber away': async ({ cluster }) => {
    await cluster.plumberEndpoint.close();
    return () => cluster.plumberEndpoint.listen();
  },
  'Kyverno killed': async ({ cluster }) => {
    await cluster.kyverno.stop('SIGKILL');
    return () => cluster.kyverno.start();
  },
  "Kyverno's background controller killed": async ({ cluster }) => {
    await cluster.kyverno.stopBackground();
    return () => cluster.kyverno.restartBackground();
  },
  'API server restarted': async ({ cluster }) => {
    await cluster.plane.restartApiServer();
    return done;
  },
};

/** Faults of all histories, one at a time. After each there is as much time without one, so that histories also come to their end. */
export class Faults {
  /** How often each was played. */
  readonly played = new Map<string, number>();
  /** The one of the moment, or none. */
  current: string | undefined;
  private running: Promise<void> | undefined;
  private failure: Error | undefined;

  constructor(private readonly world: World) {}

  get isCalm(): boolean {
    if (this.failure !== undefined) throw this.failure;
    return this.running === undefined;
  }

  /** Begins a fault and does not wait for its end. @returns whether there was room for one */
  begin(name: string, seconds: number): boolean {
    const ofStore = storeFaults.find((fault) => name === `store ${fault}`);
    if (!this.isCalm || (ofStore !== undefined && !this.world.storeFaults.includes(ofStore))) return false;
    this.played.set(name, (this.played.get(name) ?? 0) + 1);
    this.running = this.play(name, seconds)
      .catch((error: Error) => {
        this.failure = new Error(`the fault "${name}" could not be played to its end: ${error.message}`);
      })
      .finally(() => {
        this.running = undefined;
      });
    return true;
  }

  /** Waits for the end of the fault of the moment, and of the quiet after it. */
  async end(): Promise<void> {
    await this.running;
  }

  private async play(name: string, seconds: number): Promise<void> {
    const begun = Date.now();
    this.current = name;
    const end = await faults[name]!(this.world);
    await sleep(seconds * 1000);
    await end();
    this.current = undefined;
    await sleep(Date.now() - begun);
  }
}
