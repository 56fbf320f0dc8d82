/**
 * The alerts of this system, and what their silence would hide. `guard`: without it somebody could believe to be protected who is not, or an empty volume could
 * take the place of a backup unseen. `comfort`: the law holds without it, and nothing is lost unseen.
 */
export const alertKinds = {
  VolSyncControllerDown: 'guard',
  VolSyncVolumeOutOfSync: 'guard',
  VolSyncMissedScheduledBackup: 'comfort',
  VolSyncDurationTooLong: 'comfort',
  PvcRestoreStuck: 'comfort',
  PvcPlumberDown: 'comfort',
  PvcPlumberStoreUnreachable: 'guard',
  PvcPlumberStoreTaken: 'guard',
  PvcPlumberUnknown: 'comfort',
  PvcWithoutReplicationSource: 'guard',
  PvcResourceMissing: 'guard',
  PvcBackupStale: 'guard',
  PvcBackupPaused: 'guard',
  LooseVolume: 'guard',
  PvcBackupLabelUnknown: 'guard',
  PvcSkipRestoreForgotten: 'guard',
  ExternalSecretNotReady: 'comfort',
  KopiaMaintenanceFailing: 'comfort',
  PvcUndecided: 'guard',
  KyvernoAdmissionDown: 'guard',
  KyvernoWebhookFailing: 'guard',
  BackupMonitoringBlind: 'guard',
  PvcNotRestorable: 'guard',
  PvcBackupNotWritten: 'guard',
  PvcBackupShrank: 'guard',
  BackupStoreShrank: 'guard',
  BackupScanOld: 'guard',
  ApplicationStuck: 'comfort',
  ApplicationGaveUp: 'comfort',
} as const;

export type AlertName = keyof typeof alertKinds;

export const alertNames = Object.keys(alertKinds) as AlertName[];

/** Whether the silence of an alert would hide that somebody is not protected. */
export function guards(name: AlertName): boolean {
  return alertKinds[name] === 'guard';
}

/** The label by which a route of Alertmanager tells the alerts of this system from others. */
export const alertLabel = { name: 'part_of', value: 'zero-touch-pvc' } as const;

/** Labels that the alerts have already: their own, and those that name what is wrong. Another value would make two alerts one. */
const taken =
  /^(alertname|severity|part_of|prometheus|namespace|name|pod|missing|persistentvolume.*|storageclass|obj_.*|label_.*|annotation_.*|__.*)$/;

/** Says what is wrong with the name of a further label, or undefined. */
export function alertLabelProblem(name: string): string | undefined {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
    return `${JSON.stringify(name)} is not a label of Prometheus: letters, digits and underscores, no digit first`;
  return taken.test(name) ? `${JSON.stringify(name)} is a label that the alerts have already: take another name` : undefined;
}

/** Says what is wrong with the name of a further annotation, or undefined. */
export function alertAnnotationProblem(name: string): string | undefined {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
    return `${JSON.stringify(name)} is not an annotation of Prometheus: letters, digits and underscores, no digit first`;
  return ['summary', 'description', 'runbook_url'].includes(name)
    ? `${JSON.stringify(name)} is an annotation that the alerts have already: take another name`
    : undefined;
}
