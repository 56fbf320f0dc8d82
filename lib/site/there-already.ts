import type { Site } from './schema';

/** A component that the cluster has already, and what it must offer. */
export interface ThereAlready {
  readonly component: string;
  /** In a line; docs/existing-cluster.md says it exactly. */
  readonly offers: string;
  /** Heading in docs/existing-cluster.md. */
  readonly anchor: string;
}

interface Component extends ThereAlready {
  readonly installed: (site: Site) => boolean;
}

/** Every component that a site may have already. The order is that in which a cluster comes up. */
export const components: readonly Component[] = [
  {
    component: 'Argo CD’s ConfigMap',
    offers: 'health checks of Applications and ClusterPolicies, and what is ignored on PVCs',
    anchor: 'argo-cd',
    installed: ({ argocdConfig }) => argocdConfig,
  },
  {
    component: 'projects',
    offers: 'permission for the Git repository, the chart repositories, every namespace and every cluster-scoped kind',
    anchor: 'projects',
    installed: ({ projects }) => projects.install,
  },
  {
    component: 'namespaces',
    offers: 'volsync-system, and those of the components that the tree installs, with their Pod Security levels',
    anchor: 'namespaces',
    installed: ({ namespaces }) => namespaces.install,
  },
  {
    component: '1Password Connect',
    offers: 'a server at onepassword.connectHost, and its token in Secret 1passwordconnect of external-secrets',
    anchor: '1password-connect',
    installed: ({ onepassword }) => onepassword?.install ?? true,
  },
  {
    component: 'External Secrets',
    offers: 'version 2 with external-secrets.io/v1, release external-secrets with metrics, five workers',
    anchor: 'external-secrets',
    installed: ({ externalSecrets }) => externalSecrets.install,
  },
  {
    component: 'Longhorn or another CSI driver',
    offers: 'the StorageClass that storage.storageClass names, snapshots and volumes made from snapshots',
    anchor: 'storage',
    installed: ({ longhorn }) => longhorn.install,
  },
  {
    component: 'the snapshot controller',
    offers: 'snapshot.storage.k8s.io/v1',
    anchor: 'snapshot-controller',
    installed: ({ snapshotController }) => snapshotController.install,
  },
  {
    component: 'the snapshot class',
    offers: 'the name that storage.snapshotClass names, deletionPolicy Delete, snapshots inside the cluster',
    anchor: 'snapshot-class',
    installed: ({ snapshots }) => snapshots.install,
  },
  {
    component: 'VolSync',
    offers: 'the fork with Kopia, release volsync in volsync-system, metrics without a token',
    anchor: 'volsync',
    installed: ({ volsync }) => volsync.install,
  },
  {
    component: 'Kyverno',
    offers:
      'chart 3.8 or 3.9 as release kyverno in kyverno, API calls of 4 s, 10,000 UpdateRequests, no namespace selector or condition that hides PVCs, memory',
    anchor: 'kyverno',
    installed: ({ kyverno }) => kyverno.install,
  },
  {
    component: 'Prometheus',
    offers: 'selectors that find the rules and monitors, kube-state-metrics with labels and backup objects',
    anchor: 'prometheus',
    installed: ({ monitoring }) => monitoring.prometheusStack,
  },
  {
    component: 'applications',
    offers: 'Applications of your own that never give up',
    anchor: 'applications',
    installed: ({ myApps }) => myApps.install,
  },
];

/** What the cluster of a site has already. */
export function thereAlready(site: Site): ThereAlready[] {
  return components.filter(({ installed }) => !installed(site));
}
