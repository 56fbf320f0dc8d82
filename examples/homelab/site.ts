import type { SiteValues } from '../../lib';

/** The site that the tests, the benchmarks and the e2e run render: the homelab of the description. A person's own values stand in `main.ts`. */
export const homelab = {
  git: { url: 'https://github.com/example/cluster.git', revision: 'main', path: 'dist' },
  s3: { endpoint: 'http://192.168.10.133:30292', bucket: 'volsync-backup' },
  onepassword: {
    vault: 'homelab',
    item: 'rustfs',
    fields: {
      accessKeyId: 'k8s-admin-access-key',
      secretAccessKey: 'k8s-admin-secret-key',
      kopiaPassword: 'kopia_password',
      endpoint: 'endpoint',
      bucket: 'bucket',
    },
  },
  storage: { storageClass: 'longhorn', snapshotClass: 'longhorn-snapclass' },
  tiers: [
    { label: 'hourly', schedule: '0 * * * *', retention: { hourly: 24, daily: 7, weekly: 4, monthly: 2 } },
    { label: 'daily', schedule: '0 2 * * *', retention: { hourly: 24, daily: 7, weekly: 4, monthly: 2 } },
  ],
  excludedNamespaces: ['kube-system', 'volsync-system', 'kyverno'],
  mover: { runAsUser: 568, runAsGroup: 568, fsGroup: 568 },
  // The original description names this right. Nothing needs it: leave it out on a cluster of your own.
  kyvernoSecretAccess: true,
} as const satisfies SiteValues;
