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

/** Plays the rendered ValidatingAdmissionPolicies through their bindings, those with parameters once for each of them. */
export function admissionPolicies(tree: Tree, resource: string, request: AdmissionRequest): Reply {
  const reply: Reply = { matched: [], refusals: [], warnings: [] };
  for (const binding of tree.ofKind('ValidatingAdmissionPolicyBinding')) {
    const { spec } = tree.one('ValidatingAdmissionPolicy', binding.spec.policyName);
    if (!isAbout(spec.matchConstraints, resource, request)) continue;
    if (!(spec.matchConditions ?? []).every(({ expression }: Data) => evaluate(expression, request) === true)) continue;
    reply.matched.push(binding.spec.policyName);
    const all: readonly Data[] = spec.paramKind === undefined ? [null] : (request.params?.[spec.paramKind.kind] ?? []);
    for (const messages of all.map((params) => failures(spec, request, params))) {
      if (binding.spec.validationActions.includes('Deny')) reply.refusals.push(...messages);
      if (binding.spec.validationActions.includes('Warn')) reply.warnings.push(...messages);
    }
  }
  return reply;
}

function failures(spec: Data, request: AdmissionRequest, params: Data): string[] {
  const variables: Record<string, Data> = {};
  for (const { name, expression } of spec.variables ?? []) variables[name] = evaluate(expression, request, params, variables);
  const failed = spec.validations.filter(({ expression }: Data) => evaluate(expression, request, params, variables) !== true);
  return failed.map(({ messageExpression }: Data) => evaluate(messageExpression, request, params, variables));
}

function isAbout({ resourceRules, objectSelector, namespaceSelector }: Data, resource: string, request: AdmissionRequest): boolean {
  return (
    resourceRules.some(({ operations, resources }: Data) => operations.includes(request.operation) && resources.includes(resource)) &&
    selects(objectSelector, request.object.metadata.labels) &&
    selects(namespaceSelector, namespaceLabelsOf(request))
  );
}
