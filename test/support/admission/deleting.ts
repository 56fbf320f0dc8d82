import type { Data } from '../../../verify/tree';
import { Clock, evaluateWith, Resources } from './cel';
import { selects } from './request';

/** What a policy that deletes meets in the cluster. */
export interface Cluster {
  readonly now: Date;
  readonly find: Resources['find'];
}

/** Whether one rendered DeletingPolicy takes an object away, as Kyverno 1.19 decides it: an expression that fails keeps the object. */
export function isDeleted({ spec }: Data, object: Data, { now, find }: Cluster): boolean {
  if (!selects(spec.matchConstraints.objectSelector, object.metadata.labels)) return false;
  const variables: Data = {};
  const context = { object, variables, resource: new Resources(find), time: new Clock(now) };
  for (const { name, expression } of spec.variables ?? [])
    Object.defineProperty(variables, name, { enumerable: true, get: () => evaluateWith(expression, context) });
  try {
    return spec.conditions.every(({ expression }: Data) => evaluateWith(expression, context) === true);
  } catch {
    return false;
  }
}
