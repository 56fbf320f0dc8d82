import type { Manifest } from '../../gitops/manifest';
import { annotation, repairer } from '../../model/naming';
import { repairerPolicy } from '../../model/policy-names';
import { admissionPolicy } from './admission-policy';
import { pvcInMessage } from '../requested-pvc';
import { text } from './cel';

const account = `system:serviceaccount:${repairer.namespace}:${repairer.name}`;
const others = (object: string): string => `${object}.metadata.?annotations.orValue({}).filter(key, key != '${annotation.repairRequestedAt}')`;
const same = [
  'object.spec == oldObject.spec',
  'object.metadata.?labels.orValue({}) == oldObject.metadata.?labels.orValue({})',
  'object.metadata.?finalizers.orValue([]) == oldObject.metadata.?finalizers.orValue([])',
  'object.metadata.?ownerReferences.orValue([]) == oldObject.metadata.?ownerReferences.orValue([])',
  `size(${others('object')}) == size(${others('oldObject')})`,
  `${others('object')}.all(key, key in ${others('oldObject')} && object.metadata.annotations[key] == oldObject.metadata.annotations[key])`,
].join(' && ');

/** Rights know no fields: who may set one annotation of a PVC may change all of it. This keeps the process that asks for repairs to its own annotation. */
export function repairerMayOnlyAsk(file: Manifest): void {
  admissionPolicy(file, {
    name: repairerPolicy,
    action: 'Deny',
    of: { apiGroup: '', apiVersion: 'v1', operation: 'UPDATE', resource: 'persistentvolumeclaims' },
    objectSelector: {},
    namespaceSelector: {},
    matchCondition: { name: 'of-the-repair', expression: `request.userInfo.username == '${account}'` },
    validations: [
      {
        expression: same,
        messageExpression: text(
          `${account} changes more of PVC ${pvcInMessage} than the annotation ${annotation.repairRequestedAt}. Look at who uses its token`,
        ),
      },
    ],
  });
}
