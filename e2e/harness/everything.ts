import { createHash } from 'node:crypto';
import { type Api, groupPath, type KubeObject } from './api';

/** What the control plane and Kyverno write themselves, all the time. */
const living = ['Event', 'Lease', 'Endpoints', 'EndpointSlice', 'APIService', 'UpdateRequest', 'EphemeralReport', 'PolicyReport'];

/** Objects of others that change by design: Kyverno registers the policies that it has, and a role that is aggregated takes in what others grant. */
function changesByDesign({ kind, metadata, aggregationRule }: KubeObject): boolean {
  return (kind.endsWith('WebhookConfiguration') && metadata.name.startsWith('kyverno-')) || aggregationRule !== undefined;
}

/** Every object of a cluster, by kind, namespace and name: what it is, apart from its status. */
export type Inventory = ReadonlyMap<string, string>;

/** Takes down every object that has a list. */
export async function everything(api: Api): Promise<Inventory> {
  const kinds = await listedKinds(api);
  const lists = await Promise.all(kinds.map(({ apiVersion, kind }) => api.list(apiVersion, kind)));
  const objects = lists.flat().filter((object) => !living.includes(object.kind) && !changesByDesign(object));
  return new Map(objects.map((object) => [nameOf(object), fingerprint(object)]));
}

/** What is not as it was: gone, made anew, or changed. What was added is not among it. @param but kinds that do not count */
export function changed(before: Inventory, after: Inventory, but: readonly string[] = []): string[] {
  return [...before]
    .filter(([name, print]) => after.get(name) !== print && !but.includes(name.split(' ')[0]!))
    .map(([name]) => `${name} ${after.has(name) ? 'was changed' : 'is gone'}`);
}

function nameOf({ kind, metadata: { namespace, name } }: KubeObject): string {
  return `${kind} ${namespace ?? '-'}/${name}`;
}

/** Whoever writes a status makes a new version; all others must leave even that as it is. */
function fingerprint({ metadata, status, ...rest }: KubeObject): string {
  const { resourceVersion, managedFields: _, generation: __, ...own } = metadata as KubeObject['metadata'] & Record<string, unknown>;
  const text = JSON.stringify([own, status === undefined ? resourceVersion : undefined, rest]);
  return createHash('sha256').update(text).digest('hex');
}

interface Listed {
  readonly name: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

async function listedKinds(api: Api): Promise<{ readonly apiVersion: string; readonly kind: string }[]> {
  const groups = (await api.request('GET', '/apis')).body['groups'] as { readonly preferredVersion: { readonly groupVersion: string } }[];
  const versions = ['v1', ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
  const found = await Promise.all(
    versions.map(async (apiVersion) => {
      const resources = (await api.request('GET', groupPath(apiVersion))).body['resources'] as Listed[];
      return resources
        .filter(({ name, verbs }) => verbs.includes('list') && !name.includes('/') && name !== 'componentstatuses')
        .map(({ kind }) => ({ apiVersion, kind }));
    }),
  );
  return found.flat();
}
