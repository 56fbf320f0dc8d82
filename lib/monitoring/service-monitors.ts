import { Construct } from 'constructs';
import { ServiceMonitor, ServiceMonitorSpecEndpointsScheme as Scheme } from '../../imports/monitoring.coreos.com';
import { selectorLabels } from '../gitops/labels';
import type { Manifest } from '../gitops/manifest';
import { namespace, plumber } from '../model/naming';
import { monitoringMetadata } from './metadata';

/** Value of `job` on VolSync's series: without a jobLabel it is the name of the Service, `<release>-metrics`. */
export const volsyncJob = 'volsync-metrics';

export const plumberJob = plumber.name;

/** Makes Prometheus scrape pvc-plumber and VolSync. */
export class ServiceMonitors extends Construct {
  constructor(scope: Manifest, id: string) {
    super(scope, id);
    new ServiceMonitor(this, 'pvc-plumber', {
      metadata: monitoringMetadata('pvc-plumber'),
      spec: {
        namespaceSelector: { matchNames: [plumber.namespace] },
        selector: { matchLabels: selectorLabels(plumber.name) },
        endpoints: [{ port: 'http', path: '/metrics', interval: '30s' }],
      },
    });
    new ServiceMonitor(this, 'volsync', {
      metadata: monitoringMetadata('volsync'),
      spec: {
        namespaceSelector: { matchNames: [namespace.volsync] },
        selector: { matchLabels: { 'control-plane': 'volsync-controller' } },
        // The controller signs its own certificate.
        endpoints: [{ port: 'https', path: '/metrics', interval: '30s', scheme: Scheme.HTTPS, tlsConfig: { insecureSkipVerify: true } }],
      },
    });
  }
}
