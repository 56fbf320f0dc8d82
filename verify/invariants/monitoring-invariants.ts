import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { alertLabel } from '../../lib/model/alert-names';
import type { Site } from '../../lib/site/schema';
import { type Invariant, problemsOf, same } from '../invariant';
import { type Data, repository, type Tree } from '../tree';

/** Those of the platform: alerts of a person's own may name jobs and metrics that only their cluster has. */
const groups = (tree: Tree): Data[] => tree.platform.ofKind('PrometheusRule').flatMap(({ spec }) => spec.groups);
const alerts = (tree: Tree): Data[] => groups(tree).flatMap(({ rules }) => rules);
const alert = (tree: Tree, name: string): Data => alerts(tree).find((rule) => rule.alert === name);

const specified = {
  VolSyncControllerDown: 'critical',
  VolSyncVolumeOutOfSync: 'critical',
  VolSyncMissedScheduledBackup: 'warning',
  VolSyncDurationTooLong: 'warning',
  PvcPlumberDown: 'critical',
} as const;

const turnedOff = ({ alerts: { off } }: Site['monitoring'], name: string): boolean => (off as readonly string[]).includes(name);

export const monitoringInvariants: readonly Invariant[] = [
  {
    name: 'the five alerts of the description are there, with its severities, but those that the site turned off',
    check: (tree, { monitoring }) =>
      same(
        Object.fromEntries(
          Object.keys(specified).flatMap((name) => (alert(tree, name) === undefined ? [] : [[name, alert(tree, name).labels.severity]])),
        ),
        Object.fromEntries(Object.entries(specified).filter(([name]) => !turnedOff(monitoring, name))),
        'the alerts',
      ),
    mutate: (tree) => (alert(tree, 'VolSyncVolumeOutOfSync').labels.severity = 'warning'),
  },
  {
    name: 'every alert says what, where and what to do: summary, description, a wait, a runbook that exists',
    check: (tree, { monitoring }) =>
      alerts(tree).flatMap((rule) => [
        ...problemsOf(
          ['summary', 'description', 'runbook_url'],
          (key) => !rule.annotations[key],
          (key) => `${rule.alert} has no ${key}`,
        ),
        ...(/^\d+[mh]$/.test(rule.for ?? '') ? [] : [`${rule.alert} fires at once`]),
        ...(monitoring.runbookBase !== undefined ||
        existsSync(join(repository, 'docs', 'runbooks', rule.annotations.runbook_url?.split('/').at(-1) ?? ''))
          ? []
          : [`${rule.alert} has no runbook`]),
      ]),
    mutate: (tree) => delete alert(tree, 'PvcPlumberDown').for,
  },
  {
    name: 'a receiver that a person gives the chart’s Alertmanager gets alerts about every namespace',
    check: (tree, { monitoring, applicationPrefix }) =>
      !monitoring.prometheusStack
        ? []
        : same(
            tree.one('Application', `${applicationPrefix}prometheus-stack`).spec.sources[0].helm.valuesObject.alertmanager?.alertmanagerSpec
              .alertmanagerConfigMatcherStrategy,
            { type: 'None' },
            'alertmanagerConfigMatcherStrategy',
          ),
    mutate: (tree) => delete tree.one('Application', 'prometheus-stack').spec.sources[0].helm.valuesObject.alertmanager,
  },
  {
    name: 'every alert has the label by which a receiver gets it',
    check: (tree) =>
      problemsOf(
        alerts(tree),
        ({ labels }) => labels?.[alertLabel.name] !== alertLabel.value,
        (rule) => `${rule.alert} lacks ${alertLabel.name}: ${alertLabel.value}`,
      ),
    mutate: (tree) => delete alert(tree, 'PvcRestoreStuck').labels.part_of,
  },
  {
    name: 'trap 25: restores and first backups do not page as failed backups',
    check: (tree) =>
      problemsOf(
        alerts(tree),
        ({ expr }) => /volsync_(volume_out_of_sync|missed_intervals_total|sync_duration_seconds\w*)\{(?![^}]*role=)/.test(expr),
        (rule) => `${rule.alert} mixes sources and destinations`,
      ),
    mutate: (tree) =>
      (alert(tree, 'VolSyncVolumeOutOfSync').expr = 'max by (obj_namespace, obj_name) (volsync_volume_out_of_sync{method="kopia"}) == 1'),
  },
  {
    name: 'trap 25: every job that an alert names is scraped by this tree, or by the chart itself',
    check: (tree) => {
      const jobs = alerts(tree).flatMap(({ expr }) => [...expr.matchAll(/job="([^"]+)"/g)].map(([, job]) => job));
      const services: Readonly<Record<string, string>> = {
        'pvc-plumber': 'pvc-plumber',
        volsync: 'volsync-metrics',
        'external-secrets': 'external-secrets-metrics',
        'kyverno-admission-controller': 'kyverno-svc-metrics',
      };
      const scraped = [...tree.ofKind('ServiceMonitor').map(({ metadata }) => services[metadata.name as string]), 'apiserver'];
      return problemsOf(
        [...new Set(jobs)],
        (job) => !scraped.includes(job),
        (job) => `nobody scrapes ${job}`,
      );
    },
    mutate: (tree) => tree.remove('ServiceMonitor', 'volsync'),
  },
  {
    name: 'trap 25: the metrics of External Secrets have a Service, and keep the namespace that they name',
    check: (tree, { externalSecrets, applicationPrefix }) =>
      same(
        [
          !externalSecrets.install ||
            tree.one('Application', `${applicationPrefix}external-secrets`).spec.sources[0].helm.valuesObject.metrics?.service?.enabled,
          tree.ofKind('ServiceMonitor').find(({ metadata }) => metadata.name === 'external-secrets')?.spec.endpoints[0].honorLabels,
        ],
        [true, true],
        'the scrape of External Secrets',
      ),
    mutate: (tree) => delete tree.one('ServiceMonitor', 'external-secrets').spec.endpoints[0].honorLabels,
  },
  {
    name: 'trap 25: the scrape of pvc-plumber finds its Service and port; that of VolSync speaks TLS without a token',
    check: (tree, { volsync: { install }, applicationPrefix }) => {
      const own = tree.one('ServiceMonitor', 'pvc-plumber').spec;
      const service = tree.one('Service', 'pvc-plumber');
      const volsync = tree.ofKind('ServiceMonitor').find(({ metadata }) => metadata.name === 'volsync')?.spec.endpoints[0];
      const chart = install ? tree.one('Application', `${applicationPrefix}volsync`).spec.sources[0].helm : undefined;
      return [
        ...same(
          [own.namespaceSelector.matchNames, own.selector.matchLabels, own.endpoints[0].port],
          [[service.metadata.namespace], { 'app.kubernetes.io/name': service.metadata.labels['app.kubernetes.io/name'] }, service.spec.ports[0].name],
          'the scrape of pvc-plumber',
        ),
        ...(volsync === undefined
          ? []
          : same([volsync.port, volsync.scheme, volsync.tlsConfig.insecureSkipVerify], ['https', 'https', true], 'the scrape of VolSync')),
        ...(chart === undefined ? [] : same([chart.valuesObject.metrics.disableAuth, chart.apiVersions], [true, ['v1']], 'metrics of VolSync')),
      ];
    },
    mutate: (tree) => (tree.one('ServiceMonitor', 'pvc-plumber').spec.endpoints[0].port = 'metrics'),
  },
  {
    name: 'trap 25: kube-state-metrics exports the label that the alerts read, and Prometheus reads every rule',
    check: (tree, { monitoring, applicationPrefix }) => {
      // Without the chart the cluster has a Prometheus, which docs/monitoring.md tells what it needs.
      if (!monitoring.prometheusStack) return [];
      const { helm } = tree.one('Application', `${applicationPrefix}prometheus-stack`).spec.sources[0];
      const spec = helm.valuesObject.prometheus.prometheusSpec;
      return [
        ...same(
          helm.valuesObject['kube-state-metrics'].metricLabelsAllowlist,
          ['persistentvolumeclaims=[backup,app.kubernetes.io/created-by]'],
          'the allowed labels',
        ),
        ...same([spec.ruleSelectorNilUsesHelmValues, spec.serviceMonitorSelectorNilUsesHelmValues], [false, false], 'the selectors'),
        ...problemsOf(
          [...tree.platform.ofKind('PrometheusRule'), ...tree.platform.ofKind('ServiceMonitor')],
          ({ metadata }) => metadata.labels.release !== 'kube-prometheus-stack',
          ({ kind, metadata }) => `${kind} ${metadata.name} lacks the release label`,
        ),
      ];
    },
    mutate: (tree) =>
      (tree.one('Application', 'prometheus-stack').spec.sources[0].helm.valuesObject['kube-state-metrics'].metricLabelsAllowlist = []),
  },
  {
    name: 'trap 37: a label value that no tier knows is alerted on',
    check: (tree, { tiers, monitoring }) => {
      if (turnedOff(monitoring, 'PvcBackupLabelUnknown')) return [];
      const known = tiers.map(({ label }) => label.replaceAll('.', '[.]')).join('|');
      return alerts(tree).some(({ expr }) => expr.includes(`label_backup!~"${known}"`)) ? [] : [`no alert for labels other than ${known}`];
    },
    mutate: (tree) => (alert(tree, 'PvcBackupLabelUnknown').expr = 'kube_persistentvolumeclaim_labels{label_backup="weekly"}'),
  },
];
