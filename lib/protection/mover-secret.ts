import {
  ExternalSecret,
  ExternalSecretSpecTargetTemplateEngineVersion,
  ExternalSecretSpecTargetTemplateMergePolicy,
} from '../../imports/external-secrets.io';
import type { KubernetesObject } from '../gitops/manifest';
import { secretName, storePrefix } from '../model/naming';
import { ObjectStore } from '../model/object-store';
import { credentialKeys, locationKeys, sourceOfNamespace } from '../model/secret-key';
import { externalSecretSpec } from '../secrets/external-secret-spec';
import type { Site } from '../site/schema';
import { ownedByPvc } from './owned-by-pvc';
import type { PvcValues } from './pvc-values';

/**
 * ExternalSecret of one PVC: the fetched credentials, and where the repository lies. `mergePolicy: Merge` joins the two; the default, Replace, would drop the
 * credentials. No External Secrets template stands in it, because Kyverno writes its variables with the same braces.
 */
export function moverSecret(pvc: PvcValues, { s3, secretSource }: Pick<Site, 's3' | 'secretSource'>): KubernetesObject {
  const name = secretName(pvc);
  const { target, ...fetched } = externalSecretSpec(sourceOfNamespace(secretSource, pvc.namespace), name, credentialKeys);
  const template = {
    engineVersion: ExternalSecretSpecTargetTemplateEngineVersion.V2,
    mergePolicy: ExternalSecretSpecTargetTemplateMergePolicy.MERGE,
    data: locationKeys(ObjectStore.of(s3.endpoint, s3.bucket), storePrefix(pvc)),
  };
  return ExternalSecret.manifest({ metadata: ownedByPvc(name, pvc), spec: { ...fetched, target: { ...target, template } } }) as KubernetesObject;
}
