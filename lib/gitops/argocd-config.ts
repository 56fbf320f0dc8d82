import * as k8s from './k8s';
import { Construct } from 'constructs';
import { namespace } from '../model/naming';
import { argocdDirectory } from './application';
import { applicationHealth } from './health/application';
import { clusterPolicyHealth } from './health/cluster-policy';
import { Manifest } from './manifest';
import { keepOnDelete, syncWave, wave } from './sync-wave';

/**
 * The keys of `argocd-cm` that this tree depends on. Server-side apply merges them into the ConfigMap of the Argo CD installation; all
 * other keys stay as they are.
 *
 * There is no health for PersistentVolumeClaims on purpose: one that calls Pending healthy would hide a restore that hangs.
 */
export class ArgoCdConfig extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new k8s.KubeConfigMap(new Manifest(this, `${argocdDirectory}/argocd-cm.yaml`), 'argocd-cm', {
      metadata: {
        name: 'argocd-cm',
        namespace: namespace.argocd,
        // Argo CD reads only a ConfigMap with this label.
        labels: { 'app.kubernetes.io/name': 'argocd-cm', 'app.kubernetes.io/part-of': 'argocd' },
        annotations: { ...syncWave(wave.argocd), ...keepOnDelete },
      },
      data: {
        'resource.customizations.health.argoproj.io_Application': applicationHealth,
        'resource.customizations.health.kyverno.io_ClusterPolicy': clusterPolicyHealth,
        // Written at admission and by the volume controller. Never the storage request: that would block expansions.
        'resource.customizations.ignoreDifferences.PersistentVolumeClaim':
          'jsonPointers:\n- /spec/dataSource\n- /spec/dataSourceRef\n- /spec/volumeName\n',
        // Kyverno's aggregated ClusterRoles are filled in by the cluster.
        'resource.compareoptions': 'ignoreAggregatedRoles: true\n',
      },
    });
  }
}
