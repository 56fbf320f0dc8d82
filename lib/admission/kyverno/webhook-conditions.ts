import type { ClusterPolicySpecWebhookConfigurationMatchConditions as MatchCondition } from '../../../imports/kyverno.io';
import { annotation, podLabel, restoreNamePattern } from '../../model/naming';
import { populatorLabel } from '../../model/volsync-labels';
import { list } from '../api-server/cel';
import { isOptedIn } from '../opt-in-condition';
import { hasLabel, labelOf, ofVolsync } from '../requested-pvc';
import type { Protected } from './match';

/**
 * Conditions under which the API server calls Kyverno at all, in CEL. A dead Kyverno then holds up labelled PVCs and nothing else. A condition that can't be
 * evaluated refuses the request, hence the optional fields.
 *
 * They stand in Kyverno's ConfigMap and so hold for every policy of that Kyverno. In a policy Kyverno compiles them anew for each request (1.19.0,
 * pkg/engine/internal/match.go): a third of its work in a recovery. Where Kyverno has policies about PVCs of somebody else's, they stand in ours.
 */

const annotationOf = (object: string, key: string): string => `${object}.metadata.?annotations[?'${key}'].orValue('')`;

/**
 * Mutating webhooks come before the API server looks at names, and Kyverno evaluates a name that enters a longer text (a URL, a path) as an expression: one that
 * names itself would keep it busy for ever. Any other name is the API server's to refuse.
 */
const plainName = (query: string): string => `${query}.matches('^[a-z0-9.-]*$')`;
const named = plainName(`object.metadata.?name.orValue('')`);

/** Of an application, in a namespace with backups. What VolSync makes for itself is not ours, whatever labels a platform gives it. */
const ours = ({ excludedNamespaces }: Protected): string => `!(request.namespace in ${list(excludedNamespaces)}) && !(${ofVolsync('object')})`;

/** With any value of the label: one that no tier has may be misspelt, or the tier of tomorrow. */
const labelled = (scope: Protected): string => `(${hasLabel} && ${ours(scope)})`;

/** The same at the creation, where the gate gives the label to PVCs that the site names. */
const toBeLabelled = (scope: Protected): string =>
  scope.optIn.length === 0 ? labelled(scope) : `((${hasLabel} || ${isOptedIn(scope.optIn)}) && ${ours(scope)})`;

/** The claim that VolSync's populator fills from the snapshot of a restore of ours. */
const populated = [
  `'${populatorLabel}' in object.metadata.?labels.orValue({})`,
  `object.spec.?dataSourceRef.?kind.orValue('') == 'VolumeSnapshot'`,
  `object.spec.?dataSourceRef.?name.orValue('').matches('^[a-z0-9.-]+${restoreNamePattern.replace('$', '-dest-[0-9]+$')}')`,
].join(' && ');

/** The label is another one, or somebody asked for a repair: all that repair and follow act on. A new PVC is updated several times in its first minute. */
const changed = [
  `${labelOf('object')} != ${labelOf('oldObject')}`,
  `${annotationOf('object', annotation.repairRequestedAt)} != ${annotationOf('oldObject', annotation.repairRequestedAt)}`,
].join(' || ');

/** For Kyverno's ConfigMap, where all policies about PVCs are ours. */
export function kyvernoConditions(scope: Protected): MatchCondition[] {
  const other = (operation: string): string => `request.resource.resource != 'persistentvolumeclaims' || request.operation != '${operation}'`;
  return [
    { name: 'volsync-pvc-backup-creation', expression: `${other('CREATE')} || (${named} && (${toBeLabelled(scope)} || (${populated})))` },
    { name: 'volsync-pvc-backup-update', expression: `${other('UPDATE')} || (${labelled(scope)} && (${changed}))` },
  ];
}

/** For the gate itself, where Kyverno has other policies about PVCs. */
export function gateConditions(scope: Protected): MatchCondition[] {
  return [
    { name: 'creation', expression: `request.operation == 'CREATE'` },
    { name: 'plain-name', expression: named },
    { name: 'labelled', expression: toBeLabelled(scope) },
  ];
}

/** For the policy on labels that come later, likewise. */
export function relabelConditions(scope: Protected): MatchCondition[] {
  return [
    { name: 'update', expression: `request.operation == 'UPDATE'` },
    { name: 'labelled', expression: labelled(scope) },
    { name: 'label-is-new', expression: `${labelOf('object')} != ${labelOf('oldObject')}` },
  ];
}

/** For the policy on the populator's claims, likewise. */
export const populatorConditions: MatchCondition[] = [
  { name: 'plain-name', expression: named },
  { name: 'populated', expression: populated },
];

/** Only Pods of our movers. These stand in the policy: in the ConfigMap they would keep every other Pod from everybody's policies about Pods. */
export const moverConditions: MatchCondition[] = [{ name: 'mover', expression: `'${podLabel.mover}' in object.metadata.?labels.orValue({})` }];
