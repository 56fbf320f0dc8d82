import type { ReplicationSourceSpecKopiaMoverSecurityContext as MoverSecurityContext } from '../../imports/volsync.backube';
import { podLabel } from '../model/naming';
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
