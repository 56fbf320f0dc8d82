import { namespace } from '../model/naming';
import type { PodSecurity } from './namespaces';

/** Namespaces of the components, with the Pod Security level that their Pods need. */
export function platformNamespaces({ prometheusStack }: { readonly prometheusStack: boolean }): Record<string, PodSecurity> {
  return {
    [namespace.onepassword]: 'baseline',
    [namespace.externalSecrets]: 'restricted',
    // Longhorn mounts host paths, node-exporter reads the host.
    [namespace.longhorn]: 'privileged',
    [namespace.snapshotController]: 'baseline',
    // Restricted would do for VolSync and pvc-plumber, but would refuse the plain `kubectl run` that troubleshooting begins with.
    [namespace.volsync]: 'baseline',
    [namespace.kyverno]: 'restricted',
    [namespace.monitoring]: prometheusStack ? 'privileged' : 'baseline',
  };
}
