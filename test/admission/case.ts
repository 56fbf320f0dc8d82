import { homelab } from '../../examples/homelab/site';
import { annotation, backupLabel } from '../../lib/model/naming';
import { admissionPolicies, withSystemFields } from '../support/admission/api-server';
import type { AdmissionRequest } from '../support/admission/request';
import { pvc, type PvcOptions } from '../support/pvc';
import type { Data, Tree } from '../../verify/tree';
import { now } from '../decision/play';

/** A request to the API server, and how the rendered admission policies answer it. */
export interface AdmissionCase {
  readonly name: string;
  /** Plural of the kind, with the subresource. */
  readonly resource: string;
  readonly request: AdmissionRequest;
  /** Words of every refusal, in any order. @default none: it is admitted */
  readonly refused?: readonly RegExp[];
  /** Words of every warning. @default none */
  readonly warned?: readonly RegExp[];
}

/** What of a case's answer is wrong, or undefined where it is as the case says. */
export function problemOfCase(tree: Tree, { resource, request, refused = [], warned = [] }: AdmissionCase): string | undefined {
  try {
    const { refusals, warnings } = admissionPolicies(tree, resource, request);
    if (!areMatched(refusals, refused)) return `it is refused with ${refusals.join('; ') || 'nothing'}`;
    if (!areMatched(warnings, warned)) return `its warnings are ${warnings.join('; ') || 'none'}`;
    return undefined;
  } catch (error) {
    return `it can't be evaluated: ${(error as Error).message}`;
  }
}

function areMatched(messages: readonly string[], patterns: readonly RegExp[]): boolean {
  return messages.length === patterns.length && patterns.every((pattern) => messages.some((message) => pattern.test(message)));
}

/** Resource version of every PVC before a change of it. */
export const version = '4711';

/** Minutes from the creation of a case. */
export const minutes = (count: number): string => new Date(now.getTime() + count * 60_000).toISOString();

/** The namespaces that the example excludes from backups. */
export const excluded = homelab.excludedNamespaces;

/** The PVC of a case. */
export interface Where {
  /** @default app */
  readonly namespace?: string;
  /** @default data */
  readonly name?: string;
}

/** A PVC that VolSync makes for itself, with the label that a platform gives every PVC. @param key label by which it is known */
export const ofVolsync = (key: string, value: string): PvcOptions => ({
  metadata: { name: 'data', namespace: 'app', labels: { [backupLabel]: 'hourly', [key]: value }, ownerReferences: [{ kind: 'ReplicationSource' }] },
});

/** A new PVC as it comes to the admission policies: what the gate decided just now stands on it, if anything. @param decision null where it did not see it */
export function created(
  options: PvcOptions = {},
  decision: string | null = 'fresh',
  { namespace = 'app', name = 'data' }: Where = {},
): AdmissionRequest {
  const decided: Record<string, string> = decision === null ? {} : { [annotation.decision]: decision, [annotation.decidedAt]: minutes(0) };
  return {
    operation: 'CREATE',
    object: withSystemFields(pvc(namespace, name, { ...options, annotations: { ...decided, ...options.annotations } }), now),
  };
}

/** A change of a PVC that is there, on which the gate decided in this very change. */
export function changed(before: PvcOptions, after: PvcOptions, { namespace = 'app', name = 'data' }: Where = {}): AdmissionRequest {
  const there = (options: PvcOptions): Data => {
    const object = withSystemFields(pvc(namespace, name, options), now);
    return { ...object, metadata: { ...object.metadata, resourceVersion: version } };
  };
  const decided = { [annotation.decision]: 'fresh', [annotation.decidedAtVersion]: version };
  return { operation: 'UPDATE', oldObject: there(before), object: there({ ...after, annotations: { ...decided, ...after.annotations } }) };
}
