import { backupLabel } from '../../../lib/model/naming';
import { gatePolicy, moverPolicy, relabelPolicy, restoreSizePolicy } from '../../../lib/model/policy-names';
import { madeByVolsync, populatorLabel } from '../../../lib/model/volsync-labels';
import type { KubeObject } from '../../harness/api';
import { differ, labels, namespaces } from './differ';

interface Rule {
  readonly name: string;
  readonly match: { readonly any: readonly { readonly resources: Block }[] };
  readonly exclude?: { readonly any?: readonly { readonly resources: Block }[] };
  readonly generate?: { readonly foreach: readonly Generated[] };
}

interface Block {
  readonly operations?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly selector?: {
    readonly matchLabels?: Readonly<Record<string, string>>;
    readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
  };
  readonly namespaceSelector?: { readonly matchExpressions: readonly { readonly values: readonly string[] }[] };
}

interface Generated {
  readonly kind: string;
  readonly data: {
    readonly metadata?: { readonly ownerReferences?: readonly Readonly<Record<string, string>>[] };
    readonly spec: { readonly target?: { readonly template?: { readonly mergePolicy?: string } } };
  };
}

export function kyvernoPolicyProblems({ metadata: { name }, ...object }: KubeObject): string[] {
  const { rules, webhookConfiguration } = object['spec'] as {
    rules: Rule[];
    webhookConfiguration: { failurePolicy: string };
  };
  if (name === moverPolicy || name === restoreSizePolicy) {
    // Their rules are about Pods and claims that VolSync makes; what those get is shown by the scenarios of movers and restores.
    const selected = rules
      .map((rule) => rule.match.any[0]?.resources)
      .filter((block) => (block?.selector?.matchExpressions ?? Object.keys(block?.selector?.matchLabels ?? {})).length === 0);
    return [
      ...differ(`${name}: failurePolicy`, [webhookConfiguration.failurePolicy], ['Fail']),
      ...(selected.length === 0 ? [] : [`${name}: ${selected.length} rules select no label`]),
      ...rules.flatMap((rule) => differ(`${name}/${rule.name}: operations`, rule.match.any[0]?.resources.operations, ['CREATE'])),
    ];
  }
  const gate = name === gatePolicy;
  const relabel = name === relabelPolicy;
  const later = name.includes('repair') || name.includes('follow');
  return [
    ...differ(`${name}: failurePolicy`, [webhookConfiguration.failurePolicy], [gate ? 'Fail' : 'Ignore']),
    ...rules.flatMap((rule) => generatedProblems(`${name}/${rule.name}`, rule.generate?.foreach ?? [])),
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
          `${name}/${rule.name}: how it chooses by the label`,
          expressions.filter(({ key }) => key === backupLabel).map(({ operator }) => operator),
          relabel ? ['Exists'] : /other-label|conflict/.test(rule.name) ? ['Exists', 'NotIn'] : ['In'],
        ),
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

/** What is generated goes with its PVC, and the Secret keeps what the template does not name. */
function generatedProblems(name: string, made: readonly Generated[]): string[] {
  return made.flatMap(({ kind, data }, index) => [
    ...differ(
      `${name}: owners of ${kind} ${index}`,
      data.metadata?.ownerReferences?.map((owner) => `${owner['kind']} ${owner['name']} ${owner['uid']}`),
      ['PersistentVolumeClaim {{ request.object.metadata.name }} {{ request.object.metadata.uid }}'],
    ),
    ...(kind === 'ExternalSecret' ? differ(`${name}: mergePolicy`, [String(data.spec.target?.template?.mergePolicy)], ['Merge']) : []),
  ]);
}

export function deletingPolicyProblems({ metadata: { name }, spec }: KubeObject): string[] {
  const { resourceRules } = spec.matchConstraints as { resourceRules: { operations?: string[] }[] };
  // A clean-up belongs to no operation, but the kind demands them.
  return resourceRules.flatMap(({ operations }) => differ(`${name}: operations`, operations, ['*']));
}
