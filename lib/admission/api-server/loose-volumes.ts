import type { Manifest } from '../../gitops/manifest';
import { annotation } from '../../model/naming';
import { looseVolumePolicy } from '../../model/policy-names';
import { all, annotationField, type CelCondition, eq, not, cel } from '../predicate';
import { admissionPolicy } from './admission-policy';
import { list, put, text } from './cel';

/** kube-controller-manager, with accounts for its controllers or without: where a claim vanishes while it is bound, it takes the claimRef off itself. */
const binders = ['system:serviceaccount:kube-system:persistent-volume-binder', 'system:kube-controller-manager'];

/** No claim owns the volume: none is named, or only by a name, which any PVC may have. Provisioners name the claim with its uid. */
const isLoose = (object: 'object' | 'oldObject'): CelCondition => cel(`${object}.spec.?claimRef.?uid.orValue('') == ''`);

/**
 * Refuses a volume of the site's class that any PVC could be bound to. kube-controller-manager binds a PVC to an available volume of its class before anybody
 * provisions, and does not look at `dataSourceRef` (1.35.4, pkg/controller/volume/persistentvolume/pv_controller.go): such a volume would take the place of a
 * restore, of the copy that is backed up, or of a restore's temporary volume.
 *
 * @param storageClasses of the volumes that are backed up
 */
export function looseVolumes(file: Manifest, storageClasses: readonly string[]): void {
  const refused = all(
    cel(`object.spec.?storageClassName.orValue('') in ${list(storageClasses)}`),
    isLoose('object'),
    // What was loose before the policy came can be changed and deleted.
    cel(`(oldObject == null || !(${isLoose('oldObject').cel}))`),
    eq(annotationField(annotation.reattachReason), ''),
  );
  admissionPolicy(file, {
    name: looseVolumePolicy,
    action: 'Deny',
    of: { apiGroup: '', apiVersion: 'v1', operation: ['CREATE', 'UPDATE'], resource: 'persistentvolumes' },
    objectSelector: {},
    namespaceSelector: {},
    matchCondition: {
      name: 'by-a-person',
      expression: `!(request.userInfo.username in ${list(binders)}) && !has(object.metadata.deletionTimestamp)`,
    },
    validations: [
      {
        expression: not(refused).cel,
        messageExpression: text(
          `PersistentVolume ${put('object.metadata.name')} of class ${put('object.spec.storageClassName')} would be bound to the next PVC of this class, in place of a restore or of a copy ` +
            `that is backed up: spec.claimRef does not name a claim with its uid. To use a retained volume again, name its PVC in spec.claimRef, and say why in ` +
            `the annotation ${annotation.reattachReason} (docs/restore.md).`,
        ),
      },
    ],
  });
}
