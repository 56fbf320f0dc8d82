import { homelab } from '../../examples/homelab/site';
import type { Platform, SiteValues } from '../../lib';
import { additions } from './additions';

/** A site that differs from the example, and what a person adds to it. */
export interface Variant {
  readonly values: SiteValues;
  readonly extend?: (platform: Platform) => void;
}

const site: SiteValues = homelab;

/** Every component, each with what says that it is there already. */
export const choices = {
  onepassword: { onepassword: { ...homelab.onepassword, install: false, connectHost: 'http://connect.vault.svc:8080' } },
  externalSecrets: { externalSecrets: { install: false } },
  longhorn: { longhorn: { install: false } },
  snapshotController: { snapshotController: { install: false } },
  snapshots: { snapshots: { install: false } },
  volsync: { volsync: { install: false } },
  kyverno: { kyverno: { install: false } },
  monitoring: { monitoring: { prometheusStack: false, prometheusNamespace: 'monitoring' } },
  namespaces: { namespaces: { install: false } },
  projects: { projects: { install: false, infrastructure: 'default', monitoring: 'default' } },
  myApps: { myApps: { install: false } },
  argocdConfig: { argocdConfig: false },
} as const satisfies Record<string, Partial<SiteValues>>;

/** Credentials in a Vault that the cluster knows. */
export const vault = {
  store: { name: 'vault' },
  keys: {
    accessKeyId: { key: 'backups/s3', property: 'access_key' },
    secretAccessKey: { key: 'backups/s3', property: 'secret_key' },
    kopiaPassword: { key: 'backups/kopia', property: 'password', version: '3' },
    endpoint: { key: 'backups/s3', property: 'endpoint' },
    bucket: { key: 'backups/bucket' },
  },
} as const satisfies SiteValues['secrets'];

const { onepassword: _, ...elsewhere } = site;

/** A cluster that has all of it. */
export const existing: SiteValues = Object.assign({}, site, ...Object.values(choices));

/** Other sites, by what is different. The invariants hold for each of them, as they do for the example. */
export const variants = {
  'a third tier': {
    values: { ...site, tiers: [...site.tiers, { label: 'weekly', schedule: '30 3 * * 0', retention: { weekly: 8, monthly: 12, yearly: 2 } }] },
  },
  'spread schedules': { values: { ...site, spreadSchedules: true } },
  'a store with TLS, an identity and another region': {
    values: { ...site, s3: { endpoint: 'https://s3.eu-central-1.example.com', bucket: 'backups', region: 'eu-central-1', storeId: '5f1d7c' } },
  },
  'an image for pvc-plumber, three replicas, no warm-up': {
    values: { ...site, plumber: { image: 'registry.example.com/pvc-plumber:1.0.0', replicas: 3, warmUp: false } },
  },
  'other excluded namespaces': { values: { ...site, excludedNamespaces: [...site.excludedNamespaces, 'scratch'] } },
  'PVCs that are named in place of a label': {
    values: {
      ...site,
      optIn: [
        { namespace: 'media', names: ['data-*', 'cache.db'], tier: 'daily' },
        { namespace: 'media', names: ['index-*'], tier: 'hourly' },
        { namespace: 'queue', names: ['*'], tier: 'daily' },
      ],
    },
  },
  'keys for each namespace, and a label for those that may fetch them': {
    values: {
      ...site,
      onepassword: { ...homelab.onepassword, item: 'backup-{namespace}', plumberItem: 'pvc-plumber', namespaceLabel: 'example.com/backups' },
    },
  },
  'a cluster with its own Prometheus, no right to Secrets, and one user for all files': {
    values: { ...site, monitoring: { prometheusStack: false }, kyvernoSecretAccess: false, mover: { ...site.mover, keepOwners: false } },
  },
  'another repository, vault, mover and chart version': {
    values: {
      ...site,
      git: { url: 'git@git.example.com:me/home.git', revision: 'prod', path: '' },
      onepassword: { ...homelab.onepassword, vault: 'work', item: 'minio', store: 'op' },
      mover: { runAsUser: 0, runAsGroup: 0, fsGroup: 0 },
      volsync: { chartRepository: 'https://charts.example.com', image: `registry.example.com/volsync@sha256:${'a'.repeat(64)}` },
      versions: { kyverno: '3.8.2' },
    },
  },
  'Argo CD that manages itself, one replica, runbooks in a wiki, other classes': {
    values: {
      ...site,
      argocdConfig: false,
      plumber: { replicas: 1 },
      monitoring: { runbookBase: 'https://wiki.example.com/runbooks', prometheusStack: false, prometheusNamespace: 'monitoring' },
      storage: { storageClass: 'fast', snapshotClass: 'fast-snapshots' },
      tiers: [{ label: 'every-4.5h_mostly', schedule: '15 */4 * * *', retention: { latest: 3 } }],
    },
  },
  'one node, a Prometheus with a volume, and a control plane that can be scraped': {
    values: {
      ...site,
      storage: { ...site.storage, replicas: 1 },
      monitoring: { prometheusVolume: '20Gi', controlPlane: true },
    },
  },
  'everything there already': { values: existing },
  'another CSI driver, another snapshot class, several drivers, names that are not taken': {
    values: {
      ...site,
      longhorn: { install: false },
      storage: {
        storageClass: 'ceph-block',
        snapshotClass: 'backup-ceph-block',
        snapshotClasses: { 'ceph-filesystem': 'csi-cephfs', longhorn: 'longhorn-snapclass' },
      },
      snapshots: {
        driver: 'rook-ceph.rbd.csi.ceph.com',
        parameters: { clusterID: 'rook-ceph', 'csi.storage.k8s.io/snapshotter-secret-name': 'rook-csi-rbd-provisioner' },
        outliveVolumes: true,
      },
      namePrefix: 'backup-',
      projects: { infrastructure: 'backups', monitoring: 'backups-monitoring', myApps: 'backups-apps' },
    },
  },
  'credentials in a store that is there already': { values: { ...elsewhere, secrets: vault } },
  'credentials in a namespaced store, with External Secrets there already': {
    values: { ...elsewhere, externalSecrets: { install: false }, secrets: { ...vault, store: { name: 'vault', kind: 'SecretStore' } } },
  },
  'credentials in a Secret of one’s own': { values: { ...elsewhere, ownSecret: { name: 'backup-store', keys: { kopiaPassword: 'password' } } } },
  'an Application, alerts and apps of one’s own': { values: site, extend: additions },
} as const satisfies Record<string, Variant>;
