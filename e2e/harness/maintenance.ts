import { maintenanceName, type PvcRef } from '../../lib/model/naming';
import { kinds } from './pvc';
import { eventually } from './waiting';
import type { Cluster } from './cluster';

/**
 * One run of a KopiaMaintenance. Its controller exists only in the fork, so the Job of its CronJob is played: the same Secret as a whole, in the mover's
 * mode for maintenance (internal/controller/kopiamaintenance_controller.go, v0.17.11).
 *
 * @returns the exit code of the mover
 */
export async function runMaintenance(cluster: Cluster, pvc: PvcRef): Promise<number> {
  const { namespace } = pvc;
  const found = await cluster.api.find({ ...kinds.maintenance, namespace, name: maintenanceName(pvc) });
  if (found === undefined) throw new Error(`${namespace}/${pvc.name} has no KopiaMaintenance`);
  const { repository, podSecurityContext, trigger } = found['spec'] as Spec;
  if (!/^\d+ \d+ \* \* \*$/.test(trigger.schedule)) throw new Error(`maintenance runs at "${trigger.schedule}", not once a day`);
  const name = `kopia-maint-${Date.now()}`;
  const container = {
    name: 'kopia',
    image: 'kopia-mover',
    command: ['/mover-kopia/entry.sh'],
    env: [
      { name: 'DIRECTION', value: 'maintenance' },
      { name: 'KOPIA_CACHE_DIR', value: '/cache' },
    ],
    envFrom: [{ secretRef: { name: repository.repository } }],
    volumeMounts: [
      { name: 'cache', mountPath: '/cache' },
      { name: 'tempdir', mountPath: '/tmp' },
    ],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
  };
  const volumes = [
    { name: 'cache', emptyDir: {} },
    { name: 'tempdir', emptyDir: { medium: 'Memory' } },
  ];
  const template = { spec: { restartPolicy: 'Never', securityContext: podSecurityContext, containers: [container], volumes } };
  await cluster.applyAll([{ apiVersion: 'batch/v1', kind: 'Job', metadata: { namespace, name }, spec: { backoffLimit: 0, template } }]);
  const job = { apiVersion: 'batch/v1', kind: 'Job', namespace, name };
  const status = await eventually('the end of maintenance', 120, async () => {
    const { succeeded = 0, failed = 0 } = ((await cluster.api.find(job))?.['status'] ?? {}) as { succeeded?: number; failed?: number };
    return succeeded + failed > 0 && { succeeded };
  });
  return status.succeeded > 0 ? 0 : 1;
}

interface Spec {
  readonly repository: { readonly repository: string };
  readonly podSecurityContext: object;
  readonly trigger: { readonly schedule: string };
}
