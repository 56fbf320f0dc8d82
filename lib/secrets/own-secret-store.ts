import {
  ClusterSecretStore,
  ClusterSecretStoreSpecProviderKubernetesServerCaProviderType as CaProviderType,
} from '../../imports/external-secrets.io';
import * as k8s from '../gitops/k8s';
import { labels } from '../gitops/labels';
import type { Manifest } from '../gitops/manifest';
import { syncWave } from '../gitops/sync-wave';
import { namespace } from '../model/naming';
import type { Site } from '../site/schema';

/**
 * A store over one Secret of this cluster, read by a ServiceAccount that may get this one Secret and nothing else. The alternatives want more: Kyverno would copy it
 * with the right to read and write every Secret of the cluster, and would carry the credentials through its own requests.
 */
export function ownSecretStore(file: Manifest, { name, store }: NonNullable<Site['ownSecret']>): void {
  const metadata = { name: store, namespace: namespace.volsync, labels: labels('external-secrets') };
  new k8s.KubeServiceAccount(file, 'service-account', { metadata, automountServiceAccountToken: false });
  new k8s.KubeRole(file, 'role', { metadata, rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: [name], verbs: ['get'] }] });
  new k8s.KubeRoleBinding(file, 'binding', {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: store },
    subjects: [{ kind: 'ServiceAccount', name: store, namespace: namespace.volsync }],
  });
  new ClusterSecretStore(file, 'store', {
    // After the operator, whose webhook must answer first.
    metadata: { name: store, labels: labels('external-secrets'), annotations: syncWave(1) },
    spec: {
      provider: {
        kubernetes: {
          remoteNamespace: namespace.volsync,
          // Kubernetes writes this ConfigMap into every namespace.
          server: { caProvider: { type: CaProviderType.CONFIG_MAP, name: 'kube-root-ca.crt', key: 'ca.crt', namespace: namespace.volsync } },
          auth: { serviceAccount: { name: store, namespace: namespace.volsync } },
        },
      },
    },
  });
}
