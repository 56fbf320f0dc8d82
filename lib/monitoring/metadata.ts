import { labels } from '../gitops/labels';
import { namespace } from '../model/naming';

/** Release name of kube-prometheus-stack. With the chart's default selectors only objects with this label are read. */
export const prometheusRelease = 'kube-prometheus-stack';

/** Metadata of an object that Prometheus' operator reads. */
export function monitoringMetadata(name: string): { name: string; namespace: string; labels: Record<string, string> } {
  return { name, namespace: namespace.monitoring, labels: { ...labels(name), release: prometheusRelease } };
}
