import { isBehindData, isData, isMetadata, isWrittenByBackups, kopia } from './kopia-layout';
import { S3Failure } from './s3/failure';
import type { Listing } from './s3/listing';

/**
 * What is concluded from what was seen in the store. Nothing here asks anything: each function takes observations, and throws an {@link S3Failure} where they
 * prove nothing.
 *
 * | seen                                                                  | conclusion                      |
 * |-----------------------------------------------------------------------|---------------------------------|
 * | one page with the repository and file data                            | `restore`                       |
 * | no blob at all, by HEAD, two lists and a repetition                   | `fresh`                         |
 * | a repository that no backup ever wrote to, by the same                | `fresh`                         |
 * | data without its repository, or blobs that are not Kopia's            | doubt: damaged, or not ours     |
 * | a repository that backups wrote to, and none of their data            | doubt: the data was lost        |
 * | a list that ends before the place of the data                         | doubt: it was cut off           |
 * | older versions of what is not there any more                          | doubt: somebody deleted it      |
 * | sources that differ                                                   | doubt: several servers          |
 */

/** A proven answer. Whatever can't be proven is an {@link S3Failure}. */
export interface Finding {
  readonly decision: 'restore' | 'fresh';
  /** How many object keys proved it. */
  readonly keyCount: number;
  readonly reason: string;
}

/** What HEAD and a first listing say where they show no backup. */
export interface NoBackupSeen {
  readonly hasRepository: boolean;
  readonly first: Listing;
}

/** The blobs of a whole prefix. */
export interface AllBlobs {
  readonly blobs: readonly string[];
  /** When each was written, in milliseconds; NaN where the store does not say. */
  readonly times: readonly number[];
}

/** How many packs of file data a listing shows. */
export function packsOf({ keys }: Listing, prefix: string): number {
  return keys.filter((key) => isData(key.slice(prefix.length))).length;
}

/** A page that shows the repository and its data proves a backup; undefined where it shows less. */
export function backupOnPage(page: Listing, prefix: string): Finding | undefined {
  const packs = packsOf(page, prefix);
  return packs > 0 && page.keys.includes(`${prefix}${kopia.repositoryBlob}`) ? restore(packs, prefix) : undefined;
}

/** The page ends behind the place of the data and shows none: a list of the data alone would say the same. */
export function showsNoData(page: Listing, prefix: string): boolean {
  return packsOf(page, prefix) === 0 && (!page.truncated || isBehindData(page.keys.at(-1)?.slice(prefix.length) ?? ''));
}

/** Joins what HEAD and a listing say. @throws S3Failure where there is data without its repository */
export function backupOrNone(seen: NoBackupSeen, prefix: string): Finding | NoBackupSeen {
  const packs = packsOf(seen.first, prefix);
  if (packs === 0) return seen;
  if (!seen.hasRepository) throw odd(`data of a backup in ${prefix}, but no ${kopia.repositoryBlob}: the repository is damaged`);
  return restore(packs, prefix);
}

function restore(packs: number, prefix: string): Finding {
  return { decision: 'restore', keyCount: packs + 1, reason: `a kopia repository with data in ${prefix}` };
}

/** The absence that all sources showed. @param blobs of a repository without data, or none */
export function fresh(blobs: readonly string[], prefix: string): Finding {
  const reason = blobs.length === 0 ? `nothing in ${prefix}` : `a kopia repository in ${prefix} that holds no data`;
  return { decision: 'fresh', keyCount: blobs.length, reason };
}

/** Throws where a full listing does not show, beyond doubt and like the other sources, that there is no backup. */
export function checkAbsence(seen: NoBackupSeen, all: AllBlobs, prefix: string): void {
  agree(all.blobs, seen, prefix);
  if (wroteBackups(all.times.filter((_time, i) => isWrittenByBackups(all.blobs[i] ?? '')))) {
    throw odd(
      `a kopia repository in ${prefix} that backups wrote to, but none of their data: it was lost, or they held folders only. Look with "kopia snapshot list", or remove ${prefix} when nothing is needed`,
    );
  }
}

/** Throws where an absence that is asked for again is not the same one. */
export function checkRepetition(again: Finding | readonly string[], before: readonly string[], prefix: string): void {
  if ('decision' in again) throw contradiction(`a backup in ${prefix} is there, and was not there a moment before`);
  if ((again.length === 0) !== (before.length === 0)) throw contradiction(`a repository in ${prefix} is there at one moment and not at another`);
}

/** Throws where the store keeps older versions of what is not there any more: somebody deleted a backup, by mistake or not. */
export function checkVersions(kept: readonly string[] | undefined, where: string): void {
  if (kept !== undefined && kept.length > 0)
    throw odd(
      `${where} holds nothing, but the store keeps older versions of what was deleted there (${JSON.stringify(kept[0]?.slice(0, 200))}): bring them back, or remove them for good when nothing is needed`,
    );
}

/** Blobs that are written within this time, in milliseconds, belong to one run of something. Half of the time between two maintenances. */
const runMs = 12 * 3_600_000;

/**
 * Did a backup write these blobs? A creation writes one, its first maintenance two, each later one a single one; a backup writes three or more, and a first one five
 * (seen with Kopia 0.22.3 and what the fork's entry script does: compression, snapshot, retention).
 *
 * @param times when each was written; where one is not known, all count as one run
 */
function wroteBackups(times: readonly number[]): boolean {
  const sorted = times.some(Number.isNaN) ? times.map(() => 0) : times.toSorted((a, b) => a - b);
  let [start = 0] = sorted;
  let [count, most] = [0, 3];
  for (const time of sorted) {
    if (time - start > runMs) [start, count, most] = [time, 0, 2];
    count += 1;
    if (count > most) return true;
  }
  return false;
}

/** Throws where the blobs of the full listing don't fit what the other sources said: no data, and a repository or not. */
function agree(blobs: readonly string[], { hasRepository, first }: NoBackupSeen, prefix: string): void {
  const listed = blobs.includes(kopia.repositoryBlob);
  if (listed !== hasRepository) {
    const [yes, no] = listed ? ['the list', 'HEAD'] : ['HEAD', 'the list'];
    throw contradiction(`${yes} shows ${prefix}${kopia.repositoryBlob} and ${no} does not`);
  }
  if (blobs.some((blob) => isData(blob))) throw contradiction(`one list shows data in ${prefix} and another does not`);
  if (first.keys.some((key) => !blobs.includes(key.slice(prefix.length)))) throw contradiction(`two lists of ${prefix} differ`);
  if (!hasRepository && blobs.length > 0)
    throw odd(`objects in ${prefix}, but no ${kopia.repositoryBlob}: the repository is damaged, or something else writes there`);
  if (hasRepository && !blobs.some((blob) => isBehindData(blob))) {
    throw odd(`the list of ${prefix} ends before the place where data would be: it is cut off, or the repository was never finished`);
  }
  const foreign = blobs.find((blob) => !isMetadata(blob));
  if (foreign !== undefined) throw odd(`an object in ${prefix} that is not kopia's (${JSON.stringify(foreign.slice(0, 80))})`);
}

/** Throws where a listing is not what was asked for. */
export function trust({ doubt }: Listing, prefix: string): void {
  if (doubt !== undefined) throw odd(`the S3 server answered for ${prefix} with ${doubt}`);
}

/** The sources disagree: they may be several servers, or something is written at this very moment. */
export class Contradiction extends S3Failure {}

function contradiction(what: string): S3Failure {
  return new Contradiction('odd', `${what}: the S3 server contradicts itself, or several servers answer under its address`);
}

export function odd(what: string): S3Failure {
  return new S3Failure('odd', what);
}
