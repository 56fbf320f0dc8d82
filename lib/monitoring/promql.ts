import { annotation, backupLabel, secretName } from '../model/naming';
import { namesExpression, type OptIn } from '../model/opt-in';
import { madeByVolsync } from '../model/volsync-labels';

/** Labels that name a PVC in the series of kube-state-metrics, and in ours beside them. */
export const pvcLabels = 'namespace, persistentvolumeclaim';

/** The backup label of a PVC as kube-state-metrics spells it. */
export const tierLabel = `label_${backupLabel}`;

/** The gate's decision on a PVC as kube-state-metrics spells it. */
export const decisionLabel = `annotation_${annotation.decision.replaceAll(/\W/g, '_')}`;

/**
 * One series for each PVC. kube-state-metrics adds the name of its own Pod: without this, each of its restarts would begin every alert's wait
 * anew, and two Pods in a rollout would break the joins.
 */
export function byPvc(series: string): string {
  return `max by (${pvcLabels}) (${series})`;
}

/** The mark of what VolSync makes for itself, as kube-state-metrics spells it. */
const madeByLabel = `label_${madeByVolsync.key.replaceAll(/\W/g, '_')}`;

/** PVCs of these tiers, with their label. A copy or a temporary volume of VolSync is none, whatever label a platform gives it. */
export function labelledPvcs(tiers: readonly string[]): string {
  const selector = `${tierLabel}=~"${anyOf(tiers)}", ${madeByLabel}!="${madeByVolsync.value}"`;
  return `max by (${pvcLabels}, ${tierLabel}) (kube_persistentvolumeclaim_labels{${selector}})`;
}

/** How much older than its PVC a generated object may be, in seconds: API servers have several clocks. */
const clockSkew = 60;

/** PVCs with their creation; for a join with other labels than the PVC's, those too. @param more labels with their value, where `$1` is the PVC's name */
function createdPvcs(more: Readonly<Record<string, string>> = {}): string {
  return Object.entries(more).reduce(
    (series, [label, value]) => `label_replace(${series}, "${label}", "${value}", "persistentvolumeclaim", "(.+)")`,
    `${byPvc('kube_persistentvolumeclaim_created')} - ${clockSkew}`,
  );
}

/**
 * PVCs to which an object of a kind belongs: by the name of its owner, and not older than the PVC, as one of an earlier PVC of the name would be. What somebody else
 * made under a generated name, or whose owner was taken off, protects nobody.
 *
 * @param created metric with the creation, and the owner in the label `persistentvolumeclaim`
 */
export function pvcsWithOwn(created: string): string {
  return `${byPvc(created)} >= on (${pvcLabels}) (${createdPvcs()})`;
}

/** PVCs whose ReplicationSource is their own, as {@link pvcsWithOwn}, and writes into their own repository. */
export const pvcsWithOwnSource =
  `max by (${pvcLabels}, owner, repository) (kube_replicationsource_created) >= on (${pvcLabels}, owner, repository) ` +
  createdPvcs({ owner: '$1', repository: secretName({ namespace: '', name: '$1' }) });

/** PVCs that the site names and that have no label: they were there before, or it was taken off. */
export function unlabelledPvcs({ namespace, names }: OptIn): string {
  const selector = `namespace="${namespace}", persistentvolumeclaim=~"${namesExpression(names)}", ${tierLabel}="", ${madeByLabel}!="${madeByVolsync.value}"`;
  return byPvc(`kube_persistentvolumeclaim_labels{${selector}}`);
}

/** Regular expression for one of these words, inside double quotes of PromQL. */
export function anyOf(words: readonly string[]): string {
  return words.map((word) => word.replaceAll('.', '[.]')).join('|');
}

/** When a PVC was last backed up, or, as long as it never was, when it was created. Seconds since 1970. */
export const lastBackup = `${byPvc('kube_replicationsource_last_sync_time{repository!=""}')} or ${byPvc('kube_persistentvolumeclaim_created')}`;

/** Restores that have not ended, by the PVC that they fill; one that a person wrote belongs to none. */
export const openRestores =
  `${byPvc('kube_replicationdestination_created{persistentvolumeclaim!=""}')} unless ` + byPvc('kube_replicationdestination_last_sync_time');

/** Nothing is written into a PVC that waits for its volume, so there is nothing to back up. */
export const pendingPvcs = `${byPvc('kube_persistentvolumeclaim_status_phase{phase="Pending"}')} == 1`;

/** Scrape target that nobody reaches. @param job value of its label `job` */
export function unreachable(job: string, namespace: string): string {
  return `absent(up{job="${job}", namespace="${namespace}"} == 1)`;
}
