import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';

/** Longest wait for an answer of the API server, in milliseconds. */
const timeoutMs = 20_000;

/** An object as far as the repair reads it. */
export interface KubernetesObject {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[] | undefined;
  };
  readonly spec?: {
    readonly volumeMode?: string;
    readonly dataSourceRef?: { readonly apiGroup?: string; readonly kind?: string; readonly name?: string };
  };
  readonly status?: { readonly phase?: string; readonly latestImage?: { readonly name?: string }; readonly lastSyncTime?: string };
}

/** Where the API server is, and the folder with the token and the certificate that Kubernetes mounts into a Pod. */
export interface KubernetesAddress {
  readonly host: string;
  readonly port: string;
  readonly accountDir: string;
}

/**
 * The three requests that the repair makes. The official client does not fit beside the bundle into a ConfigMap (1 MiB), and brings far more than a list and
 * a patch.
 */
export class Kubernetes {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(private readonly address: KubernetesAddress) {}

  /** All objects of a kind, from the API server's cache. @param query further parameters, as in `labelSelector=backup` */
  async list(path: string, query = ''): Promise<KubernetesObject[]> {
    return (await this.listed(path, query, 'application/json')).items;
  }

  /** The same without spec and status. */
  async listMetadata(path: string): Promise<KubernetesObject[]> {
    return (await this.listed(path, '', 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1')).items;
  }

  /** Sets an annotation. */
  async annotate(path: string, key: string, value: string): Promise<void> {
    await this.send('PATCH', path, 'application/json', { metadata: { annotations: { [key]: value } } });
  }

  close(): void {
    this.agent.destroy();
  }

  private async listed(path: string, query: string, accept: string): Promise<{ readonly items: KubernetesObject[] }> {
    const body = JSON.parse(await this.send('GET', `${path}?resourceVersion=0${query === '' ? '' : `&${query}`}`, accept)) as {
      items?: KubernetesObject[];
    };
    if (!Array.isArray(body.items)) throw new Error(`the API server answers GET ${path} with something else than a list`);
    return { items: body.items };
  }

  /** @throws Error with status and words of the API server */
  private send(method: string, path: string, accept: string, patch?: object): Promise<string> {
    const { host, port, accountDir } = this.address;
    const body = patch === undefined ? undefined : JSON.stringify(patch);
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host,
          port,
          path,
          method,
          agent: this.agent,
          timeout: timeoutMs,
          // Both are read for each request: Kubernetes renews the token.
          ca: readFileSync(join(accountDir, 'ca.crt')),
          headers: {
            accept,
            authorization: `Bearer ${readFileSync(join(accountDir, 'token'), 'utf8').trim()}`,
            ...(body === undefined ? {} : { 'content-type': 'application/merge-patch+json', 'content-length': Buffer.byteLength(body) }),
          },
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('error', reject);
          answer.on('end', () => {
            const text = Buffer.concat(parts).toString('utf8');
            if (answer.statusCode === 200) resolve(text);
            else reject(new Error(`the API server answers ${method} ${path} with ${answer.statusCode}: ${text.slice(0, 300)}`));
          });
        },
      );
      sent.on('timeout', () => sent.destroy(new Error(`the API server does not answer ${method} ${path} within ${timeoutMs / 1000} s`)));
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
