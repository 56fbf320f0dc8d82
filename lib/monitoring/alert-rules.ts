import { Construct } from 'constructs';
import { PrometheusRule, PrometheusRuleSpecGroupsRulesExpr as Expr } from '../../imports/monitoring.coreos.com';
import { Manifest } from '../gitops/manifest';
import { alertLabel } from '../model/alert-names';
import { InputError } from '../model/problems';
import type { AlertChoices, AlertGroup } from './alert';
import { monitoringMetadata } from './metadata';

/** Folder of everything that Prometheus' operator reads. */
export const monitoringDirectory = 'monitoring/prometheus-stack';

export interface AlertRulesProps {
  /** Name of the PrometheusRule; its file is `<name>.yaml`. */
  readonly name: string;
  /** Namespace of Prometheus. */
  readonly namespace: string;
  readonly groups: readonly AlertGroup[];
  /** URL in front of `<alert>.md`, without a slash at its end. */
  readonly runbookBase: string;
  /** Further labels and annotations of every alert. */
  readonly choices: AlertChoices;
}

/** A PrometheusRule in a file of its own. @throws InputError for two alerts of one name, which Alertmanager could not tell apart */
export class AlertRules extends Construct {
  constructor(scope: Construct, id: string, props: AlertRulesProps) {
    super(scope, id);
    const names = props.groups.flatMap((group) => group.alerts.map((alert) => alert.name));
    const double = names.find((name, index) => names.indexOf(name) < index);
    if (double !== undefined) throw new InputError(`${props.name}: two alerts are called "${double}"; rename one`);

    new PrometheusRule(new Manifest(this, `${monitoringDirectory}/${props.name}.yaml`), 'rules', {
      metadata: monitoringMetadata(props.name, props.namespace),
      spec: {
        groups: props.groups.map((group) => ({
          name: group.name,
          rules: group.alerts.map((alert) => ({
            alert: alert.name,
            expr: Expr.fromString(alert.expr),
            for: alert.for,
            labels: { ...props.choices.labels, severity: alert.severity, [alertLabel.name]: alertLabel.value },
            annotations: {
              ...props.choices.annotations,
              summary: alert.summary,
              description: alert.description,
              runbook_url: `${props.runbookBase}/${alert.name}.md`,
            },
          })),
        })),
      },
    });
  }
}
