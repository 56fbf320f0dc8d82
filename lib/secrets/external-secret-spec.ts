import {
  ExternalSecretSpecSecretStoreRefKind as StoreKind,
  ExternalSecretSpecTargetCreationPolicy as CreationPolicy,
  ExternalSecretSpecTargetDeletionPolicy as DeletionPolicy,
  type ExternalSecretSpec,
} from '../../imports/external-secrets.io';
import type { RemoteRef, SecretSource, SecretValue } from '../model/secret-key';

/**
 * Spec of an ExternalSecret that fetches some of the five values.
 *
 * @param source where they are
 * @param name of the Secret that it makes
 * @param keys key of the Secret to the value that it holds
 */
export function externalSecretSpec(
  { store, keys: places }: SecretSource,
  name: string,
  keys: Readonly<Record<string, SecretValue>>,
): ExternalSecretSpec {
  return fetchedSpec(store, name, Object.fromEntries(Object.entries(keys).map(([secretKey, value]) => [secretKey, places[value]])));
}

/** Spec of an ExternalSecret. @param places key of the Secret to where its value is in the store */
export function fetchedSpec(store: SecretSource['store'], name: string, places: Readonly<Record<string, RemoteRef>>): ExternalSecretSpec {
  return {
    refreshInterval: '1h0m0s',
    secretStoreRef: { kind: store.kind === 'SecretStore' ? StoreKind.SECRET_STORE : StoreKind.CLUSTER_SECRET_STORE, name: store.name },
    target: {
      name,
      creationPolicy: CreationPolicy.OWNER,
      // What the provider forgets stays in the Secret: a renamed field must not stop backups.
      deletionPolicy: DeletionPolicy.RETAIN,
    },
    data: Object.entries(places).map(([secretKey, place]) => ({ secretKey, remoteRef: { ...place } })),
  };
}
