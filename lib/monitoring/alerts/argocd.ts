import type { ProjectNames } from '../../gitops/platform-projects';
import { namespace } from '../../model/naming';
import type { AlertGroup } from '../alert';
import { anyOf } from '../promql';

/** Names that the tree's Applications have. */
export interface ArgocdNames {
  readonly projects: ProjectNames;
  /** The Application of the whole tree. */
  readonly root: string;
}

const notSynced = 'sync_status!="Synced"';
const notHealthy = 'health_status!~"Healthy|Suspended"';

/** Applications with these labels. Each change of a label begins another series, so a wait counts only for all of them together. */
function applications(...matchers: readonly string[]): string {
  return `max by (namespace, name) (kube_application_created{${matchers.join(', ')}})`;
}

/**
 * Whether Argo CD brings what is in Git into the cluster.
 *
 * An Application of the users waits for restores, so only its sync counts, and `PvcRestoreStuck` speaks of the rest. Those outside of the tree's projects may
 * differ from Git for years; one that was given up is said all the same: a PVC of it may have been refused.
 */
export function argocdAlerts({ projects, root: name }: ArgocdNames): AlertGroup {
  const { infrastructure, monitoring, myApps } = projects;
  const platform = `project=~"${anyOf([infrastructure, monitoring])}"`;
  const ours = `project=~"${anyOf([infrastructure, monitoring, ...(myApps === undefined ? [] : [myApps])])}"`;
  const root = `namespace="${namespace.argocd}", name="${name}"`;
  return {
    name: 'argocd.applications',
    alerts: [
      {
        name: 'ApplicationStuck',
        severity: 'warning',
        expr: [applications(ours, notSynced), applications(platform, notHealthy), applications(root, notSynced), applications(root, notHealthy)].join(
          ' or ',
        ),
        for: '30m',
        summary: 'Argo CD does not get on with an Application: what is in Git is not in the cluster, or does not run.',
        description:
          'Application {{ $labels.namespace }}/{{ $labels.name }} has been out of sync or unhealthy for half an hour. Its status says why. ' +
          'If its operation keeps to an older source, end it: kubectl patch application {{ $labels.name }} -n {{ $labels.namespace }} ' +
          `--type merge -p '{"status":{"operationState":{"phase":"Terminating"}}}'`,
      },
      {
        name: 'ApplicationGaveUp',
        severity: 'warning',
        expr: applications('operation_phase=~"Failed|Error"', notSynced),
        for: '15m',
        summary: 'Argo CD gave an Application up: it does not try the same commit again, and a PVC that was refused is never created.',
        description:
          'The last sync of Application {{ $labels.namespace }}/{{ $labels.name }} failed for good. ' +
          'It needs syncPolicy.retry {limit: -1, refresh: true}, and one more sync.',
      },
    ],
  };
}
