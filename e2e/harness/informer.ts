import type { Api, KubeObject } from './api';
import { sleep } from './waiting';

/**
 * What the API server has of a kind, kept by a watch, so that looking again and again costs it nothing. It may be a moment behind: who must be sure
 * asks the API server once more.
 */
class Informer {
  private objects = new Map<string, KubeObject>();
  private running = true;
  private close: () => void = () => undefined;
  private readonly ended: Promise<void>;

  constructor(
    private readonly api: Api,
    private readonly apiVersion: string,
    private readonly kind: string,
  ) {
    this.ended = this.run();
  }

  list(): KubeObject[] {
    return [...this.objects.values()];
  }

  find(namespace: string, name: string): KubeObject | undefined {
    return this.objects.get(`${namespace}/${name}`);
  }

  async stop(): Promise<void> {
    this.running = false;
    this.close();
    await this.ended;
  }

  private async run(): Promise<void> {
    while (this.running) {
      // The kind may not be served yet, and the API server may be gone already.
      await this.listAndWatch().catch(() => undefined);
      if (this.running) await sleep(200);
    }
  }

  private async listAndWatch(): Promise<void> {
    const { apiVersion, kind } = this;
    const { items, resourceVersion } = await this.api.listing(apiVersion, kind);
    this.objects = new Map(items.map((object) => [keyOf(object), object]));
    const { done, close } = await this.api.watch(apiVersion, kind, resourceVersion, (type, object) => {
      if (type === 'DELETED') this.objects.delete(keyOf(object));
      else this.objects.set(keyOf(object), object);
    });
    this.close = close;
    if (!this.running) close();
    await done;
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** One informer for each kind that somebody looks at. */
export class Informers {
  private readonly all = new Map<string, Informer>();

  constructor(private readonly api: Api) {}

  of({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): Informer {
    const key = `${apiVersion}/${kind}`;
    const informer = this.all.get(key) ?? new Informer(this.api, apiVersion, kind);
    this.all.set(key, informer);
    return informer;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.all.values()].map((informer) => informer.stop()));
  }
}
