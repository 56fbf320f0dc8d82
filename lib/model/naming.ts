import { createHash } from 'node:crypto';

/**
 * Every derived or shared name, so that source, destination, service and policy can't disagree.
 *
 * A name that is derived from a PVC is a plain concatenation and takes either real names or the template expressions that Kyverno
 * substitutes ({@link PvcRef}). Where a name needs a hash, the JMESPath twin stands beside it and a test holds the two together.
 */

/** A PVC by namespace and name; both may be template expressions. */
export interface PvcRef {
  readonly namespace: string;
  readonly name: string;
}

/** The label that asks for backups; its values are the tiers' names. */
export const backupLabel = 'backup';

/** Longest PVC name that can be restored: VolSync's populator puts the name into a label value. */
export const maxPvcNameLength = 63;

const domain = 'volsync.backup';

export const annotation = {
  /** The gate's decision. Always overwritten by the gate. */
  decision: `${domain}/decision`,
  /** Why the gate came to its decision. */
  reason: `${domain}/decision-reason`,
  /** When the gate came to its decision, RFC 3339 in UTC. The admission policy accepts no decision of another time: it belongs to another creation. */
  decidedAt: `${domain}/decided-at`,
  /** The PVC that the decision is about, `namespace/name`. A decision about another one, in the manifest of a cloned namespace, counts for nothing. */
  decidedFor: `${domain}/decided-for`,
  /**
   * Resource version of the PVC on which the gate decided when the label was set on an existing one. The admission policy compares it with the version that is
   * being changed: a decision of another change has another one.
   */
  decidedAtVersion: `${domain}/decided-at-version`,
  /** When pvc-plumber asked for what is generated once more, RFC 3339. The repair policy acts when it changes. */
  repairRequestedAt: `${domain}/repair-requested-at`,
  /** `"true"`: create the PVC empty although a backup may exist. Needs {@link annotation.skipRestoreReason}. */
  skipRestore: `${domain}/skip-restore`,
  skipRestoreReason: `${domain}/skip-restore-reason`,
  /** Numeric user of the mover Pods of this PVC, in place of the site's. */
  runAsUser: `${domain}/run-as-user`,
  runAsGroup: `${domain}/run-as-group`,
  fsGroup: `${domain}/fs-group`,
  /** Restore the newest backup that is not younger than this time (RFC 3339). Needs {@link annotation.restoreExpires}. */
  restoreAsOf: `${domain}/restore-as-of`,
  /** Skip this many of the newest backups. Needs {@link annotation.restoreExpires}. */
  restorePrevious: `${domain}/restore-previous`,
  /**
   * RFC 3339: the choice of an older backup is for a creation before this time, at most seven days ahead. Later the PVC is refused: the line that is
   * still in Git must not bring old data back on the next cluster.
   */
  restoreExpires: `${domain}/restore-expires`,
  /** On a PersistentVolume: why it is given to a PVC by hand, without a restore. */
  reattachReason: `${domain}/reattach-reason`,
} as const;

/** Labels of the mover Pods that VolSync makes for our backups and restores; the mover policy acts on them and on no other Pod. */
export const podLabel = {
  /** `backup` or `restore`. */
  mover: `${domain}/mover`,
  /** `keep`: owners and modes are part of the data, the mover runs as root. `fixed`: everything belongs to one user. */
  owners: `${domain}/owners`,
} as const;

/** Label of a namespace with the level of the Pod Security Standards that it enforces. */
export const podSecurityLabel = 'pod-security.kubernetes.io/enforce';

/** Namespaces of the platform's own components. */
export const namespace = {
  argocd: 'argocd',
  onepassword: '1passwordconnect',
  externalSecrets: 'external-secrets',
  longhorn: 'longhorn-system',
  snapshotController: 'snapshot-controller',
  volsync: 'volsync-system',
  kyverno: 'kyverno',
  monitoring: 'prometheus-stack',
} as const;

export const plumber = {
  name: 'pvc-plumber',
  namespace: namespace.volsync,
  port: 8080,
  servicePort: 80,
  /** Secret with the S3 credentials, mounted as files. */
  credentialsSecret: 'pvc-plumber-s3',
  /**
   * Bounds of its memory, below the limit of its container; and code compiled at once rather than after some calls, because a burst of restores
   * meets a Pod that has just started (the first one is answered in two thirds of the time).
   */
  nodeFlags: ['--max-old-space-size=96', '--max-semi-space-size=8', '--always-sparkplug'],
  /** The description's address; the policy calls it, nothing may rename it. */
  url: 'http://pvc-plumber.volsync-system.svc.cluster.local',
} as const;

/**
 * Query of a question whose caller reads no body but that of a success: an `unknown` comes with status 200 then, too. Kyverno drops the body of any other status,
 * and nobody would read why a PVC was refused. The gate believes no answer by its status.
 */
export const explainQuery = 'explain';

/** Asks Kyverno for what a PVC lacks. A process of its own: the one that holds the keys of the store has no token of the cluster. */
export const repairer = { name: 'pvc-plumber-repair', namespace: plumber.namespace } as const;

/** CSI driver of Longhorn, for which the tree renders the VolumeSnapshotClass. */
export const longhornDriver = 'driver.longhorn.io';

/** Folders of the tree that hold the platform itself. What is beside them belongs to the users. */
export const platformFolders = ['bootstrap', 'infrastructure', 'monitoring'] as const;

export const kyvernoBackgroundServiceAccount = 'kyverno-background-controller';

/** ExternalSecret of a PVC and the Secret that it makes. */
export function secretName(pvc: PvcRef): string {
  return `volsync-${pvc.name}`;
}

export function sourceName(pvc: PvcRef): string {
  return `${pvc.name}-backup`;
}

/** Start of the ReplicationDestination names of a PVC; the gate adds a random suffix for each creation, so that no old image is met again. */
export function restoreNamePrefix(pvc: PvcRef): string {
  return `${pvc.name}-restore-`;
}

/** Length of the random suffix after {@link restoreNamePrefix}. */
export const restoreSuffixLength = 8;

/**
 * The source that the gate gives a PVC on which it could not decide. No ReplicationDestination ever has this name, so if such a PVC is stored all the
 * same, because the policy that refuses it is not there, it stays Pending and is not an empty volume over a backup.
 */
export function undecidedSourceName(pvc: PvcRef): string {
  return `${restoreNamePrefix(pvc)}undecided`;
}

/** Regular expression for the name of a restore that the gate asked for. A name can't be edited; a label of the object can. */
export const restoreNamePattern = `-restore-[a-z0-9]{${restoreSuffixLength}}$`;

/** Kopia identity, `username@hostname`; explicit on both sides, because VolSync's defaults follow object names and cut them at 50. */
export function kopiaIdentity(pvc: PvcRef): { readonly username: string; readonly hostname: string } {
  return { username: sourceName(pvc), hostname: pvc.namespace };
}

/** Path of the PVC's repository in the bucket, without leading or trailing slash. */
export function storePrefix(pvc: PvcRef): string {
  return `${pvc.namespace}/${pvc.name}`;
}

const maintenanceDigits = 16;

/** KopiaMaintenance of a PVC. At most 23 characters: VolSync makes a CronJob name of it, which Kubernetes limits to 52. */
export function maintenanceName(pvc: PvcRef): string {
  return `kopia-${createHash('sha256').update(pvc.name).digest('hex').slice(0, maintenanceDigits)}`;
}

/** {@link maintenanceName} for Kyverno, from the JMESPath of the PVC's name. */
export function maintenanceNameExpression(nameQuery: string): string {
  return `kopia-{{ truncate(sha256(${nameQuery}), \`${maintenanceDigits}\`) }}`;
}
