import { type PvcRef, storePrefix } from '../lib/model/naming';
import type { Agreement } from './agreement';
import { allOrClearestFailure } from './clearest-failure';
import * as judge from './judgement';
import type { AllBlobs, Finding, NoBackupSeen } from './judgement';
import { before, kopia } from './kopia-layout';
import type { ObjectReader } from './s3/reader';
import type { StoreProof } from './store-proof';

/** Keys asked for in a first look. More than one: see {@link ListQuery.maxKeys}; few: one pack proves as much as a thousand. */
const firstPage = 3;
const fullPage = 1000;
/** A repository without data has a few dozen objects and some logs; one with more pages than this is left to a person. */
const maxPages = 5;

/** What the evidence is taken from. */
export interface EvidenceSources {
  readonly store: ObjectReader;
  /** The same store over new connections: behind one address there may be several servers. */
  readonly anew: ObjectReader;
  readonly proof: Pick<StoreProof, 'recent' | 'begunAfterNow'>;
  readonly agreement: Pick<Agreement, 'repeats' | 'wait' | 'contradicted'>;
}

/**
 * Finds out whether a backup of a PVC exists.
 *
 * - `restore`: one page of a listing shows the repository with data in it, in the right store.
 * - `fresh`: HEAD and two different listings agree that there is no data, none of them is odd, they do so again after a pause and over new connections, the
 *   store keeps no older version of what is not there, and checks of the store that began between and after them say that it was the right one and answering.
 *   Listings of some servers are empty while objects are there (rustfs#5051, #3217, #2905, #444), and one address may have several servers behind it, so no
 *   witness is believed alone.
 *
 * The trailing slash of the prefix keeps `data` apart from `data-2`; neither a namespace nor a PVC name can hold one.
 *
 * It only asks; what follows from the answers is said in `judgement.ts`.
 *
 * @throws S3Failure for everything in between: no answer, or answers that contradict each other
 */
export async function findEvidence(pvc: PvcRef, sources: EvidenceSources, signal: AbortSignal): Promise<Finding> {
  const { store, anew, proof } = sources;
  const prefix = `${storePrefix(pvc)}/`;
  const [first] = await allOrClearestFailure([look(prefix, store, anew, signal), proof.recent(signal)] as const);
  if ('decision' in first) return first;
  try {
    return judge.fresh(await proveAbsence(first, prefix, sources, signal), prefix);
  } catch (error) {
    if (error instanceof judge.Contradiction) sources.agreement.contradicted();
    throw error;
  }
}

/**
 * Is a repository that was seen a while ago still there? Asked of its own object, because a listing would cost more.
 *
 * @throws S3Failure when nobody can tell
 */
export async function isStillThere(pvc: PvcRef, { store, proof }: EvidenceSources, signal: AbortSignal): Promise<boolean> {
  const [there] = await allOrClearestFailure([store.has(`${storePrefix(pvc)}/${kopia.repositoryBlob}`, signal), proof.recent(signal)] as const);
  return there;
}

/** Where there is a backup, one page shows it; what is needed without one is asked over new connections, each of which may end at another server. */
async function look(prefix: string, store: ObjectReader, anew: ObjectReader, signal: AbortSignal): Promise<Finding | NoBackupSeen> {
  const page = await store.list({ prefix, maxKeys: firstPage, startAfter: `${prefix}${before(kopia.repositoryBlob)}` }, signal);
  const backup = judge.backupOnPage(page, prefix);
  if (backup !== undefined) return backup;
  const [hasRepository, first] = await allOrClearestFailure([
    anew.has(`${prefix}${kopia.repositoryBlob}`, signal),
    judge.showsNoData(page, prefix) ? page : anew.list({ prefix: `${prefix}${kopia.dataPrefix}`, maxKeys: firstPage }, signal),
  ] as const);
  return judge.backupOrNone({ hasRepository, first }, prefix);
}

/** From here on only absence is left to prove, and each source has to be beyond doubt. @returns the blobs of a repository without data, or none */
async function proveAbsence(first: NoBackupSeen, prefix: string, sources: EvidenceSources, signal: AbortSignal): Promise<readonly string[]> {
  const { store, anew, proof, agreement } = sources;
  const found = await absence(first, prefix, anew, signal);
  await proof.begunAfterNow(signal);
  await agreement.wait(signal);
  const again = Array.from({ length: agreement.repeats() }, async () => {
    const seen = await look(prefix, anew, anew, signal);
    judge.checkRepetition('decision' in seen ? seen : await absence(seen, prefix, anew, signal), found, prefix);
  });
  await allOrClearestFailure(again);
  await proof.begunAfterNow(signal);
  const where = found.length === 0 ? prefix : `${prefix}${kopia.dataPrefix}`;
  judge.checkVersions(await store.versions(where, signal), where);
  return found;
}

async function absence(seen: NoBackupSeen, prefix: string, store: ObjectReader, signal: AbortSignal): Promise<readonly string[]> {
  judge.trust(seen.first, prefix);
  const all = await listAll(prefix, store, signal);
  judge.checkAbsence(seen, all, prefix);
  return all.blobs;
}

async function listAll(prefix: string, store: ObjectReader, signal: AbortSignal): Promise<AllBlobs> {
  const keys: string[] = [];
  const times: number[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const startAfter = keys.at(-1);
    const listing = await store.list({ prefix, maxKeys: fullPage, details: true, startAfter }, signal);
    judge.trust(listing, prefix);
    const [first] = listing.keys;
    if (startAfter !== undefined && first !== undefined && first <= startAfter)
      throw judge.odd(`a list of ${prefix} that does not go on where it stopped`);
    keys.push(...listing.keys);
    times.push(...(listing.times ?? listing.keys.map(() => Number.NaN)));
    if (!listing.truncated) return { blobs: keys.map((key) => key.slice(prefix.length)), times };
  }
  throw judge.odd(`more than ${maxPages * fullPage} objects in ${prefix}, none of them data: too many to be sure`);
}
