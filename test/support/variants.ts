import { homelab } from '../../examples/homelab/site';
import type { Platform, SiteValues } from '../../lib';
import { additions } from './additions';

/** A site that differs from the example, and what a person adds to it. */
export interface Variant {
  readonly values: SiteValues;
  readonly extend?: (platform: Platform) => void;
}

const site: SiteValues = homelab;

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
  'keys for each namespace, and a label for those that may fetch them': {
    values: {
      ...site,
      onepassword: { ...site.onepassword, item: 'backup-{namespace}', plumberItem: 'pvc-plumber', namespaceLabel: 'example.com/backups' },
    },
  },
  'a cluster with its own Prometheus, no right to Secrets, and one user for all files': {
    values: { ...site, monitoring: { prometheusStack: false }, kyvernoSecretAccess: false, mover: { ...site.mover, keepOwners: false } },
  },
  'another repository, vault, mover and chart version': {
    values: {
      ...site,
      git: { url: 'git@git.example.com:me/home.git', revision: 'prod', path: '' },
      onepassword: { ...site.onepassword, vault: 'work', item: 'minio', store: 'op' },
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
  'an Application, alerts and apps of one’s own': { values: site, extend: additions },
} as const satisfies Record<string, Variant>;
