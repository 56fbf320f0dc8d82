import { check } from '../../harness/check';
import type { Git } from '../../harness/argocd/git';

const argocd = 'dist/infrastructure/controllers/argocd';

/** How many times as fast the clock of the tree runs in an outage. */
const speed = 30;

/**
 * An outage of 45 minutes, counted in both ways that could matter: time, on the faster clock, and tries. With the tree's waits (5 s, doubled up to 3 minutes) a
 * sync is retried 19 times in 45 minutes.
 */
export const outage = { seconds: (45 * 60) / speed, retries: 19 } as const;

/** The waits of an Application's retries, on the faster clock. They are the only ones in the tree. */
export function faster(text: string): string {
  const waits = { 'duration: 5s': 5, 'maxDuration: 3m': 180, 'maxDuration: 1m': 60 } as const;
  return Object.entries(waits).reduce(
    (changed, [wait, seconds]) => changed.replace(new RegExp(`\\b${wait}$`, 'm'), `${wait.split(' ')[0]} ${Math.round((seconds / speed) * 1000)}ms`),
    text,
  );
}

/** How long the root waits for a child, in seconds in place of 30 minutes. */
export function patience(git: Git, seconds = (30 * 60) / speed): void {
  const config = `${argocd}/argocd-cm.yaml`;
  const text = git.read(config);
  check(text.includes('30 * 60)'), 'the health check has its patience in it');
  git.write(config, text.replace('30 * 60)', `${seconds})`));
}

/** The whole tree on the faster clock. */
export function compress(git: Git): void {
  for (const file of git.list(`${argocd}/apps`)) {
    const text = git.read(file);
    check(/ duration: 5s$/m.test(text) && /maxDuration: 3m$/m.test(text), `${file} has its retries in it`);
    git.write(file, faster(text));
  }
  patience(git);
}
