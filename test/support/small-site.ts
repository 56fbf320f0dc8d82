import type { SiteValues } from '../../lib';

/** Values of a site with nothing but what must be there. */
export const smallSite = {
  git: { url: 'https://git.example.com/cluster.git' },
  s3: { endpoint: 'http://192.168.10.133:30292', bucket: 'volsync-backup' },
  onepassword: { vault: 'v', item: 'i', fields: { accessKeyId: 'a', secretAccessKey: 's', kopiaPassword: 'k', endpoint: 'e', bucket: 'b' } },
  storage: { storageClass: 'longhorn', snapshotClass: 'longhorn-snapclass' },
  tiers: [{ label: 'daily', schedule: '0 2 * * *', retention: { daily: 7 } }],
  excludedNamespaces: ['kube-system', 'volsync-system', 'kyverno'],
  mover: { runAsUser: 568, runAsGroup: 568, fsGroup: 568 },
} as const satisfies SiteValues;
