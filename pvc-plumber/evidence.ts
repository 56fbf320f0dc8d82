import { type PvcRef, storePrefix } from '../lib/model/naming';
import { isBehindData, isData, type Layout } from './layout';
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

/** Keys asked for in the data listing. More than one: see {@link ListQuery.maxKeys}; few: one pack proves as much as a thousand. */
const dataPage = 10;
const fullPage = 1000;
/** A repository without data has a few dozen objects and some logs; one with more pages than this is left to a person. */
const maxPages = 5;

/** What the evidence is taken from. */
export interface Witnesses {
  readonly store: ObjectReader;
  readonly layout: Layout;
  readonly proof: Pick<StoreProof, 'recent' | 'begunAfterNow'>;
}

/**
 * Finds out whether a backup of a PVC exists.
 *
 * - `restore`: HEAD finds the repository **and** a listing shows data in it, in the right store.
 * - `fresh`: HEAD and two different listings agree that there is no data, none of them is odd, and a check of the store that began after
 *   them all says that it was the right one and answering. Listings of some servers are empty while objects are there (rustfs#5051, #3217,
 *   #2905, #444), and so no listing is believed alone.
 *
 * The trailing slash of the prefix keeps `data` apart from `data-2`; neither a namespace nor a PVC name can hold one.
 *
 * @throws S3Failure for everything in between: no answer, or answers that contradict each other
 */
export async function findEvidence(pvc: PvcRef, witnesses: Witnesses, signal: AbortSignal): Promise<Finding> {
  const { store, layout, proof } = witnesses;
  const prefix = `${storePrefix(pvc)}/`;
  const repository = `${prefix}${layout.repositoryBlob}`;
  const [hasRepository, data] = await allOrClearestFailure([
    store.has(repository, signal),
    store.list({ prefix: `${prefix}${layout.dataPrefix}`, maxKeys: dataPage }, signal),
    proof.recent(signal),
  ] as const);
  const packs = data.keys.filter((key) => isData(layout, key.slice(prefix.length))).length;
  if (packs > 0 && !hasRepository) throw odd(`data of a backup in ${prefix}, but no ${layout.repositoryBlob}: the repository is damaged`);
  if (packs > 0) return { decision: 'restore', keyCount: packs + 1, reason: `a ${layout.name} repository with data in ${prefix}` };

  // From here on only absence is left to prove, and each witness has to be beyond doubt.
  trust(data, prefix);
  const blobs = (await listAll(prefix, store, signal)).map((key) => key.slice(prefix.length));
  contradiction(blobs, hasRepository, prefix, layout);
  await proof.begunAfterNow(signal);
  return blobs.length === 0
    ? { decision: 'fresh', keyCount: 0, reason: `nothing in ${prefix}` }
    : { decision: 'fresh', keyCount: blobs.length, reason: `a ${layout.name} repository in ${prefix} that holds no data` };
}

/** How long a failure without words waits for one with words, in milliseconds. */
const betterWordsMs = 30;

/** `Promise.all`, but where HEAD fails with a bare status, the failure of a request beside it that says why is thrown instead. */
async function allOrClearestFailure<T extends readonly Promise<unknown>[]>(requests: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  try {
    return await Promise.all(requests);
  } catch (first) {
    if (!(first instanceof S3Failure) || !first.vague) throw first;
    const clear: Promise<never>[] = requests.map((request) =>
      request.then(never, (error: unknown) => (error instanceof S3Failure && error.vague ? never() : Promise.reject(error as Error))),
    );
    const timeUp = new Promise<never>((_resolve, reject) => void setTimeout(() => reject(first), betterWordsMs));
    return await Promise.race([...clear, timeUp]);
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** Throws where the blobs of the full listing don't fit what the other witnesses said: no data, and a repository or not. */
function contradiction(blobs: readonly string[], hasRepository: boolean, prefix: string, layout: Layout): void {
  const listed = blobs.includes(layout.repositoryBlob);
  if (listed !== hasRepository) {
    const [yes, no] = listed ? ['the list', 'HEAD'] : ['HEAD', 'the list'];
    throw odd(`${yes} shows ${prefix}${layout.repositoryBlob} and ${no} does not: the S3 server contradicts itself`);
  }
  if (blobs.some((blob) => isData(layout, blob)))
    throw odd(`one list shows data in ${prefix} and another does not: the S3 server contradicts itself`);
  if (!hasRepository && blobs.length > 0)
    throw odd(`objects in ${prefix}, but no ${layout.repositoryBlob}: the repository is damaged, or something else writes there`);
  if (hasRepository && layout.goesOnBehindData && !blobs.some((blob) => isBehindData(layout, blob))) {
    throw odd(`the list of ${prefix} ends before the place where data would be: it is cut off, or the repository was never finished`);
  }
  const foreign = blobs.find((blob) => !layout.isMetadata(blob));
  if (foreign !== undefined) throw odd(`an object in ${prefix} that is not ${layout.name}'s (${JSON.stringify(foreign.slice(0, 80))})`);
}

async function listAll(prefix: string, store: ObjectReader, signal: AbortSignal): Promise<string[]> {
  const keys: string[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const startAfter = keys.at(-1);
    const listing = await store.list({ prefix, maxKeys: fullPage, ...(startAfter === undefined ? {} : { startAfter }) }, signal);
    trust(listing, prefix);
    const [first] = listing.keys;
    if (startAfter !== undefined && first !== undefined && first <= startAfter) throw odd(`a list of ${prefix} that does not go on where it stopped`);
    keys.push(...listing.keys);
    if (!listing.truncated) return keys;
  }
  throw odd(`more than ${maxPages * fullPage} objects in ${prefix}, none of them data: too many to be sure`);
}

function trust({ doubt }: Listing, prefix: string): void {
  if (doubt !== undefined) throw odd(`the S3 server answered for ${prefix} with ${doubt}`);
}

function odd(what: string): S3Failure {
  return new S3Failure('odd', what);
}
