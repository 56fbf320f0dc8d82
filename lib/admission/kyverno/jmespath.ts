import type { PvcRef } from '../../model/naming';
import type { Predicate } from '../predicate';

/**
 * JMESPath as Kyverno substitutes it. Its traps: a bare `true` or `false` is a field name and yields null (literals stand in backticks), and a
 * path that does not resolve is an error unless a fallback follows.
 */

/** A query as a variable; a string that is nothing but one variable keeps the type of its value. */
export function variable(query: string): string {
  return `{{ ${query} }}`;
}

/** True where a query yields nothing. The parentheses matter: Kyverno's JMESPath binds `!` tighter than the dots of a path. */
export function absent(query: string): string {
  return `!(${query})`;
}

/** A literal number or boolean, or JSON. */
export function literal(value: number | boolean | string): string {
  return `\`${value}\``;
}

/** Paths into the PVC of the admission request. */
export const request = {
  name: 'request.object.metadata.name',
  namespace: 'request.object.metadata.namespace',
  uid: 'request.object.metadata.uid',
  deletionTimestamp: 'request.object.metadata.deletionTimestamp',
  generateName: 'request.object.metadata.generateName',
  dataSource: 'request.object.spec.dataSource',
  dataSourceRef: 'request.object.spec.dataSourceRef',
  accessModes: 'request.object.spec.accessModes',
  storageRequest: 'request.object.spec.resources.requests.storage',
  storageClassName: 'request.object.spec.storageClassName',
  volumeMode: 'request.object.spec.volumeMode',
  phase: 'request.object.status.phase',
  annotation: (key: string): string => `request.object.metadata.annotations."${key}"`,
} as const;

/** The PVC of the request, for the functions in `naming`. */
export const requestedPvc: PvcRef = { namespace: variable(request.namespace), name: variable(request.name) };

/** One condition of Kyverno's `preconditions` or `deny`. */
export interface Condition {
  readonly key: unknown;
  readonly operator: 'Equals' | 'NotEquals' | 'AnyIn' | 'AnyNotIn' | 'GreaterThan';
  readonly value: unknown;
  readonly message?: string;
}

/** A condition that both languages say. */
export function holds({ jmesPath }: Predicate): Condition {
  return { key: variable(jmesPath), operator: 'Equals', value: true };
}

/** Compares a query with a text. A missing field counts as the empty string. */
export function equals(query: string, value: string): Condition {
  return { key: variable(`${query} || ''`), operator: 'Equals', value };
}

export function differs(query: string, value: string): Condition {
  return { key: variable(`${query} || ''`), operator: 'NotEquals', value };
}
