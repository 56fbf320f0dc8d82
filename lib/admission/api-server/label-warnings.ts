import type { Manifest } from '../../gitops/manifest';
import { backupLabel } from '../../model/naming';
import { labelPlacePolicy, labelSpellingPolicy } from '../../model/policy-names';
import { nearMissExpression } from '../../model/near-miss-label';
import { admissionPolicy } from './admission-policy';
import { list, put, text, type Validation } from './cel';

export interface LabelWarningProps {
  /** Label values of the tiers. */
  readonly labels: readonly string[];
  readonly excludedNamespaces: readonly string[];
}

const labelsOf = (object: string): string => `${object}.?metadata.?labels.orValue({})`;
const nearMisses = (object: string, tiers: readonly string[]): string =>
  `${labelsOf(object)}.filter(key, ${nearMissExpression('key', `${labelsOf(object)}[key]`, list(tiers))})`;
const hasLabel = (object: string): string => `'${backupLabel}' in ${labelsOf(object)}`;
const who = `${put('object.kind')} ${put('object.metadata.namespace')}/${put('object.metadata.name')}`;

/**
 * Warns about labels that were meant for backups and ask for none: a misspelt key, and the label on a workload in place of its claims. It warns where they
 * come, and not again with each later change of the object. Nobody is held up: an object that can't be judged passes.
 */
export function labelWarnings(file: Manifest, props: LabelWarningProps): void {
  const operation = ['CREATE', 'UPDATE'] as const;
  admissionPolicy(file, {
    name: labelSpellingPolicy,
    action: 'Warn',
    of: { apiGroup: '', apiVersion: 'v1', operation, resource: 'persistentvolumeclaims' },
    objectSelector: {},
    namespaceSelector: {},
    variables: { same: `oldObject != null && ${labelsOf('oldObject')} == ${labelsOf('object')}`, keys: nearMisses('object', props.labels) },
    validations: [
      {
        expression: 'variables.same || size(variables.keys) == 0',
        messageExpression: text(`${who} has the label ${put(`variables.keys.join(', ')`)}, which asks for NO backup: the key is "${backupLabel}"`),
      },
    ],
  });
  admissionPolicy(file, {
    name: labelPlacePolicy,
    action: 'Warn',
    of: { apiGroup: 'apps', apiVersion: 'v1', operation, resource: ['deployments', 'statefulsets'] },
    objectSelector: {},
    namespaceSelector: {},
    variables: workloadVariables(props.labels),
    validations: workloadValidations(props),
  });
}

function workloadVariables(labels: readonly string[]): Record<string, string> {
  const own = (object: string): string => `(${hasLabel(object)} || ${hasLabel(`${object}.spec.template`)})`;
  const value = `${labelsOf('claim')}['${backupLabel}']`;
  return {
    own: own('object'),
    sameOwn: `oldObject != null && ${own('oldObject')} == variables.own`,
    claims: 'object.spec.?volumeClaimTemplates.orValue([])',
    // They can't be changed, so all that is wrong with them was said at the creation.
    sameClaims: 'oldObject != null',
    labelled: `variables.claims.filter(claim, ${hasLabel('claim')}).map(claim, claim.metadata.name)`,
    wrong: `variables.claims.filter(claim, ${hasLabel('claim')} && !(${value} in ${list(labels)})).map(claim, claim.metadata.name)`,
    misspelt: `variables.claims.filter(claim, size(${nearMisses('claim', labels)}) > 0).map(claim, claim.metadata.name)`,
  };
}

function workloadValidations({ labels, excludedNamespaces }: LabelWarningProps): Validation[] {
  const names = (variable: string): string => put(`variables.${variable}.join(', ')`);
  return [
    {
      expression: 'variables.sameOwn || !variables.own || size(variables.labelled) > 0',
      messageExpression: text(
        `${who} has the label ${backupLabel}, which asks for NO backup there: it belongs on the PersistentVolumeClaim, or into volumeClaimTemplates of a StatefulSet`,
      ),
    },
    {
      expression: 'variables.sameClaims || size(variables.misspelt) == 0',
      messageExpression: text(`${who}: its claims ${names('misspelt')} have a label that asks for NO backup: the key is "${backupLabel}"`),
    },
    {
      expression: 'variables.sameClaims || size(variables.wrong) == 0',
      messageExpression: text(
        `${who}: its claims ${names('wrong')} are NOT backed up: their label ${backupLabel} is not one of ${labels.join(', ')}`,
      ),
    },
    {
      expression: `variables.sameClaims || size(variables.labelled) == 0 || !(object.metadata.namespace in ${list(excludedNamespaces)})`,
      messageExpression: text(`${who}: its claims are NOT backed up: the namespace is excluded from backups`),
    },
  ];
}
