import { folderObjects } from '../harness/tree';
import { check } from '../harness/check';
import { scenario, type Scenario } from '../harness/scenario';
import type { KubeObject } from '../harness/api';
import { admissionPolicyProblems, bindingProblems } from './shapes/admission-policies';
import { emptyValues } from './shapes/differ';
import { deletingPolicyProblems, kyvernoPolicyProblems } from './shapes/kyverno-policies';

const byKind: Readonly<Record<string, (object: KubeObject) => string[]>> = {
  ClusterPolicy: kyvernoPolicyProblems,
  DeletingPolicy: deletingPolicyProblems,
  ValidatingAdmissionPolicy: admissionPolicyProblems,
  ValidatingAdmissionPolicyBinding: bindingProblems,
};

/**
 * Lines that no scenario shows on its own, because another one holds too: what the webhook's selector skips, a rule's exclusion need not. Each has to
 * stand all the same.
 */
export function shapeProblems(objects: readonly KubeObject[]): string[] {
  return objects.flatMap((object) => [
    ...(byKind[object.kind]?.(object) ?? []),
    ...emptyValues(object['spec']).map((problem) => `${object.metadata.name}: ${problem}`),
  ]);
}

export const shapeScenarios: readonly Scenario[] = [
  scenario('every live rule matches what it must: labels, namespaces, operations, failure policy', async (cluster) => {
    const refs = [...folderObjects('infrastructure/controllers/kyverno'), ...folderObjects('infrastructure/controllers/backstop')];
    const live = await Promise.all(refs.map(({ apiVersion, kind, metadata: { name } }) => cluster.api.find({ apiVersion, kind, name })));
    const problems = shapeProblems(live.filter((object) => object !== undefined));
    check(problems.length === 0, problems.join('; '));
    return `${live.length} objects`;
  }),
];
