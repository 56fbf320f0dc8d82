import { denials } from '../../../lib/admission/denials';
import { annotation, maintenanceName, secretName, sourceName } from '../../../lib/model/naming';
import { denialPattern } from '../../../test/support/denial-pattern';
import type { KubeObject, Reply } from '../../harness/api';
import { check } from '../../harness/check';
import { decisionOf, kinds, pvcRef } from '../../harness/pvc';
import { eventually } from '../../harness/waiting';
import { schedules } from '../changes';
import { hasTier, type History, labelOf, saysWhy } from './history';

/** As long as a kubelet waits, at most, before it starts a program again that died several times: an API server that restarts ends Kyverno. In seconds. */
const patience = 330;

const ourWords = denials.map(({ id }) => [id, denialPattern(id)] as const);

/** What else may be said where nothing is created: by another policy of ours, or because the gate or the API server can't answer, or the PVC is there. */
const otherWords: Readonly<Record<string, RegExp>> = {
  'another policy': /'volsync-pvc-backup-[a-z-]+' .*denied request: .{60,}/,
  'Kyverno is away': /failed calling webhook "[^"]*kyverno[^"]*"/,
  'it is there': /persistentvolume(claim)?s "[^"]+" already exists|object is being deleted: persistentvolumeclaims/,
  'the API server is not ready': /(apiserver|server) (is|was) (shutting down|not ready|currently unable to handle the request)/,
};

/** A refusal has words: those of a denial, or of whoever could not be asked. */
export function refusedInWords(history: History, { status, message }: Reply): void {
  const denial = ourWords.find(([, pattern]) => pattern.test(message))?.[0];
  const id = denial ?? Object.entries(otherWords).find(([, words]) => words.test(message))?.[0];
  check(id !== undefined, `a refusal without words: ${status} ${message}`);
  history.counts.refusals.set(id, (history.counts.refusals.get(id) ?? 0) + 1);
}

/** Looks at the PVC of a history, and holds everything that has to hold at any moment. */
export async function holds(history: History): Promise<void> {
  const { world, namespace, name } = history;
  const { api } = world.cluster;
  const look = async (): Promise<{
    readonly claim: KubeObject | undefined;
    readonly volume: KubeObject | undefined;
    readonly source: KubeObject | undefined;
  }> => {
    const claim = await api.find(pvcRef(namespace, name));
    const bound = claim?.['status']?.phase === 'Bound' ? String(claim['spec'].volumeName) : undefined;
    const volume = bound === undefined ? undefined : await api.find({ apiVersion: 'v1', kind: 'PersistentVolume', name: bound });
    return { claim, volume, source: await api.find({ ...kinds.source, namespace, name: sourceName(history) }) };
  };
  const { claim, volume, source } = await eventually('the API server shows the PVC', patience, look);
  history.claim = claim;
  if (claim === undefined) return;
  const { uid = '' } = claim.metadata;
  if (hasTier(claim)) history.labelled.add(uid);
  const newest = world.newestBackup(history);
  decidedRightly(history, claim, newest);
  if (volume !== undefined && decisionOf(claim) === 'restore' && !history.restored.has(uid)) {
    history.restored.add(uid);
    history.counts.restores += 1;
  }
  if (volume !== undefined && hasTier(claim) && !saysWhy(claim) && volume.metadata.annotations?.[annotation.reattachReason] === undefined) {
    const version = world.versionOf(volume);
    check(
      newest === undefined || version >= newest,
      `the PVC is bound to ${version === 0 ? 'an empty volume' : `version ${version}`}, and version ${newest} is backed up; its decision is ${decisionOf(claim)}`,
    );
  }
  const owner = source?.metadata.ownerReferences?.map((each) => each.uid);
  check(owner?.includes(uid) !== true || history.labelled.has(uid), `a PVC that never had a tier is backed up`);
}

/** `fresh` is said of no PVC that has a backup, or whose backup was lost. Only the newest decision can be looked at: the one on the object. */
function decidedRightly(history: History, claim: KubeObject, newest: number | undefined): void {
  const { uid = '' } = claim.metadata;
  if (history.judged.has(uid)) return;
  history.judged.add(uid);
  if (decisionOf(claim) !== 'fresh' || !hasTier(claim)) return;
  check(newest === undefined, `"fresh" is said of a PVC of which version ${newest} is backed up`);
  check(!history.dataWasLost, '"fresh" is said of a PVC whose backup lost its data in the store');
}

/** What comes true by itself when the faults are over: a labelled PVC is protected, and a restore ends. */
export async function settles(history: History): Promise<void> {
  const { world, namespace, name } = history;
  const { api } = world.cluster;
  const claim = await eventually('the API server shows the PVC', patience, async () => [await api.find(pvcRef(namespace, name))] as const);
  const [live] = claim;
  if (live === undefined || live.metadata.deletionTimestamp !== undefined || !hasTier(live)) return;
  const { uid } = live.metadata;
  await eventually(`what protects a PVC with the label ${labelOf(live)}`, patience, async () => {
    const [secret, source, maintenance] = await Promise.all([
      api.find({ ...kinds.secret, namespace, name: secretName(history) }),
      api.find({ ...kinds.source, namespace, name: sourceName(history) }),
      api.find({ ...kinds.maintenance, namespace, name: maintenanceName(history) }),
    ]);
    const all = [secret, source, maintenance];
    const missing = all.filter((child) => child?.metadata.ownerReferences?.some((owner) => owner.uid === uid) !== true);
    if (missing.length > 0) throw new Error(`${missing.length} of ${all.length} are missing`);
    const schedule = source?.['spec'].trigger.schedule as string;
    if (schedule !== schedules[labelOf(live) as keyof typeof schedules]) throw new Error(`the schedule is ${schedule}`);
    return true;
  });
  const decision = decisionOf(live);
  if (decision === 'restore' && world.newestBackup(history) === undefined) return;
  // A volume that the manifest names, and that is not there.
  if (live['spec'].volumeName !== undefined && live['status']?.phase !== 'Bound' && decision !== 'restore') return;
  if (!['restore', 'fresh', 'skipped'].includes(decision)) return;
  await eventually(`the PVC with the decision ${decision} is bound`, patience, async () => {
    const now = await api.find(pvcRef(namespace, name));
    return now?.['status']?.phase === 'Bound';
  });
  await holds(history);
}
