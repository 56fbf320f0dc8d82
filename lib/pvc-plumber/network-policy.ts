import * as k8s from '../gitops/k8s';
import { Construct } from 'constructs';
import { labels, selectorLabels } from '../gitops/labels';
import type { Manifest } from '../gitops/manifest';
import { namespace, plumber } from '../model/naming';
import { ObjectStore } from '../model/object-store';
import type { Site } from '../site/schema';

export interface PlumberNetworkPolicyProps {
  readonly s3: Site['s3'];
  /** Namespace of the Prometheus that scrapes. */
  readonly prometheusNamespace: string;
}

/** Who may ask pvc-plumber (Kyverno, Prometheus, its own namespace for tests by hand) and whom it may ask (DNS and the port of the S3 store). */
export class PlumberNetworkPolicy extends Construct {
  constructor(scope: Manifest, id: string, { s3, prometheusNamespace }: PlumberNetworkPolicyProps) {
    super(scope, id);
    const [store, ...previous] = [s3, ...s3.previous].map(({ endpoint, bucket }) => ObjectStore.of(endpoint, bucket).port);
    const from = [namespace.kyverno, prometheusNamespace, plumber.namespace].map((name) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
    }));
    const dns = 53;
    new k8s.KubeNetworkPolicy(this, 'policy', {
      metadata: { name: plumber.name, namespace: plumber.namespace, labels: labels(plumber.name) },
      spec: {
        podSelector: { matchLabels: selectorLabels(plumber.name) },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from, ports: [{ protocol: 'TCP', port: plumber.port }] }],
        egress: [
          {
            ports: [
              { protocol: 'UDP', port: dns },
              { protocol: 'TCP', port: dns },
            ],
          },
          // Any address: a NetworkPolicy knows no host names. Some network plugins look at a packet before a Service's translation, most after it.
          {
            ports: [...new Set([store!, s3.podPort ?? store!, ...previous])].map((port) => ({
              protocol: 'TCP',
              port,
            })),
          },
        ],
      },
    });
  }
}
