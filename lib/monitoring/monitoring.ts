import { Construct } from 'constructs';
import type { values as chartValues } from '../../imports/charts/kube-prometheus-stack';
import { Application, type ChartSource } from '../gitops/application';
import type { ChartValues } from '../gitops/chart-values';
import { Manifest } from '../gitops/manifest';
import { wave } from '../gitops/sync-wave';
import { namespace } from '../model/naming';
import type { Size } from '../model/size';
import type { BackupTier } from '../model/tier';
import type { Site } from '../site/schema';
import { AlertRules, monitoringDirectory } from './alert-rules';
import { backupAlerts, withoutAlerts } from './backup-alerts';
import { DashboardConfigMap } from './dashboard/dashboard-config-map';
import { kubeStateValues } from './kube-state';
import { prometheusRelease } from './metadata';
import { AlertReceiver } from './receiver';
import { ServiceMonitors } from './service-monitors';

export interface MonitoringProps {
  /** kube-prometheus-stack. @default - the cluster has one already */
  readonly chart?: Pick<ChartSource, 'repo' | 'chart' | 'version'>;
  /** Volume of Prometheus. @default - none */
  readonly volume?: { readonly storageClass: string; readonly size: Size };
  /** Scrape the control plane, see `SiteValues.monitoring`. */
  readonly controlPlane: boolean;
  readonly project: string;
  readonly tiers: readonly BackupTier[];
  /** URL in front of `<alert>.md`. */
  readonly runbookBase: string;
  /** See `SiteValues.monitoring`. */
  readonly choices: Pick<Site['monitoring'], 'alerts' | 'receiver'>;
  /** ClusterSecretStore of the site. */
  readonly store: string;
}

/** Alerts and scrapes in an Application of their own: a core component that brought them would wait for CRDs of a later wave. */
export class Monitoring extends Construct {
  readonly application: Application;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { alerts: choices, receiver } = props.choices;
    const groups = withoutAlerts(backupAlerts(props.tiers), choices.off);
    new AlertRules(this, 'alerts', { name: 'volsync-alerts', groups, runbookBase: props.runbookBase, choices });
    if (receiver !== undefined && receiver.configuration === undefined)
      new AlertReceiver(new Manifest(this, `${monitoringDirectory}/alert-receiver.yaml`), 'receiver', { receiver, store: props.store });
    new ServiceMonitors(new Manifest(this, `${monitoringDirectory}/service-monitors.yaml`), 'monitors');
    new DashboardConfigMap(new Manifest(this, `${monitoringDirectory}/dashboard.yaml`), 'dashboard', props.tiers);
    this.application = new Application(this, 'application', {
      name: namespace.monitoring,
      wave: wave.observability,
      namespace: namespace.monitoring,
      project: props.project,
      directory: monitoringDirectory,
      chart: props.chart && { ...props.chart, releaseName: prometheusRelease, values: values(props) },
    });
  }
}

function values({ volume, controlPlane, choices }: Pick<MonitoringProps, 'volume' | 'controlPlane' | 'choices'>): ChartValues<typeof chartValues> {
  return {
    fullnameOverride: prometheusRelease,
    // Read the rules and monitors of every Application, whatever their labels.
    prometheus: {
      prometheusSpec: {
        ruleSelectorNilUsesHelmValues: false,
        serviceMonitorSelectorNilUsesHelmValues: false,
        podMonitorSelectorNilUsesHelmValues: false,
        probeSelectorNilUsesHelmValues: false,
        storageSpec: volume && claim(volume),
      },
    },
    // Without this an AlertmanagerConfig gets only alerts about its own namespace, and ours are about the PVC's.
    alertmanager: {
      alertmanagerSpec: { alertmanagerConfigMatcherStrategy: { type: 'None' }, ...wholeConfiguration(choices.receiver?.configuration) },
    },
    kubeScheduler: { enabled: controlPlane },
    kubeControllerManager: { enabled: controlPlane },
    kubeProxy: { enabled: controlPlane },
    kubeEtcd: { enabled: controlPlane },
    // The chart's Grafana comes with a password that everybody knows.
    grafana: { enabled: false },
    'kube-state-metrics': kubeStateValues,
  };
}

/** A configuration of a person's own, in place of the chart's. The chart has `configSecret` as a comment only, so its type does not know it. */
function wholeConfiguration(configSecret: string | undefined): object {
  return configSecret === undefined ? {} : { useExistingSecret: true, configSecret };
}

function claim({ storageClass, size }: NonNullable<MonitoringProps['volume']>): Readonly<Record<string, unknown>> {
  return {
    volumeClaimTemplate: {
      spec: { storageClassName: storageClass, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size.toString() } } },
    },
  };
}
