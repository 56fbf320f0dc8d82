import { annotation } from '../../model/naming';
import { request, variable } from './jmespath';

/** JMESPath of the PVC as `namespace/name`. It stands alone: Kyverno evaluates a name once more that enters a longer text, with whatever expression is in it. */
export const namespacedName = `join('/', [${request.namespace}, ${request.name} || ''])`;

/** What the gate writes on a PVC, all at once: a decision, why, when and about which PVC. */
export function decisionAnnotations(decision: string, reason: string): Record<string, string> {
  return {
    [annotation.decision]: decision,
    [annotation.reason]: reason,
    [annotation.decidedAt]: variable('time_now_utc()'),
    [annotation.decidedFor]: variable(namespacedName),
  };
}

/** The same where the label is set on an existing PVC: the version that is being changed ties the decision to this change. */
export function relabelAnnotations(decision: string, reason: string): Record<string, string> {
  return { ...decisionAnnotations(decision, reason), [annotation.decidedAtVersion]: variable('request.oldObject.metadata.resourceVersion') };
}
