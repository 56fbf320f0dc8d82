import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { S3Failure, type StoreAddress } from './failure';

/** One page of ListObjectsV2, with what is odd about it. */
export interface Listing {
  /** Keys in the order of the server; all of them start with the prefix that was asked for. */
  readonly keys: readonly string[];
  /** When each was written, in milliseconds since 1970; NaN where the server does not say. Only where details were asked for. */
  readonly times?: readonly number[];
  /** Size of each in bytes; NaN where the server does not say. Only where details were asked for. */
  readonly sizes?: readonly number[];
  /** The server says that there is more. */
  readonly truncated: boolean;
  /** Why this page can't prove that something is absent; undefined when it can. A key that it does show is believed all the same. */
  readonly doubt?: string;
}

/** What a page was asked for. */
export interface ListQuery {
  readonly prefix: string;
  /** 1 to 1000. One is never asked for alone: some servers answer `max-keys=1` with an empty page though there are objects (rustfs#5051). */
  readonly maxKeys: number;
  /** Only keys after this one. */
  readonly startAfter?: string;
  /** Tell when each object was written, and how large it is. @default false */
  readonly details?: boolean;
}

/**
 * Reads the body of ListObjectsV2.
 *
 * The parser is strict on purpose: a body that was cut off is an error and not a short list.
 *
 * @throws S3Failure when the body is not a complete list, or shows keys that were not asked for
 */
export function parseListing(body: string, query: ListQuery, store: StoreAddress): Listing {
  const root = parse(body, store);
  if (root.name !== 'ListBucketResult') throw odd(`<${root.name}> in place of a list`, store);
  const entries = children(root, 'Contents');
  const keys = entries.map((entry) => textOf(entry, 'Key'));
  const named = keys.filter((key): key is string => key !== undefined);
  if (named.length !== keys.length) throw odd('a list with an entry that has no key', store);
  const stranger = named.find((key) => !key.startsWith(query.prefix));
  if (stranger !== undefined) throw odd(`a list that ignores the prefix ${query.prefix}`, store);

  const truncated = textOf(root, 'IsTruncated');
  const doubt = doubtOf(root, named.length + children(root, 'CommonPrefixes').length, truncated, query, store);
  const details =
    query.details === true
      ? {
          times: entries.map((entry) => Date.parse(textOf(entry, 'LastModified') ?? '')),
          sizes: entries.map((entry) => Number(textOf(entry, 'Size') ?? Number.NaN)),
        }
      : {};
  return { keys: named, ...details, truncated: truncated === 'true', doubt };
}

/**
 * Reads the body of ListObjectVersions.
 *
 * @returns keys below the prefix, or undefined when it is another list: from a server that did not understand the question
 * @throws S3Failure when the body is not a complete list
 */
export function parseVersions(body: string, prefix: string, store: StoreAddress): readonly string[] | undefined {
  const root = parse(body, store);
  if (root.name !== 'ListVersionsResult') return undefined;
  return ['Version', 'DeleteMarker']
    .flatMap((name) => children(root, name).map((entry) => textOf(entry, 'Key')))
    .filter((key): key is string => key?.startsWith(prefix) === true);
}

/** S3's error code in a body, or undefined. Only the code: the message may echo an access key. */
export function parseErrorCode(body: string): string | undefined {
  try {
    const root = parseXml(body).root;
    const code = root?.name === 'Error' ? textOf(root, 'Code') : undefined;
    return code !== undefined && /^\w{1,64}$/.test(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

function doubtOf(root: XmlElement, shown: number, truncated: string | undefined, query: ListQuery, { bucket }: StoreAddress): string | undefined {
  const count = textOf(root, 'KeyCount');
  const name = textOf(root, 'Name');
  const prefix = textOf(root, 'Prefix');
  if (truncated !== 'true' && truncated !== 'false') return 'a list that does not say whether it is complete';
  // A server without KeyCount did not understand list-type=2; which other parameters it understood nobody knows.
  if (count === undefined) return 'a list without KeyCount';
  if (count !== String(shown)) return `a list of ${shown} keys that claims to have ${count}`;
  if (shown > query.maxKeys) return `a list of ${shown} keys where ${query.maxKeys} were asked for`;
  if (shown === 0 && truncated === 'true') return 'an empty list that claims to have more';
  if (prefix !== undefined && prefix !== query.prefix) return `a list of the prefix "${prefix}" in place of ${query.prefix}`;
  if (name !== undefined && name !== bucket) return `a list of the bucket "${name}" in place of ${bucket}`;
  return undefined;
}

function parse(body: string, store: StoreAddress): XmlElement {
  try {
    const root = parseXml(body).root;
    if (root !== null) return root;
  } catch {
    // The parser quotes the body in its message; it is said in our own words below.
  }
  throw odd(body === '' ? 'an empty body in place of a list' : 'a list that is cut off or no XML', store);
}

function odd(what: string, { endpoint }: StoreAddress): S3Failure {
  return new S3Failure('odd', `${endpoint} answered with ${what}`);
}

function children(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter((child): child is XmlElement => child instanceof XmlElement && child.name === name);
}

function textOf(parent: XmlElement, name: string): string | undefined {
  return children(parent, name)[0]?.text;
}
