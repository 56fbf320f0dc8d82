/** A page of ListObjectsV2 before it becomes XML; faults change it. */
export interface Page {
  readonly bucket: string;
  readonly prefix: string;
  readonly maxKeys: number;
  readonly keys: readonly string[];
  readonly truncated: boolean;
  /** Undefined: the element is left out. */
  readonly keyCount?: number | undefined;
  /** When each was written. @default all at one time */
  readonly times?: readonly string[];
  /** How large each is, in bytes. @default 1024 */
  readonly sizes?: readonly number[];
}

export function listXml({ bucket, prefix, maxKeys, keys, truncated, keyCount, times = [], sizes = [] }: Page): string {
  const entries = keys.map(
    (key, i) =>
      `<Contents><Key>${escape(key)}</Key><LastModified>${times[i] ?? '2026-01-02T03:04:05.000Z'}</LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><Size>${sizes[i] ?? 1024}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const head = `<Name>${escape(bucket)}</Name><Prefix>${escape(prefix)}</Prefix><MaxKeys>${maxKeys}</MaxKeys>`;
  const count = keyCount === undefined ? '' : `<KeyCount>${keyCount}</KeyCount>`;
  return `${declaration}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${head}${count}<IsTruncated>${truncated}</IsTruncated>${entries.join('')}</ListBucketResult>`;
}

/** A page of ListObjectVersions that holds delete markers only. */
export function versionsXml(bucket: string, prefix: string, keys: readonly string[]): string {
  const entries = keys.map((key) => `<DeleteMarker><Key>${escape(key)}</Key><VersionId>1</VersionId><IsLatest>true</IsLatest></DeleteMarker>`);
  return `${declaration}<ListVersionsResult><Name>${escape(bucket)}</Name><Prefix>${escape(prefix)}</Prefix><IsTruncated>false</IsTruncated>${entries.join('')}</ListVersionsResult>`;
}

/** An error as S3 words it. The message echoes a key on purpose: it must never get into a reason or a log. */
export function errorXml(code: string): string {
  return `${declaration}<Error><Code>${code}</Code><Message>no, AKIATEST and test-secret say the fake server</Message><AWSAccessKeyId>AKIATEST</AWSAccessKeyId></Error>`;
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
