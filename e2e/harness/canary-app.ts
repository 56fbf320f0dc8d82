import type { KubeObject, Reply, WithApi } from './api';
import type { PlumberEndpoint } from './plumber-endpoint';
import { pvc } from './pvc';
import { sleep } from './waiting';

const namespace = 'early';
const everyMs = 150;
const atMost = 30;

/** What it needs of a cluster. */
interface Place extends WithApi {
  readonly plumberEndpoint: Pick<PlumberEndpoint, 'putBackup'>;
  namespace(name: string): Promise<unknown>;
}

interface Attempt {
  readonly name: string;
  readonly sentAt: number;
  readonly reply: Reply;
}

/** An application with labelled PVCs that is applied again and again, from the first second of the cluster on. Half of its PVCs have a backup. */
export class CanaryApp {
  readonly attempts: Attempt[] = [];
  /** When the Application of a name was synced. */
  readonly synced = new Map<string, number>();
  private running = true;
  private readonly done: Promise<void>;

  constructor(private readonly cluster: Place) {
    this.done = this.run();
  }

  get admitted(): readonly (Attempt & { readonly live: KubeObject })[] {
    return this.attempts.filter(({ reply }) => reply.status === 201).map((attempt) => ({ ...attempt, live: attempt.reply.body }));
  }

  hasBackup(name: string): boolean {
    return Number(name.replace('early-', '')) % 2 === 0;
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.done;
  }

  private async run(): Promise<void> {
    await this.cluster.namespace(namespace);
    const open = new Set<Promise<void>>();
    for (let i = 0; this.running; i += 1) {
      const name = `early-${i}`;
      if (this.hasBackup(name)) this.cluster.plumberEndpoint.putBackup(namespace, name);
      const sentAt = Date.now();
      const attempt = this.cluster.api.create(pvc(namespace, name)).then((reply) => void this.attempts.push({ name, sentAt, reply }));
      open.add(attempt);
      void attempt.finally(() => open.delete(attempt));
      await sleep(everyMs);
      if (open.size >= atMost) await Promise.race(open);
    }
    await Promise.all(open);
  }
}
