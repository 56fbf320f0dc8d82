import { Construct } from 'constructs';
import type { values as chartValues } from '../../imports/charts/kube-prometheus-stack';
import { Application, type ComponentChart } from '../gitops/application';
import type { ChartNeed } from '../gitops/chart-overrides';
import type { ChartValues } from '../gitops/chart-values';
import { Manifest } from '../gitops/manifest';
import { rootName } from '../gitops/root-application';
import { wave } from '../gitops/sync-wave';
import { namespace } from '../model/naming';
import { Size } from '../model/size';
import { BackupTier } from '../model/tier';
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
  readonly chart?: ComponentChart;
  readonly site: Pick<Site, 'monitoring' | 'storage' | 'tiers' | 'optIn' | 'projects' | 'namePrefix' | 'secretSource'>;
  readonly project: string;
  /** URL in front of `<alert>.md`. */
  readonly runbookBase: string;
}

/** Alerts and scrapes in an Application of their own: a core component that brought them would wait for CRDs of a later wave. */
export class Monitoring extends Construct {
  readonly application: Application;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { tiers: ofSite, optIn, monitoring, projects, namePrefix, secretSource } = props.site;
    const { alerts: choices, receiver, prometheusNamespace: where } = monitoring;
    const tiers = ofSite.map(BackupTier.of);
    const groups = withoutAlerts(backupAlerts(tiers, { projects, root: rootName(namePrefix) }, optIn), choices.off);
    new AlertRules(this, 'alerts', { name: 'volsync-alerts', namespace: where, groups, runbookBase: props.runbookBase, choices });
    if (receiver !== undefined && receiver.configuration === undefined)
      new AlertReceiver(new Manifest(this, `${monitoringDirectory}/alert-receiver.yaml`), 'receiver', {
        receiver,
        namespace: where,
        store: secretSource.store,
      });
    new ServiceMonitors(new Manifest(this, `${monitoringDirectory}/service-monitors.yaml`), 'monitors', where);
    new DashboardConfigMap(new Manifest(this, `${monitoringDirectory}/dashboard.yaml`), 'dashboard', tiers, where);
    this.application = new Application(this, 'application', {
      name: namespace.monitoring,
      wave: wave.observability,
      namespace: where,
      project: props.project,
      directory: monitoringDirectory,
      chart: props.chart && { ...props.chart, releaseName: prometheusRelease, values: values(props.site), needs },
    });
  }
}

const unread = 'Prometheus would not read the alerts and scrapes of backups';
const unseen = 'the alerts would not see which PVCs are labelled, and which have a backup';

const needs: readonly ChartNeed[] = [
  { path: 'fullnameOverride', breaks: unread },
  ...['ruleSelectorNilUsesHelmValues', 'serviceMonitorSelectorNilUsesHelmValues', 'ruleSelector', 'serviceMonitorSelector'].map((key) => ({
    path: `prometheus.prometheusSpec.${key}`,
    breaks: unread,
  })),
  ...['prometheus.enabled', 'prometheusOperator.enabled', 'kubeApiServer.enabled'].map((path) => ({
    path,
    breaks: unread,
    accepts: (value: unknown) => value === true,
  })),
  {
    path: 'grafana.enabled',
    breaks: 'Grafana would have a password that everybody knows; name a Secret with one as grafana.admin.existingSecret, or',
    accepts: (_, { grafana }) => typeof (grafana as { admin?: { existingSecret?: unknown } } | undefined)?.admin?.existingSecret === 'string',
  },
  { path: 'kubeStateMetrics.enabled', breaks: unseen, accepts: (value) => value === true },
  ...['metricLabelsAllowlist', 'metricAnnotationsAllowList', 'customResourceState', 'rbac.extraRules'].map((key) => ({
    path: `kube-state-metrics.${key}`,
    breaks: unseen,
  })),
  {
    path: 'alertmanager.alertmanagerSpec.alertmanagerConfigMatcherStrategy',
    breaks: 'a receiver would get only alerts about its own namespace, and nobody would be told of a backup that fails',
  },
];

function values({ monitoring, storage }: MonitoringProps['site']): ChartValues<typeof chartValues> {
  const { controlPlane, prometheusVolume: size } = monitoring;
  return {
    fullnameOverride: prometheusRelease,
    // Read the rules and monitors of every Application, whatever their labels.
    prometheus: {
      prometheusSpec: {
        ruleSelectorNilUsesHelmValues: false,
        serviceMonitorSelectorNilUsesHelmValues: false,
        podMonitorSelectorNilUsesHelmValues: false,
        probeSelectorNilUsesHelmValues: false,
        storageSpec: size === undefined ? undefined : claim(storage.storageClass, Size.of(size)),
      },
    },
    // Without this an AlertmanagerConfig gets only alerts about its own namespace, and ours are about the PVC's.
    alertmanager: {
      alertmanagerSpec: { alertmanagerConfigMatcherStrategy: { type: 'None' }, ...wholeConfiguration(monitoring.receiver?.configuration) },
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

function claim(storageClass: string, size: Size): Readonly<Record<string, unknown>> {
  return {
    volumeClaimTemplate: {
      spec: { storageClassName: storageClass, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size.toString() } } },
    },
  };
}
