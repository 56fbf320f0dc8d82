import {
  ExternalSecret,
  ExternalSecretSpecSecretStoreRefKind,
  ExternalSecretSpecTargetCreationPolicy,
  ExternalSecretSpecTargetDeletionPolicy,
  ExternalSecretSpecTargetTemplateEngineVersion,
  ExternalSecretSpecTargetTemplateMergePolicy,
  type ExternalSecretSpecData,
} from '../../imports/external-secrets.io';
import { childMetadata } from '../gitops/child';
import type { KubernetesObject } from '../gitops/manifest';
import { secretName, storePrefix } from '../model/naming';
import type { ObjectStore } from '../model/object-store';
import type { PvcValues } from '../model/pvc-values';
import { credentialKeys, locationKeys, type ItemFields } from '../model/secret-key';

export interface MoverSecretOptions {
  readonly store: ObjectStore;
  /** Name of the ClusterSecretStore. */
  readonly secretStore: string;
  /** Title of the 1Password item. */
  readonly item: string;
  readonly fields: ItemFields;
}

/**
 * ExternalSecret of one PVC. `mergePolicy: Merge` joins the fetched credentials with the static location; the default, Replace, would drop
 * the credentials. No External Secrets template stands in it, because Kyverno writes its variables with the same braces.
 */
export function moverSecret(pvc: PvcValues, options: MoverSecretOptions): KubernetesObject {
  const location = locationKeys(options.store, storePrefix(pvc));
  return ExternalSecret.manifest({
    metadata: childMetadata(secretName(pvc), pvc),
    spec: {
      refreshInterval: '1h0m0s',
      secretStoreRef: { kind: ExternalSecretSpecSecretStoreRefKind.CLUSTER_SECRET_STORE, name: options.secretStore },
      target: {
        name: secretName(pvc),
        creationPolicy: ExternalSecretSpecTargetCreationPolicy.OWNER,
        // What the provider forgets stays in the Secret: a renamed field must not stop backups.
        deletionPolicy: ExternalSecretSpecTargetDeletionPolicy.RETAIN,
        template: {
          engineVersion: ExternalSecretSpecTargetTemplateEngineVersion.V2,
          mergePolicy: ExternalSecretSpecTargetTemplateMergePolicy.MERGE,
          data: location,
        },
      },
      data: remoteData(options.item, credentialKeys(options.fields)),
    },
  }) as KubernetesObject;
}

/** Fetches fields of one item. @param keys Secret key to field label */
export function remoteData(item: string, keys: Readonly<Record<string, string>>): ExternalSecretSpecData[] {
  return Object.entries(keys).map(([secretKey, property]) => ({ secretKey, remoteRef: { key: item, property } }));
}
