import * as k8s from '../gitops/k8s';
import { Construct } from 'constructs';
import { labels, selectorLabels } from '../gitops/labels';
import type { Manifest } from '../gitops/manifest';
import { namespace, plumber } from '../model/naming';
import type { ObjectStore } from '../model/object-store';

export interface PlumberNetworkPolicyProps {
  readonly store: ObjectStore;
  /** Stores that the site used before. */
  readonly previous: readonly ObjectStore[];
  /** Port of the Pods behind the store's address, where it is a Service of the cluster. @default - none */
  readonly podPort?: number;
  /** Namespace of the Prometheus that scrapes. */
  readonly prometheusNamespace: string;
}

/** Who may ask pvc-plumber (Kyverno, Prometheus, its own namespace for tests by hand) and whom it may ask (DNS and the port of the S3 store). */
export class PlumberNetworkPolicy extends Construct {
  constructor(scope: Manifest, id: string, props: PlumberNetworkPolicyProps) {
    super(scope, id);
    const from = [namespace.kyverno, props.prometheusNamespace, plumber.namespace].map((name) => ({
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
            ports: [...new Set([props.store.port, props.podPort ?? props.store.port, ...props.previous.map(({ port }) => port)])].map((port) => ({
              protocol: 'TCP',
              port,
            })),
          },
        ],
      },
    });
  }
}
