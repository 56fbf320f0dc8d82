import { backupLabel } from '../../lib/model/naming';
import {
  backstopPolicy,
  moverPolicy,
  otherLabelPolicy,
  relabelPolicy,
  restoreImagePolicy,
  restoreProofPolicy,
  restoreSizePolicy,
} from '../../lib/model/policy-names';
import { madeByVolsync, populatorLabel } from '../../lib/model/volsync-labels';
import { folderObjects } from '../harness/tree';
import { check } from '../harness/check';
import { scenario, type Scenario } from '../harness/scenario';
import type { KubeObject } from '../harness/api';

const namespaces = ['kube-system', 'volsync-system', 'kyverno'];
const labels = ['daily', 'hourly'];

interface Rule {
  readonly name: string;
  readonly match: { readonly any: readonly { readonly resources: Block }[] };
  readonly exclude?: { readonly any?: readonly { readonly resources: Block }[] };
  readonly mutate?: { readonly targets?: unknown };
  readonly generate?: object;
}

interface Block {
  readonly operations?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly selector?: { readonly matchExpressions: readonly { readonly key: string; readonly values?: readonly string[] }[] };
  readonly namespaceSelector?: { readonly matchExpressions: readonly { readonly values: readonly string[] }[] };
}

/**
 * Lines that no scenario shows on its own, because another one holds too: what the webhook's selector skips, a rule's exclusion need not. Each has to
 * stand all the same.
 */
export function shapeProblems(objects: readonly KubeObject[]): string[] {
  return objects.flatMap((object) => {
    if (object.kind === 'ClusterPolicy') return policyProblems(object);
    if (object.kind !== 'ValidatingAdmissionPolicy') return [];
    if (object.metadata.name === restoreImagePolicy || object.metadata.name === restoreProofPolicy) {
      return differ(`${object.metadata.name}: failurePolicy`, [object['spec'].failurePolicy as string], ['Fail']);
    }
    if (![backstopPolicy, relabelPolicy, otherLabelPolicy].includes(object.metadata.name)) return [];
    const { namespaceSelector, objectSelector, resourceRules } = object['spec'].matchConstraints as Block & {
      objectSelector: Block['selector'];
      resourceRules: Block[];
    };
    return [
      ...differ(`${object.metadata.name}: namespaces`, namespaceSelector?.matchExpressions[0]?.values, namespaces),
      ...differ(
        `${object.metadata.name}: labels`,
        objectSelector?.matchExpressions.find(({ key, values }) => key === backupLabel && values !== undefined)?.values,
        object.metadata.name === relabelPolicy ? [] : labels,
      ),
      ...differ(
        `${object.metadata.name}: what VolSync makes`,
        objectSelector?.matchExpressions.map(({ key }) => key).filter((key) => key !== backupLabel),
        [madeByVolsync.key, populatorLabel],
      ),
      ...differ(`${object.metadata.name}: operations`, resourceRules[0]?.operations, [object.metadata.name === relabelPolicy ? 'UPDATE' : 'CREATE']),
      ...differ(`${object.metadata.name}: failurePolicy`, [object['spec'].failurePolicy], ['Fail']),
    ];
  });
}

function policyProblems({ metadata: { name }, ...object }: KubeObject): string[] {
  const { rules, webhookConfiguration } = object['spec'] as {
    rules: Rule[];
    webhookConfiguration: { failurePolicy: string };
  };
  if (name === moverPolicy || name === restoreSizePolicy) {
    // Their rules are about Pods and claims that VolSync makes; what those get is shown by the scenarios of movers and restores.
    const selected = rules.map((rule) => rule.match.any[0]?.resources).filter((block) => block?.selector === undefined);
    return [
      ...differ(`${name}: failurePolicy`, [webhookConfiguration.failurePolicy], ['Fail']),
      ...(selected.length === 0 ? [] : [`${name}: ${selected.length} rules select no label`]),
    ];
  }
  const gate = name === 'volsync-pvc-backup-restore';
  const relabel = name === relabelPolicy;
  const later = name.includes('repair') || name.includes('follow');
  return [
    ...differ(`${name}: failurePolicy`, [webhookConfiguration.failurePolicy], [gate ? 'Fail' : 'Ignore']),
    ...rules.flatMap((rule) => {
      const block = rule.match.any[0]?.resources;
      const out = rule.exclude?.any?.[0]?.resources;
      const tier = labels.find((label) => rule.name.endsWith(`-${label}`));
      const expressions = block?.selector?.matchExpressions ?? [];
      // A rule about labels of no tier begins with one that asks for any.
      const chosen = expressions.find(({ key, values }) => key === backupLabel && values !== undefined);
      return [
        ...differ(`${name}/${rule.name}: labels`, chosen?.values, relabel ? [] : tier === undefined ? labels : [tier]),
        ...differ(
          `${name}/${rule.name}: what VolSync makes`,
          expressions.map(({ key }) => key).filter((key) => key !== backupLabel),
          [madeByVolsync.key, populatorLabel],
        ),
        ...differ(
          `${name}/${rule.name}: namespaces`,
          gate || relabel ? out?.namespaces : block?.namespaceSelector?.matchExpressions[0]?.values,
          namespaces,
        ),
        ...differ(
          `${name}/${rule.name}: operations`,
          later ? out?.operations : block?.operations,
          later ? ['CREATE', 'DELETE', 'CONNECT'] : [relabel ? 'UPDATE' : 'CREATE'],
        ),
      ];
    }),
  ];
}

function differ(what: string, is: readonly string[] | undefined, wanted: readonly string[]): string[] {
  const [a, b] = [JSON.stringify((is ?? []).toSorted()), JSON.stringify(wanted.toSorted())];
  return a === b ? [] : [`${what} are ${a}, not ${b}`];
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
