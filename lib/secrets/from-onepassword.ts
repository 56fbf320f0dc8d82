import {
  ExternalSecretSpecSecretStoreRefKind as StoreKind,
  ExternalSecretSpecTargetCreationPolicy as CreationPolicy,
  ExternalSecretSpecTargetDeletionPolicy as DeletionPolicy,
  type ExternalSecretSpec,
} from '../../imports/external-secrets.io';

/**
 * Spec of an ExternalSecret that fetches fields of one 1Password item.
 *
 * @param item where the item is
 * @param name of the Secret that it makes
 * @param keys key of the Secret to label of the field
 */
export function fromOnePassword(item: ItemLocation, name: string, keys: Readonly<Record<string, string>>): ExternalSecretSpec {
  return {
    refreshInterval: '1h0m0s',
    secretStoreRef: { kind: StoreKind.CLUSTER_SECRET_STORE, name: item.store },
    target: {
      name,
      creationPolicy: CreationPolicy.OWNER,
      // What the provider forgets stays in the Secret: a renamed field must not stop backups.
      deletionPolicy: DeletionPolicy.RETAIN,
    },
    data: Object.entries(keys).map(([secretKey, property]) => ({ secretKey, remoteRef: { key: item.item, property } })),
  };
}

export interface ItemLocation {
  /** Name of the ClusterSecretStore. */
  readonly store: string;
  /** Title of the item. */
  readonly item: string;
}
