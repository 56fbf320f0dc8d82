import { namespace } from '../model/naming';
import type { Site } from '../site/schema';
import type { PodSecurity } from './namespaces';

/** Namespaces of the components that the tree installs, with the Pod Security level that their Pods need. What is there already has its own. */
export function platformNamespaces(site: Site): Record<string, PodSecurity> {
  if (!site.namespaces.install) return {};
  const { prometheusStack } = site.monitoring;
  return {
    ...(site.onepassword?.install === true ? { [namespace.onepassword]: 'baseline' } : {}),
    ...(site.externalSecrets.install ? { [namespace.externalSecrets]: 'restricted' } : {}),
    // Longhorn mounts host paths, node-exporter reads the host.
    ...(site.longhorn.install ? { [namespace.longhorn]: 'privileged' } : {}),
    ...(site.snapshotController.install ? { [namespace.snapshotController]: 'baseline' } : {}),
    // Restricted would do for VolSync and pvc-plumber, but would refuse the plain `kubectl run` that troubleshooting begins with.
    ...(site.volsync.install ? { [namespace.volsync]: 'baseline' } : {}),
    ...(site.kyverno.install ? { [namespace.kyverno]: 'restricted' } : {}),
    ...(prometheusStack ? { [namespace.monitoring]: 'privileged' } : {}),
  };
}
