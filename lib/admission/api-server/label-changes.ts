import type { Manifest } from '../../gitops/manifest';
import { backupLabel } from '../../model/naming';
import { otherLabelPolicy, relabelPolicy } from '../../model/policy-names';
import { nearTierExpression } from '../../model/near-miss-tier';
import { validationOf } from '../denial';
import { cantBeProtected, denialNamed } from '../denials';
import { nearTierDenials, otherLabelDenials, relabelDenials } from '../label-denials';
import { labelOf, moverIds } from '../requested-pvc';
import { otherNamespaces, withLabel, withOtherLabel } from '../selectors';
import { admissionPolicy } from './admission-policy';
import { list } from './cel';

export interface LabelChangesProps {
  /** Label values of the tiers. */
  readonly labels: readonly string[];
  readonly excludedNamespaces: readonly string[];
}

const annotationOf = (object: string, key: string): string => `${object}.metadata.?annotations[?'${key}'].orValue('absent')`;

/**
 * Refuses what makes a label of a PVC a way around the decision at its creation: a tier's label that comes later, and a label of no tier over a backup. The gate asks
 * and writes; here it is refused, also where the gate did not look.
 */
export function labelChanges(file: Manifest, { labels, excludedNamespaces }: LabelChangesProps): void {
  const namespaceSelector = otherNamespaces(excludedNamespaces);
  const [label, before] = [labelOf('object'), labelOf('oldObject')];
  const tiers = list(labels);
  const labelIsNew = `${label} != '' && ${label} != ${before} && !(${before} in ${tiers})`;
  const otherIds = moverIds.map((key) => `${annotationOf('object', key)} != ${annotationOf('oldObject', key)}`).join(' || ');
  admissionPolicy(file, {
    name: relabelPolicy,
    action: 'Deny',
    of: { apiGroup: '', apiVersion: 'v1', operation: 'UPDATE', resource: 'persistentvolumeclaims' },
    objectSelector: withLabel(),
    namespaceSelector,
    // A new PVC is updated several times in its first minute; none of that is judged.
    matchCondition: {
      name: 'label-or-mover',
      expression: `!has(object.metadata.deletionTimestamp) && ((${labelIsNew}) || (${label} in ${tiers} && (${otherIds})))`,
    },
    variables: {
      // Of the changes that are matched; the others are of the movers of a tier's PVC.
      labelIsNew: `!(${before} in ${tiers})`,
      isTier: `${label} in ${tiers}`,
      // A tier, or what may become one with the next change of main.ts. Nothing would be asked then.
      nearTier: nearTierExpression(label, labels),
    },
    validations: [
      // One that was made with generateName has a name now.
      validationOf({ ...denialNamed('unsupported'), when: cantBeProtected }, 'variables.isTier'),
      validationOf(denialNamed('noClass'), 'variables.labelIsNew && variables.isTier'),
      validationOf(denialNamed('labelConflict'), 'variables.labelIsNew'),
      ...relabelDenials.map((denial) => validationOf(denial, 'variables.labelIsNew && variables.nearTier')),
      validationOf(denialNamed('noSkipReason'), 'variables.labelIsNew'),
    ],
  });
  const nearTier = nearTierExpression(`object.metadata.labels['${backupLabel}']`, labels);
  admissionPolicy(file, {
    name: otherLabelPolicy,
    action: 'Deny',
    of: { apiGroup: '', apiVersion: 'v1', operation: 'CREATE', resource: 'persistentvolumeclaims' },
    objectSelector: withOtherLabel(labels),
    namespaceSelector,
    variables: { nearTier },
    validations: [
      ...otherLabelDenials.map((denial) => validationOf(denial)),
      ...nearTierDenials.map((denial) => validationOf(denial, 'variables.nearTier')),
      validationOf(denialNamed('otherCreation'), 'variables.nearTier'),
      validationOf(denialNamed('noSkipReason')),
    ],
  });
}
