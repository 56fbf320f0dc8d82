import type { Site } from './schema';

/** URL of the folder with the runbooks: the site's own, or `docs/runbooks` as the Git host shows it. */
export function runbookBase({ git, monitoring }: Site): string {
  if (monitoring.runbookBase !== undefined) return monitoring.runbookBase.replace(/\/+$/, '');
  const web = git.url
    .replace(/^git@([^:]+):/, 'https://$1/')
    .replace(/^ssh:\/\/(?:[^@/]+@)?/, 'https://')
    .replace(/\.git$/, '');
  return `${web}/blob/${git.revision}/docs/runbooks`;
}
