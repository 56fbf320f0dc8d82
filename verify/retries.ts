import type { Data } from './tree';

/** Says that Argo CD gives an Application, or those of an ApplicationSet, up, or tries them again with an old commit. Nothing where a person syncs it. */
export function retryProblems({ kind, metadata, spec }: Data): string[] {
  if (kind !== 'Application' && kind !== 'ApplicationSet') return [];
  const { automated, retry } = (kind === 'Application' ? spec : spec?.template?.spec)?.syncPolicy ?? {};
  if (automated === undefined || (retry?.limit < 0 && retry.refresh === true)) return [];
  return [
    `${kind} ${metadata.name} gives up after some retries, or keeps to an old commit, and a PVC that was refused meanwhile is never created: write syncPolicy.retry: {limit: -1, refresh: true, backoff: {duration: 5s, factor: 2, maxDuration: 3m}}`,
  ];
}
