import type { Site } from './schema';

/** URL of the folder with the runbooks: the site's own, or `docs/runbooks` as the Git host shows it. */
export function runbookBase({ git, monitoring }: Site): string {
  if (monitoring.runbookBase !== undefined) return monitoring.runbookBase.replace(/\/+$/, '');
  const web = git.url
    // The port is that of ssh.
    .replace(/^ssh:\/\/(?:[^@/]+@)?([^/]+?)(?::\d+)?\//, 'https://$1/')
    .replace(/^[\w.-]+@([^:/]+):\/?/, 'https://$1/')
    .replace(/\/$/, '')
    .replace(/\.git$/, '');
  return `${web}/blob/${git.revision}/docs/runbooks`;
}
