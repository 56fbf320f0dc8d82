import { settledDecisions } from '../../model/decision';
import { namespace, plumber, secretName } from '../../model/naming';
import type { AlertGroup } from '../alert';
import { anyOf, byPvc, decisionLabel, labelledPvcs, pvcLabels, unreachable } from '../promql';
import { kyvernoJob } from '../service-monitors';

const secret = 'namespace, name';
const maintenance = 'namespace, name, persistentvolumeclaim';
const webhooks = 'name=~"(mutate|validate)[.]kyverno[.]svc-.*"';
const registration = 'kyverno-resource-mutating-webhook-cfg';

/** Seconds without a maintenance from which its repository is in arrears: two daily runs, and two hours for the third to end. */
const maintenanceOverdue = 50 * 3600;

/** The Secrets, the maintenance and the admission webhook that backups and restores stand on. */
export function dependencyAlerts(labels: readonly string[]): AlertGroup {
  return {
    name: 'backup.dependencies',
    alerts: [
      {
        name: 'ExternalSecretNotReady',
        severity: 'warning',
        expr:
          `max by (${secret}) (externalsecret_status_condition{condition="Ready", status="False", ` +
          `name=~"${secretName({ namespace: '', name: '.+' })}|${plumber.credentialsSecret}"}) == 1 or ` +
          // The operator's own series is gone from its restart to its next round; the object is not.
          `max by (${secret}) (label_replace(${labelledPvcs(labels)}, "name", "${secretName({ namespace: '', name: '$1' })}", "persistentvolumeclaim", "(.+)")) ` +
          `unless max by (${secret}) (kube_externalsecret_ready) == 1`,
        for: '15m',
        summary: 'The credentials of a backup are missing, or External Secrets no longer renews them.',
        description: 'ExternalSecret {{ $labels.namespace }}/{{ $labels.name }} is missing or not Ready.',
      },
      {
        name: 'KopiaMaintenanceFailing',
        severity: 'warning',
        expr: [
          `max by (${maintenance}) (kube_kopiamaintenance_failures) > 0`,
          `time() - (max by (${maintenance}) (kube_kopiamaintenance_last_maintenance_time) or max by (${maintenance}) (kube_kopiamaintenance_created)) > ${maintenanceOverdue}`,
          `max by (${secret}) (label_replace(${failedJobs}, "name", "$1", "job_name", "kopia-maint-(kopia-[0-9a-f]{16})-.+")) ` +
            `* on (${secret}) group_right () max by (${maintenance}) (kube_kopiamaintenance_created > bool 0)`,
        ].join(' or '),
        for: '15m',
        summary: 'The maintenance of a backup repository fails, so deleted backups free no space.',
        description: 'KopiaMaintenance {{ $labels.namespace }}/{{ $labels.name }} of PVC {{ $labels.persistentvolumeclaim }} failed, or is overdue.',
      },
      {
        name: 'KyvernoAdmissionDown',
        severity: 'critical',
        expr:
          `${unreachable(kyvernoJob, namespace.kyverno)} or ` +
          `absent(kube_mutatingwebhookconfiguration_info{mutatingwebhookconfiguration="${registration}"}) and on () count(kube_namespace_status_phase)`,
        for: '10m',
        summary: "Kyverno's admission controller is down: no labelled PVC can be created, and none gets its backup.",
        description: `Prometheus has reached no Kyverno admission controller in ${namespace.kyverno} for 10 minutes, or its webhook ${registration} is not registered.`,
      },
      {
        name: 'PvcUndecided',
        severity: 'critical',
        expr:
          `(${byPvc(`kube_persistentvolumeclaim_annotations{${decisionLabel}!=""}`)} unless ` +
          `${byPvc(`kube_persistentvolumeclaim_annotations{${decisionLabel}=~"${anyOf(settledDecisions)}"}`)}) ` +
          // With another program's label a PVC is let go in a doubt.
          `and on (${pvcLabels}) ${labelledPvcs(labels)}`,
        for: '5m',
        summary: 'A PVC was created without a backup decision: the admission policy that refuses such PVCs is missing.',
        description:
          'PVC {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} stays Pending, because its restore is never started. No data is lost.',
      },
      {
        name: 'KyvernoWebhookFailing',
        severity: 'critical',
        expr:
          `sum by (name) (increase(apiserver_admission_webhook_rejection_count{error_type="calling_webhook_error", ${webhooks}}[5m])) > 0 or ` +
          `sum by (name) (increase(apiserver_admission_webhook_fail_open_count{${webhooks}}[5m])) > 0`,
        for: '5m',
        summary: "The API server can't call Kyverno: it refuses PVCs, or creates them without their backup.",
        description: 'Calls of webhook {{ $labels.name }} failed {{ $value | humanize }} times in 5 minutes.',
      },
    ],
  };
}

/** Maintenance Jobs that failed in the last day. Kubernetes keeps the last failed one for ever, so that alone means nothing. */
const failedJobs =
  'max by (namespace, job_name) (kube_job_failed{condition="true", job_name=~"kopia-maint-.+"}) == 1 and on (namespace, job_name) ' +
  'time() - max by (namespace, job_name) (kube_job_created{job_name=~"kopia-maint-.+"}) < 93600';
