import { Construct } from 'constructs';
import { ServiceMonitor, type ServiceMonitorSpecEndpoints, ServiceMonitorSpecEndpointsScheme as Scheme } from '../../imports/monitoring.coreos.com';
import { selectorLabels } from '../gitops/labels';
import type { Manifest } from '../gitops/manifest';
import { namespace, plumber } from '../model/naming';
import { monitoringMetadata } from './metadata';

/** Value of `job` on VolSync's series: without a jobLabel it is the name of the Service, `<release>-metrics`. */
export const volsyncJob = 'volsync-metrics';
export const plumberJob = plumber.name;
export const externalSecretsJob = 'external-secrets-metrics';
/** The Service of Kyverno's admission controllers. */
export const kyvernoJob = 'kyverno-svc-metrics';

interface Scrape {
  readonly namespace: string;
  /** Labels of the Service. */
  readonly service: Record<string, string>;
  readonly endpoint: ServiceMonitorSpecEndpoints;
}

const scrapes: Readonly<Record<string, Scrape>> = {
  'pvc-plumber': {
    namespace: plumber.namespace,
    service: selectorLabels(plumber.name),
    // Its series of backups name the namespace of a PVC in the label that a scrape would otherwise overwrite.
    endpoint: { port: 'http', honorLabels: true },
  },
  volsync: {
    namespace: namespace.volsync,
    service: { 'control-plane': 'volsync-controller' },
    // The controller signs its own certificate.
    endpoint: { port: 'https', scheme: Scheme.HTTPS, tlsConfig: { insecureSkipVerify: true } },
  },
  'external-secrets': {
    namespace: namespace.externalSecrets,
    service: selectorLabels('external-secrets'),
    // Its series name the namespace of an ExternalSecret in the label that a scrape would otherwise overwrite.
    endpoint: { port: 'metrics', honorLabels: true },
  },
  'kyverno-admission-controller': {
    namespace: namespace.kyverno,
    service: { 'app.kubernetes.io/component': 'admission-controller', 'app.kubernetes.io/instance': 'kyverno' },
    endpoint: { port: 'metrics-port' },
  },
};

/** Makes Prometheus scrape what the alerts read, beside what kube-prometheus-stack scrapes by itself. */
export class ServiceMonitors extends Construct {
  /** @param prometheus its namespace */
  constructor(scope: Manifest, id: string, prometheus: string) {
    super(scope, id);
    for (const [name, { namespace: where, service, endpoint }] of Object.entries(scrapes)) {
      new ServiceMonitor(this, name, {
        metadata: monitoringMetadata(name, prometheus),
        spec: {
          namespaceSelector: { matchNames: [where] },
          selector: { matchLabels: service },
          endpoints: [{ path: '/metrics', interval: '30s', ...endpoint }],
        },
      });
    }
  }
}
