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

/** The five values that a person keeps in a place for secrets. Endpoint and bucket are for pvc-plumber, which compares them with the site's. */
export const secretValues = ['accessKeyId', 'secretAccessKey', 'kopiaPassword', 'endpoint', 'bucket'] as const;

export type SecretValue = (typeof secretValues)[number];

/** Keys of a mover's Secret that are fetched, with the value that each holds. */
export const credentialKeys = {
  KOPIA_PASSWORD: 'kopiaPassword',
  KOPIA_S3_ACCESS_KEY_ID: 'accessKeyId',
  KOPIA_S3_SECRET_ACCESS_KEY: 'secretAccessKey',
  AWS_ACCESS_KEY_ID: 'accessKeyId',
  AWS_SECRET_ACCESS_KEY: 'secretAccessKey',
} as const satisfies Partial<Record<SecretKey, SecretValue>>;

/** Where a provider of External Secrets keeps a value. */
export interface RemoteRef {
  /** Name or path of the secret, as the provider wants it. */
  readonly key: string;
  /** Part of the secret: a field, or a JSON path, as the provider wants it. @default - the whole secret */
  readonly property?: string;
  /** Version of the secret, for providers that have versions. @default - the newest */
  readonly version?: string;
}

/** A store of External Secrets, and where in it the five values are. */
export interface SecretSource {
  readonly store: { readonly name: string; readonly kind: 'ClusterSecretStore' | 'SecretStore' };
  readonly keys: Readonly<Record<SecretValue, RemoteRef>>;
}

/** Stands for the namespace in the title of an item, or in a key, where each namespace has keys of its own. */
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

/** The places of one namespace, or of pvc-plumber, where the source has some for each. */
export function sourceOfNamespace({ store, keys }: SecretSource, namespace: string): SecretSource {
  const places = secretValues.map((value) => [value, { ...keys[value], key: itemOf(keys[value].key, namespace) }] as const);
  return { store, keys: Object.fromEntries(places) as unknown as SecretSource['keys'] };
}
