/**
 * Every chart, image and CRD source with its pinned version: the only place where a version is written.
 * Renovate reads the `renovate:` comments.
 */

/** A Helm chart as Argo CD fetches it. */
export interface Chart {
  /** Repository URL, as it must also stand in the AppProject's `sourceRepos`. */
  readonly repo: string;
  readonly chart: string;
  /** Exact chart version; ranges would make a commit render differently tomorrow. */
  readonly version: string;
}

export const charts = {
  // renovate: datasource=helm
  onepasswordConnect: { repo: 'https://1password.github.io/connect-helm-charts', chart: 'connect', version: '2.4.1' },
  // renovate: datasource=helm
  externalSecrets: { repo: 'https://charts.external-secrets.io', chart: 'external-secrets', version: '2.9.0' },
  // renovate: datasource=helm
  longhorn: { repo: 'https://charts.longhorn.io', chart: 'longhorn', version: '1.12.1' },
  // renovate: datasource=helm
  snapshotController: { repo: 'https://piraeus.io/helm-charts/', chart: 'snapshot-controller', version: '5.2.0' },
  // The fork: the official chart (backube) has no Kopia mover. Its image is pinned below.
  // renovate: datasource=helm
  volsync: { repo: 'https://perfectra1n.github.io/volsync/charts', chart: 'volsync', version: '0.18.5' },
  // 3.8.x and 3.9.x run ClusterPolicy; Kyverno 1.20 (chart 3.10) refuses it. Never let this move on by itself.
  // renovate: datasource=helm allowedVersions="<3.10.0"
  kyverno: { repo: 'https://kyverno.github.io/kyverno', chart: 'kyverno', version: '3.9.0' },
  // renovate: datasource=helm
  prometheusStack: { repo: 'https://prometheus-community.github.io/helm-charts', chart: 'kube-prometheus-stack', version: '88.5.3' },
} as const satisfies Record<string, Chart>;

export type ChartName = keyof typeof charts;

/** Minor versions of charts that a site may choose, where not all are (docs/upgrading.md). A site that takes another is refused. */
export const supportedVersions: Partial<Record<ChartName, { readonly minors: readonly string[]; readonly why: string }>> = {
  kyverno: { minors: ['3.8', '3.9'], why: "before them apiCallTimeout can't be set, and from 3.10 on Kyverno refuses ClusterPolicy" },
};

export const images = {
  /** Controller and movers of VolSync: one image. Newer tags of the fork need the leading `v`. */
  // renovate: datasource=docker
  volsync: { repository: 'ghcr.io/perfectra1n/volsync', tag: 'v0.17.11' },
  /** Runs the bundled pvc-plumber. */
  // renovate: datasource=docker
  node: { repository: 'docker.io/library/node', tag: '24.11.1-alpine3.22@sha256:2867d550cf9d8bb50059a0fff528741f11a84d985c732e60e19e8e75c7239c43' },
} as const;

/** CRD files of one upstream release; a local copy has them under `folder`. */
export interface CrdSource {
  readonly folder: string;
  /** GitHub repository. */
  readonly repository: string;
  readonly version: string;
  /** Folder in the repository. */
  readonly path: string;
  readonly files: readonly string[];
  /** Those of kinds that only some sites have. A local copy may lack them; then these kinds are not checked. */
  readonly ofSomeSites?: readonly string[];
  /** Further ones that only a cluster of the e2e run needs: its controllers watch them. */
  readonly forClusters?: readonly string[];
}

/** The schemas that the typed imports are made from and the tests check against: those of the pinned charts' releases. */
export const crdSources: readonly CrdSource[] = [
  {
    folder: 'argocd',
    repository: 'argoproj/argo-cd',
    // renovate: datasource=github-releases
    version: 'v3.5.1',
    path: 'manifests/crds',
    files: ['application-crd.yaml', 'applicationset-crd.yaml', 'appproject-crd.yaml'],
  },
  {
    folder: 'external-secrets',
    repository: 'external-secrets/external-secrets',
    // renovate: datasource=github-releases
    version: 'v2.9.0',
    path: 'config/crds/bases',
    files: ['external-secrets.io_externalsecrets.yaml', 'external-secrets.io_clustersecretstores.yaml'],
    forClusters: ['external-secrets.io_secretstores.yaml', 'generators.external-secrets.io_generatorstates.yaml'],
  },
  {
    folder: 'external-snapshotter',
    repository: 'kubernetes-csi/external-snapshotter',
    // renovate: datasource=github-releases
    version: 'v8.6.0',
    path: 'client/config/crd',
    files: ['snapshot.storage.k8s.io_volumesnapshotclasses.yaml'],
    forClusters: ['snapshot.storage.k8s.io_volumesnapshots.yaml', 'snapshot.storage.k8s.io_volumesnapshotcontents.yaml'],
  },
  {
    folder: 'kyverno',
    repository: 'kyverno/kyverno',
    // renovate: datasource=github-releases allowedVersions="<1.20.0"
    version: 'v1.19.0',
    path: 'config/crds/kyverno',
    files: ['kyverno.io_clusterpolicies.yaml'],
  },
  {
    folder: 'kyverno',
    repository: 'kyverno/kyverno',
    // renovate: datasource=github-releases allowedVersions="<1.20.0"
    version: 'v1.19.0',
    path: 'config/crds/policies.kyverno.io',
    files: ['policies.kyverno.io_deletingpolicies.yaml'],
  },
  {
    folder: 'prometheus-operator',
    repository: 'prometheus-operator/prometheus-operator',
    // renovate: datasource=github-releases
    version: 'v0.93.0',
    path: 'example/prometheus-operator-crd',
    files: ['monitoring.coreos.com_prometheusrules.yaml', 'monitoring.coreos.com_servicemonitors.yaml'],
    ofSomeSites: ['monitoring.coreos.com_alertmanagerconfigs.yaml'],
  },
  {
    folder: 'volsync',
    repository: 'perfectra1n/volsync',
    // renovate: datasource=github-releases
    version: 'v0.17.11',
    path: 'config/crd/bases',
    files: ['volsync.backube_replicationsources.yaml', 'volsync.backube_replicationdestinations.yaml', 'volsync.backube_kopiamaintenances.yaml'],
  },
];
