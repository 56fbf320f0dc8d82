/** One Prometheus alert. */
export interface Alert {
  /** CamelCase name; the runbook is `docs/runbooks/<name>.md`. */
  readonly name: string;
  readonly severity: 'critical' | 'warning' | 'info';
  /** PromQL. Every metric in it needs an exporter that this tree scrapes. */
  readonly expr: string;
  /** How long it must hold, long enough to outlast the reboot of a node. A Prometheus duration. */
  readonly for: string;
  /** One constant sentence. */
  readonly summary: string;
  /** Names the object, with `{{ $labels.x }}`. */
  readonly description: string;
}

/** Alerts that belong together. */
export interface AlertGroup {
  readonly name: string;
  readonly alerts: readonly Alert[];
}

/** What a site adds to every alert, see `SiteValues.monitoring.alerts`. */
export interface AlertChoices {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
