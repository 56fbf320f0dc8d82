import * as k8s from '../gitops/k8s';
import { Construct } from 'constructs';
import { labels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { kyvernoWave, syncWave } from '../gitops/sync-wave';
import { kyvernoBackgroundServiceAccount, namespace } from '../model/naming';

export interface RbacPatchProps {
  readonly directory: string;
  /** Grant the description's rule for Secrets, which no policy of this tree needs. */
  readonly secretAccess: boolean;
}

const volsyncKinds = ['replicationsources', 'replicationdestinations', 'kopiamaintenances'];

/**
 * What Kyverno's controllers may do with the resources that are generated for PVCs. Bound directly: aggregated roles are filled in later than Kyverno looks.
 *
 * The background controller makes them; the admission controller only looks whether a previous PVC left some; the cleanup controller deletes what a restore
 * left.
 */
export class RbacPatch extends Construct {
  constructor(scope: Construct, id: string, props: RbacPatchProps) {
    super(scope, id);
    const file = new Manifest(this, `${props.directory}/rbac-patch.yaml`);
    const all = ['get', 'list', 'watch', 'create', 'update', 'delete'];
    grant(file, kyvernoBackgroundServiceAccount, [
      ...(props.secretAccess ? [{ apiGroups: [''], resources: ['secrets'], verbs: all }] : []),
      { apiGroups: ['external-secrets.io'], resources: ['externalsecrets'], verbs: all },
      { apiGroups: ['volsync.backube'], resources: volsyncKinds, verbs: all },
      // The trigger is looked up again before anything is generated.
      { apiGroups: [''], resources: ['persistentvolumeclaims', 'namespaces'], verbs: ['get', 'list', 'watch'] },
    ]);
    grant(file, kyvernoAdmissionServiceAccount, [
      { apiGroups: ['external-secrets.io'], resources: ['externalsecrets'], verbs: ['get', 'list'] },
      { apiGroups: ['volsync.backube'], resources: volsyncKinds, verbs: ['get', 'list'] },
      // Whether a PVC of the requested name exists.
      { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['list'] },
      // Its size is that of the volume which a restore is made into.
      { apiGroups: ['snapshot.storage.k8s.io'], resources: ['volumesnapshots'], verbs: ['get'] },
    ]);
    grant(file, kyvernoCleanupServiceAccount, [
      { apiGroups: ['volsync.backube'], resources: ['replicationdestinations'], verbs: ['get', 'list', 'watch', 'delete'] },
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'list', 'watch', 'delete'] },
      { apiGroups: ['volsync.backube'], resources: ['replicationsources'], verbs: ['get'] },
      { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['get'] },
    ]);
  }
}

const kyvernoCleanupServiceAccount = 'kyverno-cleanup-controller';
const kyvernoAdmissionServiceAccount = 'kyverno-admission-controller';

function grant(file: Manifest, account: string, rules: k8s.PolicyRule[]): void {
  const name = `kyverno:${account.replace('kyverno-', '')}:volsync`;
  const metadata = { name, labels: labels('kyverno'), annotations: syncWave(kyvernoWave.rights) };
  new k8s.KubeClusterRole(file, `${account}-role`, { metadata, rules });
  new k8s.KubeClusterRoleBinding(file, `${account}-binding`, {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: namespace.kyverno }],
  });
}
