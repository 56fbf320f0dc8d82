import { isDnsLabel, isDnsSubdomain } from '../lib/model/kubernetes-name';
import { type PvcRef, storePrefix } from '../lib/model/naming';
import { before, isBehindData, isData, kopia } from './kopia-layout';
import type { ObjectReader } from './s3/reader';
import { S3Failure } from './s3/failure';

/** Keys a page. Less than S3's 1,000, because parsing a page holds up the answers in the meantime (about 4 ms). */
const pageSize = 500;

/**
 * Walks through the bucket once, in key order, and reports every PVC with a repository and data in it. It can only find backups: what it
 * doesn't report is not thereby absent.
 *
 * A page that ends inside a repository is not followed by that repository's next page, but by the next key that matters: a large
 * repository costs a page or two, not one for each thousand packs.
 *
 * @param found called with each PVC
 * @returns how many pages it took
 * @throws S3Failure when a page can't be had, or the server doesn't go on where it was asked to
 */
export async function scanBucket(reader: ObjectReader, found: (pvc: PvcRef) => void, signal: AbortSignal): Promise<number> {
  let startAfter: string | undefined;
  let current = noRepository;
  for (let pages = 1; ; pages += 1) {
    const { keys, truncated } = await reader.list({ prefix: '', maxKeys: pageSize, startAfter }, signal);
    const last = keys.at(-1);
    const [first] = keys;
    if (startAfter !== undefined && first !== undefined && first <= startAfter)
      throw new S3Failure('odd', 'the listing of the bucket does not go on where it stopped');
    for (const key of keys) {
      const { pvc, blob } = split(key);
      if (pvc === undefined) continue;
      const prefix = storePrefix(pvc);
      if (prefix !== current.prefix) current = { prefix, repository: false, data: false };
      const complete = current.repository && current.data;
      if (blob === kopia.repositoryBlob) current = { ...current, repository: true };
      else if (!current.data && isData(blob)) current = { ...current, data: true };
      if (!complete && current.repository && current.data) found(pvc);
    }
    if (!truncated || last === undefined) return pages;
    startAfter = nextStart(last, current);
  }
}

interface Seen {
  readonly prefix: string;
  readonly repository: boolean;
  readonly data: boolean;
}

const noRepository: Seen = { prefix: '', repository: false, data: false };

/** The key after which the next page starts: behind everything that can tell nothing new about the repository in which the page ended. */
function nextStart(last: string, { repository, data }: Seen): string {
  const { pvc, blob } = split(last);
  if (pvc === undefined) return last;
  const prefix = storePrefix(pvc);
  // "0" is the character after "/".
  const behind = `${prefix}0`;
  if (!repository && blob < kopia.repositoryBlob) return later(last, `${prefix}/${before(kopia.repositoryBlob)}`);
  if (!repository || data || isBehindData(blob)) return behind;
  return later(last, `${prefix}/${before(kopia.dataPrefix)}`);
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

/** The PVC whose repository a key belongs to, and the blob's name below it; no PVC where the key is not of that form. */
export function split(key: string): { pvc: PvcRef | undefined; blob: string } {
  const [namespace = '', name = '', ...rest] = key.split('/');
  const pvc = rest.length > 0 && isDnsLabel(namespace) && isDnsSubdomain(name) ? { namespace, name } : undefined;
  return { pvc, blob: rest.join('/') };
}
