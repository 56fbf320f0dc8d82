import type { ObjectStore } from './object-store';

/**
 * Keys of the Secret that a mover gets. The description names seven; VolSync's Kopia mover reads location and credentials only from
 * `KOPIA_REPOSITORY`, `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, so all ten are there (docs/decisions.md).
 */
export const secretKeys = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'KOPIA_PASSWORD',
  'KOPIA_REPOSITORY',
  'KOPIA_S3_ACCESS_KEY_ID',
  'KOPIA_S3_BUCKET',
  'KOPIA_S3_DISABLE_TLS',
  'KOPIA_S3_ENDPOINT',
  'KOPIA_S3_PREFIX',
  'KOPIA_S3_SECRET_ACCESS_KEY',
] as const;

export type SecretKey = (typeof secretKeys)[number];

/** Keys that say where the repository is; they hold no secret. @param prefix path in the bucket, may hold template expressions */
export function locationKeys(store: ObjectStore, prefix: string): Partial<Record<SecretKey, string>> {
  return {
    KOPIA_REPOSITORY: store.repositoryUrl(prefix),
    KOPIA_S3_BUCKET: store.bucket,
    KOPIA_S3_ENDPOINT: store.host,
    KOPIA_S3_PREFIX: prefix,
    KOPIA_S3_DISABLE_TLS: String(!store.tls),
  };
}

/** Fields of the 1Password item. */
export interface ItemFields {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly kopiaPassword: string;
  /** S3 endpoint and bucket, for pvc-plumber, which compares them with the site's. */
  readonly endpoint: string;
  readonly bucket: string;
}

/** Stands for the namespace in the title of an item, where each namespace has keys of its own. */
export const namespacePlaceholder = '{namespace}';

/** Title of the item that holds the keys of a namespace. @param namespace may be a template expression */
export function itemOf(title: string, namespace: string): string {
  return title.split(namespacePlaceholder).join(namespace);
}

/** Says what is wrong with the title of an item, which may hold {@link namespacePlaceholder}, or undefined. */
export function itemTitleProblem(title: string): string | undefined {
  const other = /\{[^{}]*\}?|\}/.exec(itemOf(title, ''))?.[0];
  return other === undefined ? undefined : `"${title}" has "${other}" in it: the only placeholder is ${namespacePlaceholder}`;
}

/** Keys that are fetched, with the field of the item that each comes from. */
export function credentialKeys(fields: ItemFields): Partial<Record<SecretKey, string>> {
  return {
    KOPIA_PASSWORD: fields.kopiaPassword,
    KOPIA_S3_ACCESS_KEY_ID: fields.accessKeyId,
    KOPIA_S3_SECRET_ACCESS_KEY: fields.secretAccessKey,
    AWS_ACCESS_KEY_ID: fields.accessKeyId,
    AWS_SECRET_ACCESS_KEY: fields.secretAccessKey,
  };
}
