import type { Answer, GateDecision } from '../../lib/model/decision';
import { annotation, backupLabel } from '../../lib/model/naming';
import type { DenialId } from '../../lib/admission/denials';
import { type Pvc, pvc, type PvcOptions } from '../support/pvc';

/** A row of the decision table. */
export interface Row {
  readonly name: string;
  readonly object: Pvc;
  /** Answer of pvc-plumber; undefined where the call fails and the policy's default counts. */
  readonly answer: unknown;
  readonly operation?: 'UPDATE' | 'DELETE';
  /** What was generated for an previous PVC, as the policy's three look-ups find it. @default - nothing */
  readonly left?: readonly [string, string, string];
  /** A PVC of this name is there and stays. @default false */
  readonly exists?: boolean;
  /** Why it is refused; `unmatched` where neither the gate nor the policy that refuses is about it. Empty: admitted. */
  readonly refused: readonly DenialId[] | 'unmatched';
  /** Words of the reason that the gate writes. @default any */
  readonly reason?: RegExp;
  /** What the gate writes; `none` where it is asked and writes nothing, undefined where it is not asked. */
  readonly decision: GateDecision | 'unknown' | 'wait' | 'foreign' | 'conflict' | 'none' | undefined;
}

/** What stands behind a resource in {@link Row.left} that no PVC of the name owns. */
export const notOurs = ', not owned by a PVC of this name';

export const namespace = 'app';
let count = 0;

export function answer(decision: 'restore' | 'fresh', name: string): Answer {
  const exists = decision === 'restore';
  return { exists, keyCount: exists ? 8 : 0, decision, authoritative: true, namespace, pvc: name, reason: 'proven' };
}

interface RowOptions extends PvcOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly operation?: 'UPDATE' | 'DELETE';
  readonly left?: readonly [string, string, string];
  readonly exists?: boolean;
  /** @default - the decision of the answer, or what the refusal tells */
  readonly decision?: Row['decision'];
  readonly reason?: RegExp;
}

/** @param change the answer: a decision, changes of a fresh one, or null where the call fails */
export function row(
  name: string,
  change: 'restore' | 'fresh' | Record<string, unknown> | null,
  refused: Row['refused'],
  options: RowOptions = {},
): Row {
  count += 1;
  const { name: pvcName = `pvc-${count}`, namespace: ns = namespace, operation, left, exists, decision, reason, ...rest } = options;
  const given = typeof change === 'string' ? answer(change, pvcName) : change === null ? undefined : { ...answer('fresh', pvcName), ...change };
  return {
    name,
    object: pvc(ns, pvcName, rest),
    answer: given,
    refused,
    decision: decision ?? decisionOf(given as Answer | undefined, refused, rest),
    ...(exists === undefined ? {} : { exists }),
    ...(reason === undefined ? {} : { reason }),
    ...(operation === undefined ? {} : { operation }),
    ...(left === undefined ? {} : { left }),
  };
}

function decisionOf(given: Answer | undefined, refused: Row['refused'], { annotations = {} }: PvcOptions): Row['decision'] {
  if (refused === 'unmatched' || refused.includes('undecided')) return undefined;
  if (refused.includes('previousPvc')) return 'wait';
  if (refused.includes('foreignResource')) return 'foreign';
  if (refused.includes('otherLabelConflict')) return 'conflict';
  if (refused.includes('unknown') || refused.includes('nearTier')) return 'unknown';
  return annotations[annotation.skipRestore] === 'true' ? 'skipped' : given?.decision;
}

export const skip = { [annotation.skipRestore]: 'true' };
export const why = { [annotation.skipRestoreReason]: 'on purpose' };
export const decision = ['unknown'] as const;
export const source = ['foreignSource'] as const;
export const volume = ['unsupported'] as const;
export const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'mine' };
export const stale = (pvcName: string): object => ({ apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: `${pvcName}-restore-old` });

/** Of a PVC with generateName: the API server makes its name after the gate. */
export const withoutName = (backup: string): Readonly<Record<string, unknown>> => ({
  name: undefined,
  namespace,
  generateName: 'data-',
  labels: { [backupLabel]: backup },
});
