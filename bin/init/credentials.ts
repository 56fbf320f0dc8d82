import type { RemoteRef, SecretValue } from '../../lib/model/secret-key';
import type { SiteValues } from '../../lib/site/values';
import type { Answers, Question } from './question';

/** A value of the site that says where the credentials are; one of them is written. */
export type Place = 'onepassword' | 'secrets' | 'ownSecret';

/** What a person chooses from. The first one is taken where nothing is said. */
export const places: readonly { readonly place: Place; readonly words: string; readonly flag: string }[] = [
  { place: 'onepassword', words: '1Password, through its Connect server', flag: 'vault' },
  { place: 'secrets', words: 'a store of External Secrets that is there already', flag: 'store' },
  { place: 'ownSecret', words: 'a Secret in volsync-system that you make yourself', flag: 'secret' },
];

/** The five values: their flags, words, and where an example has them. */
const values: readonly { readonly value: SecretValue; readonly flag: string; readonly words: string; readonly example: string }[] = [
  { value: 'accessKeyId', flag: 'access-key-at', words: 'the access key', example: 'backups/s3#access_key' },
  { value: 'secretAccessKey', flag: 'secret-key-at', words: 'the secret key', example: 'backups/s3#secret_key' },
  { value: 'kopiaPassword', flag: 'kopia-password-at', words: 'the Kopia password', example: 'backups/kopia#password' },
  { value: 'endpoint', flag: 'endpoint-at', words: 'the S3 endpoint', example: 'backups/s3#endpoint' },
  { value: 'bucket', flag: 'bucket-at', words: 'the bucket', example: 'backups/s3#bucket' },
];

const asked: Readonly<Record<Place, readonly Question[]>> = {
  onepassword: [
    { flag: 'vault', place: 'onepassword.vault', question: '1Password vault with the credentials', example: 'homelab' },
    {
      flag: 'item',
      place: 'onepassword.item',
      question: 'Item in it that holds access key, secret key, Kopia password, endpoint and bucket',
      example: 'rustfs',
    },
  ],
  secrets: [
    { flag: 'store', place: 'secrets.store.name', question: 'Name of the store', example: 'vault' },
    {
      flag: 'store-kind',
      place: 'secrets.store.kind',
      question: 'Its kind, ClusterSecretStore or SecretStore',
      example: 'ClusterSecretStore',
      fallback: 'ClusterSecretStore',
    },
    ...values.map(({ value, flag, words, example }) => ({
      flag,
      place: `secrets.keys.${value}`,
      question: `Where in the store ${words} is: KEY or KEY#PROPERTY`,
      example,
    })),
  ],
  ownSecret: [
    { flag: 'secret', place: 'ownSecret.name', question: 'Name of the Secret in volsync-system', example: 'backup-store' },
    ...values.map(({ value, flag, words }) => ({
      flag,
      place: `ownSecret.keys.${value}`,
      question: `Key of the Secret that holds ${words}`,
      example: value,
      fallback: value,
    })),
  ],
};

export function questionsAbout(place: Place): readonly Question[] {
  return asked[place];
}

/** The place that the flags name; undefined where they name none. */
export function placeOf(given: Answers): Place | undefined {
  return places.find(({ flag }) => given[flag] !== undefined)?.place;
}

/** The site's value for the place. A store that is there belongs to an External Secrets that is there. */
export function credentialValues(place: Place, answers: Answers): Partial<SiteValues> {
  const answer = (flag: string): string => answers[flag] ?? '';
  if (place === 'onepassword')
    return {
      onepassword: {
        vault: answer('vault'),
        item: answer('item'),
        fields: {
          accessKeyId: 'k8s-admin-access-key',
          secretAccessKey: 'k8s-admin-secret-key',
          kopiaPassword: 'kopia_password',
          endpoint: 'endpoint',
          bucket: 'bucket',
        },
      },
    };
  const keys = <T>(of: (text: string) => T): Record<SecretValue, T> =>
    Object.fromEntries(values.map(({ value, flag }) => [value, of(answer(flag))])) as Record<SecretValue, T>;
  if (place === 'ownSecret') return { ownSecret: { name: answer('secret'), keys: keys((text) => text) } };
  const kind = answer('store-kind') as 'ClusterSecretStore' | 'SecretStore';
  return { secrets: { store: { name: answer('store'), kind }, keys: keys(remoteRef) }, externalSecrets: { install: false } };
}

/** What is to be known about the values in `main.ts`. */
export const remarks: Readonly<Record<Place, string>> = {
  onepassword: 'The fields are labels of the 1Password item.',
  secrets: 'docs/existing-cluster.md says what External Secrets must offer.',
  ownSecret: 'Make the Secret before the first sync, with SOPS or Sealed Secrets: it is never in this repository as it is.',
};

/** KEY or KEY#PROPERTY. */
function remoteRef(text: string): RemoteRef {
  const [key = '', ...rest] = text.split('#');
  return rest.length === 0 ? { key } : { key, property: rest.join('#') };
}
