import { buildTree, type SiteValues } from '../../lib';
import type { KubeObject } from './api';

/** The values of main.ts, for rendering other releases of it. */
const site: SiteValues = {
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
};

/** The ClusterPolicies of the site with some other values. */
export function policiesOf(changes: Partial<SiteValues> = {}): KubeObject[] {
  const files = [
    ...buildTree({ ...site, ...changes }, undefined, '/nowhere')
      .render()
      .values(),
  ];
  return files.flatMap(({ objects }) => objects).filter(({ kind }) => kind === 'ClusterPolicy') as unknown as KubeObject[];
}
