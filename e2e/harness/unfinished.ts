import { existsSync, readFileSync } from 'node:fs';
import type { KubeObject } from './api';
import type { Cluster } from './cluster';
import { kinds } from './pvc';
import { sandboxFile } from './sandbox';

const lines = 6;

/** Programs that restore, and what they say where something goes wrong. */
const programs = ['volsync', 'kyverno-background-controller', 'external-secrets', 'kube-controller-manager'] as const;

/**
 * What a cluster has not finished: for each PVC that is not bound what restores it, the movers of its namespace with the end of their logs, and the newest
 * events. A scenario that failed elsewhere is understood from this.
 */
export async function unfinished({ api, node }: Cluster): Promise<string> {
  const claims = (await api.list('v1', 'PersistentVolumeClaim')).filter(({ status }) => status?.phase !== 'Bound');
  const namespaces = [...new Set(claims.map(({ metadata }) => metadata.namespace ?? ''))];
  const parts = await Promise.all(
    namespaces.map(async (namespace) => {
      const list = (apiVersion: string, kind: string): Promise<KubeObject[]> => api.list(apiVersion, kind, namespace);
      const [destinations, jobs, pods, snapshots, secrets, events] = await Promise.all([
        list(kinds.destination.apiVersion, kinds.destination.kind),
        list('batch/v1', 'Job'),
        list('v1', 'Pod'),
        list('snapshot.storage.k8s.io/v1', 'VolumeSnapshot'),
        list(kinds.secret.apiVersion, kinds.secret.kind),
        list('v1', 'Event'),
      ]);
      const here = claims.filter(({ metadata }) => metadata.namespace === namespace);
      return [
        ...here.map((claim) => said(claim, { source: claim['spec'].dataSourceRef?.name, annotations: claim.metadata.annotations })),
        ...[...destinations, ...jobs, ...secrets, ...snapshots].map((each) => said(each, each['status'] ?? 'no status')),
        ...pods.flatMap((pod) => [said(pod, pod['status']?.phase), ...node.kubelet.logOf(pod).split('\n').slice(-lines)]),
        ...events
          .toSorted((a, b) => String(a['lastTimestamp']).localeCompare(String(b['lastTimestamp'])))
          .slice(-lines)
          .map((event) => said(event, `${String(event['lastTimestamp'])} ${String(event['reason'])} ${String(event['message'])}`)),
        ...programs.flatMap((program) => errorsOf(program, namespace)),
      ];
    }),
  );
  return ['not finished:', ...parts.flat()].map((line) => `         ${line.slice(0, 600)}`).join('\n');
}

function said({ kind, metadata: { namespace, name, creationTimestamp } }: KubeObject, what: unknown): string {
  return `${kind} ${namespace}/${name} of ${String(creationTimestamp)}: ${typeof what === 'string' ? what : JSON.stringify(what)}`;
}

/** The last errors that a program logged about a namespace. */
function errorsOf(program: string, namespace: string): string[] {
  const file = sandboxFile(`logs/${program}.log`);
  if (!existsSync(file)) return [];
  const found = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes(namespace) && /error|ERR|failed|^E\d{4}/.test(line));
  return found.slice(-lines).map((line) => `${program}: ${line}`);
}
