import type { Manifest } from '../../gitops/manifest';
import { selectorLabels } from '../../gitops/labels';
import { plumber } from '../../model/naming';
import { storeMovePolicy } from '../../model/policy-names';
import { admissionPolicy } from './admission-policy';
import { put, text } from './cel';

/** CEL of a variable in the environment of pvc-plumber, or the empty text. */
function variable(object: 'object' | 'oldObject', name: string): string {
  const env = `${object}.spec.template.spec.containers[0].?env.orValue([])`;
  return `${env}.filter(each, each.name == '${name}').map(each, each.?value.orValue('')).join('')`;
}

/**
 * Refuses that pvc-plumber is pointed to another store in silence. The new one looks as if there had never been a backup, so every PVC that is created
 * again would be `fresh`. Whoever moves names the old store in `s3.previous`, and pvc-plumber asks it, too.
 */
export function storeMove(file: Manifest): void {
  const [endpoint, bucket] = [variable('oldObject', 'S3_ENDPOINT'), variable('oldObject', 'S3_BUCKET')];
  const [newEndpoint, newBucket] = [variable('object', 'S3_ENDPOINT'), variable('object', 'S3_BUCKET')];
  const named = `${variable('object', 'S3_PREVIOUS')}.contains('{"endpoint":"' + ${endpoint} + '","bucket":"' + ${bucket} + '"}')`;
  admissionPolicy(file, {
    name: storeMovePolicy,
    action: 'Deny',
    of: { apiGroup: 'apps', apiVersion: 'v1', operation: 'UPDATE', resource: 'deployments' },
    objectSelector: { matchLabels: selectorLabels(plumber.name) },
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': plumber.namespace } },
    validations: [
      {
        expression: `${endpoint} == '' || (${endpoint} == ${newEndpoint} && ${bucket} == ${newBucket}) || ${named}`,
        messageExpression: text(
          `the store of the backups would change from ${put(endpoint)}, bucket ${put(bucket)}, to ${put(newEndpoint)}, bucket ${put(newBucket)}, and pvc-plumber would no longer ask the old one: a PVC that is created again would come back empty. Name the old store in s3.previous in main.ts and follow docs/moving-the-store.md`,
        ),
      },
    ],
  });
}
