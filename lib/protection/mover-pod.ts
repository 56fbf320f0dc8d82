import type { ReplicationSourceSpecKopiaMoverSecurityContext as MoverSecurityContext } from '../../imports/volsync.backube';
import { podLabel } from '../model/naming';
import type { Site } from '../site/schema';
import type { PvcValues } from './pvc-values';

/** What the mover policy acts on, see {@link podLabel}. */
export function moverPodLabels(task: 'backup' | 'restore', pvc: PvcValues): Record<string, string> {
  return { [podLabel.mover]: task, [podLabel.owners]: pvc.owners };
}

export function moverSecurityContext(pvc: PvcValues, fsGroupChangePolicy: 'Always' | 'OnRootMismatch'): MoverSecurityContext {
  // The casts: an expression becomes a number or a boolean when Kyverno substitutes it.
  return {
    runAsUser: pvc.runAsUser as number,
    runAsGroup: pvc.runAsGroup as number,
    fsGroup: pvc.fsGroup as number,
    fsGroupChangePolicy,
    runAsNonRoot: pvc.runAsNonRoot as boolean,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

type Amounts = Readonly<Record<string, { readonly value: string }>>;

/** Resources of a mover's container, for the generated classes; undefined where the site names none. */
export function moverResources(resources: Site['mover']['resources']): { requests?: Amounts; limits?: Amounts } | undefined {
  if (resources === undefined) return undefined;
  const amounts = (of: Readonly<Record<string, string | undefined>>): Amounts =>
    Object.fromEntries(Object.entries(of).flatMap(([key, value]) => (value === undefined ? [] : [[key, { value }]])));
  return {
    requests: resources.requests && amounts(resources.requests),
    limits: resources.limits && amounts(resources.limits),
  };
}
