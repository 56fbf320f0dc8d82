import { evaluate } from './cel';
import { type AdmissionRequest, namespaceLabelsOf, selects } from './request';
import type { Data, Tree } from '../../../verify/tree';

export interface Reply {
  /** Names of the admission policies that are about the request. */
  readonly matched: string[];
  /** Messages of those that refuse it. */
  readonly refusals: string[];
  readonly warnings: string[];
}

/** What the API server fills in before anybody may validate a new object. */
export function withSystemFields(object: Data, now: Date): Data {
  const { generateName, name } = object.metadata;
  const chosen = name ?? (generateName === undefined ? undefined : `${generateName}x7k2p`);
  return {
    ...object,
    metadata: { ...object.metadata, name: chosen, uid: '6f1c0d7e-0000-4000-8000-000000000000', creationTimestamp: now.toISOString() },
  };
}

/**
 * Plays the rendered ValidatingAdmissionPolicies through their bindings, those with parameters once for each of them. An expression that fails counts as the
 * `failurePolicy` says: a refusal of its own words, or nothing.
 */
export function admissionPolicies(tree: Tree, resource: string, request: AdmissionRequest): Reply {
  const reply: Reply = { matched: [], refusals: [], warnings: [] };
  for (const { spec: binding } of tree.ofKind('ValidatingAdmissionPolicyBinding')) {
    const { spec } = tree.one('ValidatingAdmissionPolicy', binding.policyName);
    if (!isAbout(spec.matchConstraints, resource, request)) continue;
    const conditions: Outcome[] = (spec.matchConditions ?? []).map(({ expression }: Data) => outcome(() => evaluate(expression, request)));
    // One that does not hold counts, whatever another one that failed would say.
    if (conditions.some(({ value }) => value === false)) continue;
    reply.matched.push(binding.policyName);
    const failed = conditions.find(({ error }) => error !== undefined);
    const all: readonly Data[] = spec.paramKind === undefined ? [null] : (request.params?.[spec.paramKind.kind] ?? []);
    const messages = failed === undefined ? all.flatMap((params) => failures(spec, request, params)) : failure(spec, failed);
    if (binding.validationActions.includes('Deny')) reply.refusals.push(...messages);
    if (binding.validationActions.includes('Warn')) reply.warnings.push(...messages);
  }
  return reply;
}

/** Value of an expression, or why it has none. */
interface Outcome {
  readonly value?: Data;
  readonly error?: string;
}

function outcome(read: () => Data): Outcome {
  try {
    return { value: read() };
  } catch (error) {
    return { error: (error as Error).message.split('\n')[0]! };
  }
}

function failure({ failurePolicy }: Data, { error }: Outcome): string[] {
  return failurePolicy === 'Ignore' ? [] : [`an expression fails: ${error}`];
}

function failures(spec: Data, request: AdmissionRequest, params: Data): string[] {
  const variables: Data = {};
  // Each is evaluated where something first names it: one that fails counts only there.
  for (const { name, expression } of spec.variables ?? [])
    Object.defineProperty(variables, name, { enumerable: true, get: () => evaluate(expression, request, params, variables) });
  return spec.validations.flatMap(({ expression, messageExpression }: Data) => {
    const result = outcome(() => evaluate(expression, request, params, variables));
    if (result.error !== undefined) return failure(spec, result);
    return result.value === true ? [] : [evaluate(messageExpression, request, params, variables)];
  });
}

function isAbout({ resourceRules, objectSelector, namespaceSelector }: Data, resource: string, request: AdmissionRequest): boolean {
  return (
    resourceRules.some(({ operations, resources }: Data) => operations.includes(request.operation) && resources.includes(resource)) &&
    selects(objectSelector, request.object.metadata.labels) &&
    selects(namespaceSelector, namespaceLabelsOf(request))
  );
}
