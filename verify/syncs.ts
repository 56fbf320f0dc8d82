import type { Data } from './tree';

/** What is wrong with how Argo CD syncs an Application, or those of an ApplicationSet. */
export function syncProblems(object: Data): string[] {
  return [...retryProblems(object), ...respectProblems(object)];
}

/** With server-side apply the option owns what it strips: when it is taken out again, Argo CD tries to remove `dataSourceRef` from restored PVCs, for ever. */
function respectProblems({ kind, metadata, spec }: Data): string[] {
  if (kind !== 'Application' && kind !== 'ApplicationSet') return [];
  const options: string[] = (kind === 'Application' ? spec : spec?.template?.spec)?.syncPolicy?.syncOptions ?? [];
  if (!options.includes('RespectIgnoreDifferences=true') || !options.includes('ServerSideApply=true')) return [];
  return [
    `${kind} ${metadata.name} has RespectIgnoreDifferences=true with ServerSideApply=true: once the option is taken out, no restored PVC of it can be synced any more; leave it out from the start`,
  ];
}

/** Says that Argo CD gives an Application up, or tries it again with an old commit. Nothing where a person syncs it. */
export function retryProblems({ kind, metadata, spec }: Data): string[] {
  if (kind !== 'Application' && kind !== 'ApplicationSet') return [];
  const { automated, retry } = (kind === 'Application' ? spec : spec?.template?.spec)?.syncPolicy ?? {};
  if (automated === undefined || (retry?.limit < 0 && retry.refresh === true)) return [];
  return [
    `${kind} ${metadata.name} gives up after some retries, or keeps to an old commit, and a PVC that was refused meanwhile is never created: write syncPolicy.retry: {limit: -1, refresh: true, backoff: {duration: 5s, factor: 2, maxDuration: 3m}}`,
  ];
}
