/**
 * Sync waves of the Applications: the description's table, and what has to stand before and between.
 *
 * Waves between Applications mean nothing without the Application health check in `argocd-cm`; the root Application brings it in the
 * earliest wave of its own.
 */
export const wave = {
  /** Projects and health checks: everything after them is ordered by them. */
  argocd: -3,
  /** The admission policies inside the API server: the law holds before anything else is there. */
  backstop: -2,
  namespaces: -1,
  secrets: 0,
  storage: 1,
  plumber: 2,
  kyverno: 4,
  /** Objects of `monitoring.coreos.com` come no earlier, because their CRDs come here. */
  observability: 5,
  apps: 6,
} as const;

/** Waves inside Kyverno's Application: its chart (0), its rights, then the policies, because Kyverno checks the rights when it admits a policy. */
export const kyvernoWave = { rights: 1, policies: 2 } as const;

const waveAnnotation = 'argocd.argoproj.io/sync-wave';

/** The annotation that puts an object into a wave of its Application's sync. */
export function syncWave(number: number): Record<string, string> {
  return { [waveAnnotation]: String(number) };
}

/** Keeps Argo CD from deleting an object that vanished from Git, or whose Application is deleted. */
export const keepOnDelete: Readonly<Record<string, string>> = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' };
