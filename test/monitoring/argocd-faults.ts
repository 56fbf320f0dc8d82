import { all, appear, become, type Fault, gone, is } from './fault';
import { series } from './series';

const application = (name: string): Record<string, string> => ({ namespace: 'argocd', name });
const later = 'Argo CD tries again, and a wave may take half an hour';

/** An Application turns from what it was into something else. */
function turns(name: string, project: string, state: Readonly<Record<string, string>>): Fault['change'] {
  const own = { ...application(name), project, customresource_kind: 'Application' };
  return all(
    become(is('kube_application_created', application(name)), undefined),
    appear(series('kube_application_created', { ...own, ...state }, 0)),
  );
}

/** What goes wrong between Git and the cluster. */
export const argocdFaults: readonly Fault[] = [
  {
    alert: 'ApplicationStuck',
    when: 'a PVC is refused, and Argo CD retries without an end',
    labels: application('my-apps-shop'),
    after: 30,
    later,
    change: turns('my-apps-shop', 'my-apps', { sync_status: 'OutOfSync', health_status: 'Missing', operation_phase: 'Running' }),
  },
  {
    alert: 'ApplicationStuck',
    when: 'a component is in sync and does not run',
    labels: application('kyverno'),
    after: 30,
    later,
    change: turns('kyverno', 'infrastructure', { sync_status: 'Synced', health_status: 'Progressing', operation_phase: 'Succeeded' }),
  },
  {
    alert: 'ApplicationStuck',
    when: 'the root waits for a wave',
    labels: application('root'),
    after: 30,
    later,
    change: turns('root', 'default', { sync_status: 'OutOfSync', health_status: 'Degraded', operation_phase: 'Running' }),
  },
  {
    alert: 'ApplicationStuck',
    when: 'Argo CD has not looked at an Application at all',
    labels: application('my-apps-shop'),
    after: 30,
    later,
    change: turns('my-apps-shop', 'my-apps', {}),
  },
  {
    alert: 'ApplicationGaveUp',
    when: 'the retries of an Application of somebody else are used up',
    labels: application('theirs'),
    after: 15,
    later: 'the next commit may be on its way',
    change: turns('theirs', 'default', { sync_status: 'OutOfSync', health_status: 'Missing', operation_phase: 'Failed' }),
  },
  {
    alert: 'BackupMonitoringBlind',
    when: 'kube-state-metrics exports no Applications',
    labels: { missing: 'the Applications of Argo CD' },
    after: 15,
    later: 'a node that reboots takes an exporter away for some minutes',
    change: gone('kube_application_created'),
  },
];
