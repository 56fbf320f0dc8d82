/**
 * What pvc-plumber answers and what the policy may conclude from it: the contract between the two.
 *
 * | situation                                                           | status | exists | decision  | authoritative |
 * |---------------------------------------------------------------------|--------|--------|-----------|---------------|
 * | a repository with file data under `{namespace}/{pvc}/`              | 200    | true   | `restore` | true          |
 * | proven: nothing there, or a repository that never got file data     | 200    | false  | `fresh`   | true          |
 * | anything else (timeout, 403, missing bucket, contradiction, ...)    | 503    | false  | `unknown` | false         |
 * | namespace or name that Kubernetes would not accept                  | 400    | false  | `unknown` | false         |
 *
 * With `?explain`, as the gate asks, `unknown` comes with 200, too: see `explainQuery` in `naming`.
 */

/** What pvc-plumber can say about a PVC. Every doubt is `unknown`. */
export type Decision = 'restore' | 'fresh' | 'unknown';

/** Body of `GET /exists/{namespace}/{pvc}`. `exists` and `keyCount` are the fields of the description, the others say how far to trust them. */
export interface Answer {
  /** A backup exists. False also when nothing is known: read it together with `authoritative`. */
  readonly exists: boolean;
  /** How many object keys proved the answer. */
  readonly keyCount: number;
  readonly decision: Decision;
  /** The answer is proven. Only an authoritative answer may admit a PVC. */
  readonly authoritative: boolean;
  readonly namespace: string;
  readonly pvc: string;
  /** Why, in words a person can act on. */
  readonly reason: string;
  /** The same words where the answer is `unknown`; absent otherwise. */
  readonly error?: string;
}

/**
 * What the gate writes on an admitted PVC: the service's decision, that a person asked not to restore, or that a PVC of the name exists, so that the API server
 * answers with 409 whatever the store says.
 */
export type GateDecision = Exclude<Decision, 'unknown'> | 'skipped' | 'exists';

/** The decisions under which a PVC may be created. */
export const admittingDecisions = ['fresh', 'restore', 'skipped', 'exists'] as const satisfies readonly GateDecision[];

/** Those under which a PVC is really there afterwards, and gets its resources. */
export const settledDecisions = ['fresh', 'restore', 'skipped'] as const satisfies readonly GateDecision[];

/** What the gate writes while resources that were generated for a previous PVC of the name still exist. It admits nothing. */
export const waitDecision = 'wait';

/** What the gate writes while a resource has a name that is to be generated, and does not belong to the PVC. It admits nothing. */
export const foreignDecision = 'foreign';

/** What the gate writes where a backup exists and would not be restored: a label of no tier at the creation, or a tier's label on a volume of other contents. */
export const conflictDecision = 'conflict';
