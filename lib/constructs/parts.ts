import type { Construct } from 'constructs';
import { FromTree, type SiteProps } from './from-tree';

/**
 * The ValidatingAdmissionPolicies that refuse a labelled PVC without a proven decision. The API server evaluates them itself.
 *
 * Apply them before {@link BackupGate}: from then on an empty volume is not handed out over a backup, also while everything else is missing.
 */
export class BackupAdmissionPolicies extends FromTree {
  constructor(scope: Construct, id: string, props: SiteProps) {
    super(scope, id, props, 'infrastructure/controllers/backstop/');
  }
}

/**
 * The Kyverno policies with the rights that Kyverno needs for them: the gate, which asks pvc-plumber and writes the decision on the PVC, and everything that is
 * generated, repaired and deleted for a labelled PVC. It installs neither Kyverno nor VolSync nor External Secrets.
 */
export class BackupGate extends FromTree {
  constructor(scope: Construct, id: string, props: SiteProps) {
    super(scope, id, props, 'infrastructure/controllers/kyverno/');
  }
}

/**
 * The service that says whether a backup exists, its credentials, and the process that asks again for what was lost, in the namespace `volsync-system`, which is
 * not made here.
 */
export class PvcPlumber extends FromTree {
  constructor(scope: Construct, id: string, props: SiteProps) {
    super(scope, id, props, 'infrastructure/controllers/pvc-plumber/');
  }
}

/** The alerts, one PrometheusRule, and their receiver where the site has one, in the namespace `prometheus-stack`. Without {@link BackupScrapes} or scrapes alike they have nothing to look at. */
export class BackupAlerts extends FromTree {
  constructor(scope: Construct, id: string, props: SiteProps) {
    super(scope, id, props, 'monitoring/prometheus-stack/volsync-alerts.yaml', 'monitoring/prometheus-stack/alert-receiver.yaml');
  }
}

/** The ServiceMonitors of pvc-plumber, VolSync, External Secrets and Kyverno. */
export class BackupScrapes extends FromTree {
  constructor(scope: Construct, id: string, props: SiteProps) {
    super(scope, id, props, 'monitoring/prometheus-stack/service-monitors.yaml');
  }
}

/** The Grafana dashboard, in a ConfigMap that the sidecar of Grafana's chart finds. */
export class BackupDashboard extends FromTree {
  constructor(scope: Construct, id: string, props: SiteProps) {
    super(scope, id, props, 'monitoring/prometheus-stack/dashboard.yaml');
  }
}
