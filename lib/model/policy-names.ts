/** Names of the policies, of Kyverno and of the API server, and of rules in them. */
export const gatePolicy = 'volsync-pvc-backup-restore';
export const generatePolicy = 'volsync-pvc-backup-generate';
export const repairPolicy = 'volsync-pvc-backup-repair';
export const followPolicy = 'volsync-pvc-backup-follow';
export const moverPolicy = 'volsync-pvc-backup-mover';
export const restoredPolicy = 'volsync-pvc-backup-restored';
export const restoreRetryPolicy = 'volsync-pvc-backup-restore-retry';
export const restoreSizePolicy = 'volsync-pvc-backup-restore-size';
export const backstopPolicy = 'volsync-pvc-backup-backstop';
export const restoreImagePolicy = 'volsync-pvc-backup-restore-image';
export const nobodysRestorePolicy = 'volsync-pvc-backup-nobodys-restore';
export const repairerPolicy = 'volsync-pvc-backup-repairer';
export const restoreProofPolicy = 'volsync-pvc-backup-restore-proof';
export const looseVolumePolicy = 'volsync-pvc-backup-loose-volume';
export const storeMovePolicy = 'volsync-pvc-backup-store-move';
export const ownersWarningPolicy = 'volsync-pvc-backup-owners';
export const relabelPolicy = 'volsync-pvc-backup-relabel';
export const otherLabelPolicy = 'volsync-pvc-backup-other-label';
export const optInPolicy = 'volsync-pvc-backup-opt-in';
export const storageClassPolicy = 'volsync-pvc-backup-storage-class';
export const quotaPolicy = 'volsync-pvc-backup-quota';
export const labelWarningPolicy = 'volsync-pvc-backup-label';
export const labelSpellingPolicy = 'volsync-pvc-backup-label-spelling';
export const labelPlacePolicy = 'volsync-pvc-backup-label-place';

/** Longest name of a rule in a ClusterPolicy, by Kyverno's CRD. */
export const maxRuleNameLength = 63;

/** Rule that makes the ReplicationSource of a tier. */
export function sourceRule(label: string): string {
  return `replication-source-${label}`;
}

/** Rule of the gate that gives PVCs the label of a tier. */
export function optInRule(label: string): string {
  return `opt-in-${label}`;
}

/** Rule that keeps what another rule made at what `main.ts` says. */
export function followRule(rule: string): string {
  return `follow-${rule}`;
}
