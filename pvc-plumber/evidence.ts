import { type PvcRef, storePrefix } from '../lib/model/naming';
import type { Agreement } from './agreement';
import { before, isBehindData, isData, type Layout } from './layout';
import { S3Failure } from './s3/failure';
import type { Listing } from './s3/listing';
import type { ObjectReader } from './s3/client';
import type { StoreProof } from './store-proof';

/** A proven answer. Whatever can't be proven is an {@link S3Failure}. */
export interface Finding {
  readonly decision: 'restore' | 'fresh';
  /** How many object keys proved it. */
  readonly keyCount: number;
  readonly reason: string;
}

/** Keys asked for in a first look. More than one: see {@link ListQuery.maxKeys}; few: one pack proves as much as a thousand. */
const firstPage = 5;
const fullPage = 1000;
/** A repository without data has a few dozen objects and some logs; one with more pages than this is left to a person. */
const maxPages = 5;

/** What the evidence is taken from. */
export interface EvidenceSources {
  readonly store: ObjectReader;
  /** The same store over new connections: behind one address there may be several servers. */
  readonly anew: ObjectReader;
  readonly layout: Layout;
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
 * @throws S3Failure for everything in between: no answer, or answers that contradict each other
 */
export async function findEvidence(pvc: PvcRef, sources: EvidenceSources, signal: AbortSignal): Promise<Finding> {
  const { store, anew, layout, proof, agreement } = sources;
  const prefix = `${storePrefix(pvc)}/`;
  const [first] = await allOrClearestFailure([look(prefix, store, anew, layout, signal), proof.recent(signal)] as const);
  if ('decision' in first) return first;
  try {
    // From here on only absence is left to prove, and each witness has to be beyond doubt.
    const found = await absence(first, prefix, anew, layout, signal);
    await proof.begunAfterNow(signal);
    await agreement.wait(signal);
    const again = Array.from({ length: agreement.repeats() }, async () => {
      const seen = await look(prefix, anew, anew, layout, signal);
      if ('decision' in seen) throw contradiction(`a backup in ${prefix} is there, and was not there a moment before`);
      const blobs = await absence(seen, prefix, anew, layout, signal);
      if ((blobs.length === 0) !== (found.length === 0)) throw contradiction(`a repository in ${prefix} is there at one moment and not at another`);
    });
    await allOrClearestFailure(again);
    await proof.begunAfterNow(signal);
    await noVersions(prefix, found, sources, signal);
    return found.length === 0
      ? { decision: 'fresh', keyCount: 0, reason: `nothing in ${prefix}` }
      : { decision: 'fresh', keyCount: found.length, reason: `a ${layout.name} repository in ${prefix} that holds no data` };
  } catch (error) {
    if (error instanceof Contradiction) agreement.contradicted();
    throw error;
  }
}

/**
 * Is a repository that was seen a while ago still there? Asked of its own object, because a listing would cost more.
 *
 * @throws S3Failure when nobody can tell
 */
export async function isStillThere(pvc: PvcRef, { store, layout, proof }: EvidenceSources, signal: AbortSignal): Promise<boolean> {
  const [there] = await allOrClearestFailure([store.has(`${storePrefix(pvc)}/${layout.repositoryBlob}`, signal), proof.recent(signal)] as const);
  return there;
}

/** What HEAD and a first listing say where they show no backup. */
interface Absent {
  readonly hasRepository: boolean;
  readonly first: Listing;
}

/** Where there is a backup, one page shows it; what is needed without one is asked over new connections, each of which may end at another server. */
async function look(prefix: string, store: ObjectReader, anew: ObjectReader, layout: Layout, signal: AbortSignal): Promise<Finding | Absent> {
  const repository = `${prefix}${layout.repositoryBlob}`;
  const packsOf = ({ keys }: Listing): number => keys.filter((key) => isData(layout, key.slice(prefix.length))).length;
  const restore = (packs: number): Finding => ({
    decision: 'restore',
    keyCount: packs + 1,
    reason: `a ${layout.name} repository with data in ${prefix}`,
  });
  let first: Listing | undefined;
  if (layout.dataFollowsRepository) {
    const page = await store.list({ prefix, maxKeys: firstPage, startAfter: `${prefix}${before(layout.repositoryBlob)}` }, signal);
    if (packsOf(page) > 0 && page.keys.includes(repository)) return restore(packsOf(page));
    const last = page.keys.at(-1)?.slice(prefix.length) ?? '';
    if (packsOf(page) === 0 && (!page.truncated || isBehindData(layout, last))) first = page;
  }
  const [hasRepository, data] = await allOrClearestFailure([
    anew.has(repository, signal),
    first ?? anew.list({ prefix: `${prefix}${layout.dataPrefix}`, maxKeys: firstPage }, signal),
  ] as const);
  const packs = packsOf(data);
  if (packs > 0 && !hasRepository) throw odd(`data of a backup in ${prefix}, but no ${layout.repositoryBlob}: the repository is damaged`);
  return packs > 0 ? restore(packs) : { hasRepository, first: data };
}

/** @returns the blobs of a repository without data, or none @throws S3Failure where that is not beyond doubt */
async function absence(
  { hasRepository, first }: Absent,
  prefix: string,
  store: ObjectReader,
  layout: Layout,
  signal: AbortSignal,
): Promise<readonly string[]> {
  trust(first, prefix);
  const { blobs, times } = await listAll(prefix, store, signal);
  agree(blobs, first, hasRepository, prefix, layout);
  const { isWrittenByBackups } = layout;
  if (isWrittenByBackups !== undefined && wroteBackups(times.filter((_time, i) => isWrittenByBackups(blobs[i] ?? '')))) {
    throw odd(
      `a ${layout.name} repository in ${prefix} that backups wrote to, but none of their data: it was lost, or they held folders only. Look with "kopia snapshot list", or remove ${prefix} when nothing is needed`,
    );
  }
  return blobs;
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

/** Throws where the store keeps older versions of what is not there any more: somebody deleted a backup, by mistake or not. */
async function noVersions(prefix: string, blobs: readonly string[], { store, layout }: EvidenceSources, signal: AbortSignal): Promise<void> {
  const where = blobs.length === 0 ? prefix : `${prefix}${layout.dataPrefix}`;
  const kept = await store.versions(where, signal);
  if (kept !== undefined && kept.length > 0)
    throw odd(
      `${where} holds nothing, but the store keeps older versions of what was deleted there (${JSON.stringify(kept[0]?.slice(0, 200))}): bring them back, or remove them for good when nothing is needed`,
    );
}

/** How long a failure without words waits for one with words, in milliseconds. */
const betterWordsMs = 30;

/** `Promise.all`, but where HEAD fails with a bare status, the failure of a request beside it that says why is thrown instead. */
async function allOrClearestFailure<T extends readonly unknown[]>(requests: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  try {
    return await Promise.all(requests);
  } catch (first) {
    if (!(first instanceof S3Failure) || !first.vague) throw first;
    const clear: Promise<never>[] = requests.map((request) =>
      Promise.resolve(request).then(never, (error: unknown) =>
        error instanceof S3Failure && error.vague ? never() : Promise.reject(error as Error),
      ),
    );
    const timeUp = new Promise<never>((_resolve, reject) => void setTimeout(() => reject(first), betterWordsMs));
    return await Promise.race([...clear, timeUp]);
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** Throws where the blobs of the full listing don't fit what the other sources said: no data, and a repository or not. */
function agree(blobs: readonly string[], first: Listing, hasRepository: boolean, prefix: string, layout: Layout): void {
  const listed = blobs.includes(layout.repositoryBlob);
  if (listed !== hasRepository) {
    const [yes, no] = listed ? ['the list', 'HEAD'] : ['HEAD', 'the list'];
    throw contradiction(`${yes} shows ${prefix}${layout.repositoryBlob} and ${no} does not`);
  }
  if (blobs.some((blob) => isData(layout, blob))) throw contradiction(`one list shows data in ${prefix} and another does not`);
  if (first.keys.some((key) => !blobs.includes(key.slice(prefix.length)))) throw contradiction(`two lists of ${prefix} differ`);
  if (!hasRepository && blobs.length > 0)
    throw odd(`objects in ${prefix}, but no ${layout.repositoryBlob}: the repository is damaged, or something else writes there`);
  if (hasRepository && layout.goesOnBehindData && !blobs.some((blob) => isBehindData(layout, blob))) {
    throw odd(`the list of ${prefix} ends before the place where data would be: it is cut off, or the repository was never finished`);
  }
  const foreign = blobs.find((blob) => !layout.isMetadata(blob));
  if (foreign !== undefined) throw odd(`an object in ${prefix} that is not ${layout.name}'s (${JSON.stringify(foreign.slice(0, 80))})`);
}

async function listAll(prefix: string, store: ObjectReader, signal: AbortSignal): Promise<{ blobs: readonly string[]; times: readonly number[] }> {
  const keys: string[] = [];
  const times: number[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const startAfter = keys.at(-1);
    const listing = await store.list({ prefix, maxKeys: fullPage, withTimes: true, ...(startAfter === undefined ? {} : { startAfter }) }, signal);
    trust(listing, prefix);
    const [first] = listing.keys;
    if (startAfter !== undefined && first !== undefined && first <= startAfter) throw odd(`a list of ${prefix} that does not go on where it stopped`);
    keys.push(...listing.keys);
    times.push(...(listing.times ?? listing.keys.map(() => Number.NaN)));
    if (!listing.truncated) return { blobs: keys.map((key) => key.slice(prefix.length)), times };
  }
  throw odd(`more than ${maxPages * fullPage} objects in ${prefix}, none of them data: too many to be sure`);
}

function trust({ doubt }: Listing, prefix: string): void {
  if (doubt !== undefined) throw odd(`the S3 server answered for ${prefix} with ${doubt}`);
}

/** The sources disagree: they may be several servers, or something is written at this very moment. */
class Contradiction extends S3Failure {}

function contradiction(what: string): S3Failure {
  return new Contradiction('odd', `${what}: the S3 server contradicts itself, or several servers answer under its address`);
}

function odd(what: string): S3Failure {
  return new S3Failure('odd', what);
}
