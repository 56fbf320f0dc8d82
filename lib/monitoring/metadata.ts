import { labels } from '../gitops/labels';

/** Release name of kube-prometheus-stack. With the chart's default selectors only objects with this label are read. */
export const prometheusRelease = 'kube-prometheus-stack';

/** Metadata of an object that Prometheus' operator reads. @param where namespace of Prometheus */
export function monitoringMetadata(name: string, where: string): { name: string; namespace: string; labels: Record<string, string> } {
  return { name, namespace: where, labels: { ...labels(name), release: prometheusRelease } };
}
