import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import * as k8s from '../gitops/k8s';
import { labels, selectorLabels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { plumber, repairer } from '../model/naming';
import { type PlumberProgram, programContainer, programMounts, programVolumes } from './program';

export interface PlumberRepairProps {
  readonly directory: string;
  readonly program: PlumberProgram;
  /** Label values of the tiers. */
  readonly labels: readonly string[];
  readonly excludedNamespaces: readonly string[];
}

/**
 * The process that looks for labelled PVCs without the resources that are generated for them. It reads names and owners, and may set annotations of PVCs; an admission
 * policy keeps it to a single one (`lib/admission/api-server/repair-rights.ts`). It is not the service that holds the keys of the store.
 */
export class PlumberRepair extends Construct {
  constructor(scope: Construct, id: string, props: PlumberRepairProps) {
    super(scope, id);
    const file = new Manifest(this, `${props.directory}/repair.yaml`);
    const metadata = { ...repairer, labels: labels(repairer.name) };
    const account = new k8s.KubeServiceAccount(file, 'service-account', { metadata, automountServiceAccountToken: false });
    rights(file, account);
    new k8s.KubeNetworkPolicy(file, 'network-policy', {
      metadata,
      spec: {
        podSelector: { matchLabels: selectorLabels(repairer.name) },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [],
        // The API server by the address of its Service, or behind it.
        egress: [{ ports: [443, 6443].map((port) => ({ protocol: 'TCP', port })) }],
      },
    });
    new k8s.KubeDeployment(file, 'deployment', {
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: selectorLabels(repairer.name) },
        template: { metadata: { labels: labels(repairer.name) }, spec: podSpec(account, props) },
      },
    });
  }
}

function podSpec(account: ApiObject, { program, labels: tiers, excludedNamespaces }: PlumberRepairProps): k8s.PodSpec {
  return {
    serviceAccountName: account.name,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'repair',
        ...programContainer(program, 'repair'),
        env: [
          { name: 'TIERS', value: tiers.join(',') },
          { name: 'EXCLUDED_NAMESPACES', value: excludedNamespaces.join(',') },
        ],
        resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '192Mi' } },
        volumeMounts: programMounts(program),
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      },
    ],
    volumes: programVolumes(program),
  };
}

function rights(file: Manifest, account: ApiObject): void {
  const metadata = { name: `${plumber.name}:repair`, labels: labels(repairer.name) };
  const role = new k8s.KubeClusterRole(file, 'role', {
    metadata,
    rules: [
      { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['list', 'patch'] },
      { apiGroups: ['external-secrets.io'], resources: ['externalsecrets'], verbs: ['list'] },
      { apiGroups: ['volsync.backube'], resources: ['replicationsources', 'replicationdestinations', 'kopiamaintenances'], verbs: ['list'] },
    ],
  });
  new k8s.KubeClusterRoleBinding(file, 'binding', {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role.name },
    subjects: [{ kind: account.kind, name: account.name, namespace: repairer.namespace }],
  });
}
