import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { labels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { syncWave } from '../gitops/sync-wave';
import { kyvernoBackgroundServiceAccount, namespace } from '../model/naming';

/** Waves inside Kyverno's Application: its chart (0), the rights, then the policies, because Kyverno checks the rights when it admits a policy. */
export const rbacWave = 1;
export const policyWave = 2;

export interface RbacPatchProps {
  readonly directory: string;
  /** Grant the spec's rule for Secrets, which no policy of this tree needs. */
  readonly secretAccess: boolean;
}

/**
 * What Kyverno's background controller may generate. Bound directly: aggregated roles are filled in later than Kyverno looks.
 *
 * The admission controller needs nothing: it asks pvc-plumber, not the API server.
 */
export class RbacPatch extends Construct {
  constructor(scope: Construct, id: string, props: RbacPatchProps) {
    super(scope, id);
    const file = new Manifest(this, `${props.directory}/rbac-patch.yaml`);
    const name = `kyverno:${kyvernoBackgroundServiceAccount.replace('kyverno-', '')}:volsync`;
    const metadata = { name, labels: labels('kyverno'), annotations: syncWave(rbacWave) };
    const all = ['get', 'list', 'watch', 'create', 'update', 'delete'];
    new k8s.KubeClusterRole(file, 'role', {
      metadata,
      rules: [
        ...(props.secretAccess ? [{ apiGroups: [''], resources: ['secrets'], verbs: all }] : []),
        { apiGroups: ['external-secrets.io'], resources: ['externalsecrets'], verbs: all },
        { apiGroups: ['volsync.backube'], resources: ['replicationsources', 'replicationdestinations', 'kopiamaintenances'], verbs: all },
        // The trigger is looked up again before anything is generated.
        { apiGroups: [''], resources: ['persistentvolumeclaims', 'namespaces'], verbs: ['get', 'list', 'watch'] },
      ],
    });
    new k8s.KubeClusterRoleBinding(file, 'binding', {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name: kyvernoBackgroundServiceAccount, namespace: namespace.kyverno }],
    });
  }
}
