import { project } from '../../gitops/platform-projects';
import { rootName } from '../../gitops/root-application';
import { namespace } from '../../model/naming';
import type { AlertGroup } from '../alert';
import { anyOf } from '../promql';

const platform = `project=~"${anyOf([project.infrastructure, project.monitoring])}"`;
const ours = `project=~"${anyOf(Object.values(project))}"`;
const root = `namespace="${namespace.argocd}", name="${rootName}"`;
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
export function argocdAlerts(): AlertGroup {
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
