import type { Site } from '../../lib/site/schema';
import { type Invariant, problemsOf, same } from '../invariant';
import { type Data, type Tree, eachString } from '../tree';

export const specFile = 'infrastructure/controllers/kyverno/policies/volsync-pvc-backup-restore.yaml';
export const gateName = 'volsync-pvc-backup-restore';
export const generateName = 'volsync-pvc-backup-generate';
export const repairName = 'volsync-pvc-backup-repair';

export const gate = (tree: Tree): Data => tree.one('ClusterPolicy', gateName);
const relabelRule = (tree: Tree): Data => tree.one('ClusterPolicy', 'volsync-pvc-backup-relabel').spec.rules[0];
/** The generating policies carry a hash of what Kyverno would not let them change, so they are found by the start of their names. */
const starting = (tree: Tree, name: string): Data => {
  const found = tree.ofKind('ClusterPolicy').filter(({ metadata }) => metadata.name.startsWith(name));
  if (found.length !== 1) throw new Error(`the tree has ${found.length} policies ${name}…`);
  return found[0];
};
export const generate = (tree: Tree): Data => starting(tree, generateName);
export const repair = (tree: Tree): Data => starting(tree, repairName);
/** The platform's; what a person's own policies do is theirs. */
const policies = (tree: Tree): Data[] => tree.platform.ofKind('ClusterPolicy');
const rules = (tree: Tree): { policy: string; rule: Data }[] =>
  policies(tree).flatMap((policy) => policy.spec.rules.map((rule: Data) => ({ policy: policy.metadata.name, rule })));
const specRules = (tree: Tree): Data[] => tree.file(specFile).flatMap((policy) => policy.spec.rules);
export const ruleNamed = (policy: Data, name: string): Data => policy.spec.rules.find((rule: Data) => rule.name === name);
const kinds = (rule: Data): string[] => [...(rule.match.any ?? []), ...(rule.match.all ?? [])].flatMap((entry: Data) => entry.resources.kinds ?? []);

/** What a generating policy generates: the entries of its rule. */
export const entriesOf = (policy: Data): Data[] => policy.spec.rules.flatMap(({ generate: made }: Data) => made?.foreach ?? []);
/** The entry for a kind and, where there is one for each tier, for the tier. */
export const entryFor = (policy: Data, kind: string, label?: string): Data =>
  entriesOf(policy).find(
    (entry) => entry.kind === kind && (label === undefined || JSON.stringify(entry.preconditions?.all ?? []).includes(JSON.stringify([label]))),
  );

/** JMESPath of a policy: what stands between braces, and the queries that stand alone. */
export function queries(policy: Data): string[] {
  const found: string[] = [];
  eachString(policy.spec, (text, path) => {
    if (path.endsWith('.jmesPath')) found.push(text);
    for (const [, query] of text.matchAll(/\{\{((?:[^{}]|\{[^{}]*\})*)\}\}/g)) found.push(query!);
  });
  return found;
}

/** The refusals of the API server's policy. */
const denials = (tree: Tree): Data[] => tree.one('ValidatingAdmissionPolicy', 'volsync-pvc-backup-backstop').spec.validations;
/** The match conditions of the gate's webhook, where the site has them. */
export const conditions = (tree: Tree, { otherPvcPolicies, applicationPrefix }: Site): Data[] =>
  otherPvcPolicies
    ? gate(tree).spec.webhookConfiguration.matchConditions
    : tree.one('Application', `${applicationPrefix}kyverno`).spec.sources[0].helm.valuesObject.config.matchConditions;

/**
 * Queries that may stand inside of a longer text: what the API server has checked before Kyverno is called (the namespace of the request; names, by the
 * webhook's conditions), digits and hashes, and what other look-ups of the policy found.
 */
const checkedTexts = [
  /^request\.(object\.metadata\.)?(name|namespace)$/,
  /^request\.object\.spec\.dataSourceRef\.name$/,
  /^truncate\(sha256\(/,
  /^to_string\(modulo\(/,
  /^to_number\(/,
  /^left$/,
  /^random\(/,
];

/** What VolSync makes for itself is left out by these. */
const notOfVolsync = [
  { key: 'app.kubernetes.io/created-by', operator: 'NotIn', values: ['volsync'] },
  { key: 'volsync.backube/populator-pvc-for', operator: 'DoesNotExist' },
];

/** A list of CEL. */
const listed = (items: readonly string[]): string => `[${items.map((item) => `'${item}'`).join(', ')}]`;
const labelsOf = ({ tiers }: Site): string[] => tiers.map(({ label }) => label);

const withoutLiterals = (query: string): string => query.replaceAll(/'[^']*'|`[^`]*`|"[^"]*"/g, '_');

export const policyInvariants: readonly Invariant[] = [
  {
    name: 'trap 11: every rule of the description’s policy has operations: [CREATE], or a PVC could not be deleted',
    check: (tree) =>
      problemsOf(
        specRules(tree),
        (rule) => rule.match.any.some(({ resources }: Data) => JSON.stringify(resources.operations) !== '["CREATE"]'),
        (rule) => `rule ${rule.name} matches other operations`,
      ),
    mutate: (tree) => gate(tree).spec.rules[0].match.any[0].resources.operations.push('UPDATE'),
  },
  {
    name: 'the gate refuses when Kyverno fails',
    check: (tree) => same(gate(tree).spec.webhookConfiguration.failurePolicy, 'Fail', 'failurePolicy of the gate'),
    mutate: (tree) => (gate(tree).spec.webhookConfiguration.failurePolicy = 'Ignore'),
  },
  {
    name: 'trap 41: policies that generate never hold up other ExternalSecrets when Kyverno fails',
    check: (tree) =>
      problemsOf(
        policies(tree),
        (policy) =>
          policy.spec.rules.some((rule: Data) => rule.generate !== undefined) && policy.spec.webhookConfiguration?.failurePolicy !== 'Ignore',
        (policy) => `${policy.metadata.name} generates, but does not have failurePolicy Ignore`,
      ),
    mutate: (tree) => (generate(tree).spec.webhookConfiguration.failurePolicy = 'Fail'),
  },
  {
    name: 'trap 5: Kyverno refuses nothing about PVCs of applications; the API server does, whether Kyverno is there or not',
    check: (tree) =>
      problemsOf(
        gate(tree).spec.rules,
        (rule: Data) => rule.validate !== undefined,
        (rule: Data) => `rule ${rule.name} refuses in Kyverno`,
      ),
    mutate: (tree) =>
      gate(tree).spec.rules.push({ name: 'refuse', match: gate(tree).spec.rules[0].match, exclude: gate(tree).spec.rules[0].exclude, validate: {} }),
  },
  {
    name: 'every refusal says what to do',
    check: (tree) =>
      problemsOf(
        denials(tree),
        ({ messageExpression }) => !/\b(Set|set|Remove|remove|Change|Write|write|Correct|retries)\b/.test(messageExpression),
        ({ messageExpression }) => `a refusal lacks a remedy: ${messageExpression}`,
      ),
    mutate: (tree) => (denials(tree)[0].messageExpression = '"no"'),
  },
  {
    name: 'trap 4: without an answer the decision is unknown, and the PVC waits for a restore that nobody makes',
    check: (tree) => {
      const ask = ruleNamed(gate(tree), 'ask-pvc-plumber').context.find((entry: Data) => entry.apiCall !== undefined).apiCall;
      const hold = ruleNamed(gate(tree), 'hold-undecided');
      return [
        ...same([ask.default.decision, ask.default.authoritative, ask.default.exists], ['unknown', false, false], 'the default answer'),
        ...same(hold?.preconditions.all[0].value, ['unknown', 'wait', 'foreign', 'exists'], 'the decisions that hold a PVC'),
        ...same(Object.keys(hold?.mutate.patchStrategicMerge.spec ?? {}), ['dataSource', 'dataSourceRef'], 'what holds it'),
      ];
    },
    mutate: (tree) => ruleNamed(gate(tree), 'hold-undecided').preconditions.all[0].value.shift(),
  },
  {
    name: 'trap 8: pvc-plumber is asked in exactly one place for each request, so that two answers can’t disagree',
    check: (tree) =>
      same(
        rules(tree).flatMap(({ rule }) =>
          (rule.context ?? [])
            .filter((entry: Data) => entry.apiCall?.service !== undefined)
            .map(() => {
              const [{ resources }] = rule.match.any;
              return `${rule.name}: ${resources.operations} ${resources.selector.matchExpressions[0].operator}`;
            }),
        ),
        ['decide-about-label: UPDATE Exists', 'ask-pvc-plumber: CREATE In', 'ask-about-other-label: CREATE Exists'],
        'rules that ask',
      ),
    mutate: (tree) => {
      const [check] = ruleNamed(gate(tree), 'ask-pvc-plumber').context;
      ruleNamed(gate(tree), 'skip-restore').context = [structuredClone(check)];
    },
  },
  {
    name: 'trap 7: JMESPath has no bare true or false, which would be field names and yield null',
    check: (tree) =>
      problemsOf(
        policies(tree).flatMap(queries),
        (query) => /(^|[^\w.])(true|false)\b/.test(withoutLiterals(query)),
        (query) => `bare literal in ${query}`,
      ),
    mutate: (tree) => {
      const asked = ruleNamed(gate(tree), 'ask-pvc-plumber').context.find((entry: Data) => entry.name === 'asked').variable;
      asked.jmesPath = asked.jmesPath.replaceAll('`true`', 'true');
    },
  },
  {
    name: 'JMESPath negates only what stands in parentheses; in front of a path ! would bind to its first part',
    check: (tree) =>
      problemsOf(
        policies(tree).flatMap(queries),
        (query) => /!(?![=(])/.test(withoutLiterals(query)),
        (query) => `bare negation in ${query}`,
      ),
    mutate: (tree) => {
      ruleNamed(gate(tree), 'hold-undecided').preconditions.all[0].key = '{{ !request.object.spec.volumeName }}';
    },
  },
  {
    name: 'trap 12: nothing synchronizes, mutates in the background or scans, which has overloaded API servers',
    check: (tree) => [
      ...problemsOf(
        policies(tree),
        (policy) => policy.spec.background !== false || policy.spec.mutateExistingOnPolicyUpdate === true,
        ({ metadata }) => `${metadata.name} works in the background`,
      ),
      ...problemsOf(
        rules(tree),
        ({ rule }) => rule.generate !== undefined && rule.generate.synchronize !== false,
        ({ rule }) => `rule ${rule.name} synchronizes`,
      ),
    ],
    mutate: (tree) => (generate(tree).spec.rules[0].generate.synchronize = true),
  },
  {
    name: 'trap 33: no policy touches the Jobs of VolSync; changed Jobs are deleted and made again for ever',
    check: (tree) =>
      problemsOf(
        rules(tree),
        ({ rule }) => !kinds(rule).every((kind) => kind === 'PersistentVolumeClaim' || kind === 'Pod'),
        ({ rule }) => `rule ${rule.name} matches ${kinds(rule).join(', ')}`,
      ),
    mutate: (tree) => repair(tree).spec.rules[0].match.any.push({ resources: { kinds: ['Job'] } }),
  },
  {
    name: 'trap 36: a PVC with a source of its own is never changed, and refused where a backup exists',
    check: (tree) => {
      const guarded = (name: string): boolean =>
        ruleNamed(gate(tree), name).preconditions.all.some(
          ({ key }: Data) => key.includes('!(request.object.spec.dataSourceRef)') && key.includes('!(request.object.spec.dataSource)'),
        );
      return [
        ...problemsOf(
          ['restore-from-backup', 'hold-undecided'],
          (name) => !guarded(name),
          (name) => `${name} does not look for a foreign source`,
        ),
        ...(denials(tree).some(({ expression }) => expression.includes(`!(object.spec.?dataSourceRef.?kind.orValue('') == 'ReplicationDestination'`))
          ? []
          : ['nothing refuses a foreign source']),
      ];
    },
    mutate: (tree) => ruleNamed(gate(tree), 'restore-from-backup').preconditions.all.pop(),
  },
  {
    name: 'trap 31: skip-restore needs a reason',
    check: (tree) =>
      denials(tree).some(({ expression }) => expression.includes('volsync.backup/skip-restore-reason')) ? [] : ['nobody asks for the reason'],
    mutate: (tree) =>
      denials(tree).splice(
        denials(tree).findIndex(({ expression }) => expression.includes('volsync.backup/skip-restore-reason')),
        1,
      ),
  },
  {
    name: 'trap 16: names that can’t be restored are refused at creation: longer than a label value, or generated',
    check: (tree) =>
      problemsOf(
        ['size(object.metadata.name) > 63', `!(object.metadata.?generateName.orValue('') == '')`],
        (part) => !denials(tree).some(({ expression }) => expression.includes(part)),
        (part) => `nothing asks for ${part}`,
      ),
    mutate: (tree) => denials(tree).shift(),
  },
  {
    name: 'a decision in the manifest is overwritten, never kept',
    check: (tree) => {
      const writing = gate(tree).spec.rules.flatMap((rule: Data) => Object.keys(rule.mutate?.patchStrategicMerge?.metadata?.annotations ?? {}));
      return [
        ...(writing.includes('volsync.backup/decision') ? [] : ['nobody writes the decision']),
        ...problemsOf(
          writing,
          (key: string) => key.startsWith('+('),
          (key) => `${key} keeps a spoofed one`,
        ),
      ];
    },
    mutate: (tree) => {
      const patch = ruleNamed(gate(tree), 'ask-pvc-plumber').mutate.patchStrategicMerge.metadata;
      patch.annotations = Object.fromEntries(
        Object.entries(patch.annotations).map(([key, value]) => [key.endsWith('/decision') ? `+(${key})` : key, value]),
      );
    },
  },
  {
    name: 'the API server sends Kyverno only PVCs with the label outside the excluded namespaces, not VolSync’s own, and no name that is an expression',
    check: (tree, site) => {
      const text = conditions(tree, site)
        .map(({ expression }: Data) => expression)
        .join(' ; ');
      return problemsOf(
        [
          `request.operation`,
          `object.metadata.?name.orValue('').matches('^[a-z0-9.-]*$')`,
          `'backup' in object.metadata`,
          `== 'volsync'`,
          'request.namespace in [',
        ],
        (part) => !text.includes(part),
        (part) => `the conditions of the webhook lack ${part}`,
      );
    },
    mutate: (tree, site) => {
      for (const condition of conditions(tree, site)) condition.expression = condition.expression.replace('^[a-z0-9.-]*$', '.*');
    },
  },
  {
    name: 'a PVC’s name is checked before it enters a longer text, which Kyverno evaluates once more; nothing else of a person’s does',
    check: (tree) => {
      const problems: string[] = [];
      for (const policy of policies(tree)) {
        eachString(policy.spec, (text, path) => {
          for (const [whole, query] of text.matchAll(/\{\{((?:[^{}]|\{[^{}]*\})*)\}\}/g))
            if (whole !== text && !checkedTexts.some((allowed) => allowed.test(query!.trim())))
              problems.push(`${policy.metadata.name}${path}: ${whole} in "${text}"`);
        });
      }
      return problems;
    },
    mutate: (tree) => (ruleNamed(gate(tree), 'ask-pvc-plumber').context[0].apiCall.service.url += '/{{ request.object.spec.storageClassName }}'),
  },
  {
    name: 'trap 13: one list of excluded namespaces in gate, generation, repair, webhook selector and admission policy',
    check: excludedNamespaces,
    mutate: (tree) =>
      tree
        .one('Application', 'kyverno')
        .spec.sources[0].helm.valuesObject.config.webhooks.namespaceSelector.matchExpressions[0].values.push('longhorn-system'),
  },
  {
    name: 'trap 11: the repair leaves creations and deletions alone, and PVCs that are being deleted',
    check: (tree) =>
      repair(tree).spec.rules.flatMap((rule: Data) => [
        ...(rule.generate === undefined && rule.mutate === undefined ? [`rule ${rule.name} does neither generate nor mutate`] : []),
        ...problemsOf(
          ['CREATE', 'DELETE', 'CONNECT'],
          (operation) => !JSON.stringify(rule.exclude ?? '').includes(operation) && !onlyUpdates(rule),
          (operation) => `rule ${rule.name} handles ${operation}`,
        ),
        ...(JSON.stringify(rule.preconditions ?? '').includes('deletionTimestamp') ? [] : [`rule ${rule.name} revives the children of a dying PVC`]),
      ]),
    mutate: (tree) => repair(tree).spec.rules[0].preconditions.all.shift(),
  },
  {
    name: 'trap 40: generate rules exclude by match; their exclude could never be changed again',
    check: (tree) =>
      problemsOf(
        rules(tree).filter(({ rule }) => rule.generate !== undefined),
        ({ rule }) =>
          (rule.exclude?.any ?? []).some(({ resources }: Data) => resources.namespaces !== undefined || resources.namespaceSelector !== undefined),
        ({ policy, rule }) => `${policy}/${rule.name} has namespaces in exclude`,
      ),
    mutate: (tree) => (generate(tree).spec.rules[0].exclude = { any: [{ resources: { namespaces: ['x'] } }] }),
  },
  {
    name: 'trap 37: a label that no tier knows is warned about, by the API server itself',
    check: (tree, site) => {
      const [policy] = tree.ofKind('ValidatingAdmissionPolicy').filter(({ metadata }) => metadata.name === 'volsync-pvc-backup-label');
      return policy === undefined || !JSON.stringify(policy.spec.validations).includes(`in ${listed(labelsOf(site))}`) ? ['nobody warns'] : [];
    },
    mutate: (tree) => tree.one('ValidatingAdmissionPolicy', 'volsync-pvc-backup-label').spec.validations.shift(),
  },
  {
    name: 'what VolSync makes for itself is never backed up, whatever labels it gets: copies of copies would end every backup',
    check: (tree) =>
      problemsOf(
        rules(tree).filter(({ policy }) => /-(restore|relabel|generate-\w+|repair-\w+|follow)$/.test(policy)),
        ({ rule }) =>
          notOfVolsync.some((each) => !JSON.stringify(rule.match.any[0].resources.selector.matchExpressions).includes(JSON.stringify(each))),
        ({ policy, rule }) => `${policy}/${rule.name} is about what VolSync makes for itself`,
      ),
    mutate: (tree) => repair(tree).spec.rules[0].match.any[0].resources.selector.matchExpressions.pop(),
  },
  {
    name: 'a tier’s label is set on an existing PVC only when the gate decided in that very change',
    check: (tree) => {
      const policy = tree.one('ValidatingAdmissionPolicy', 'volsync-pvc-backup-relabel').spec;
      return [
        ...same(
          [policy.failurePolicy, tree.one('ValidatingAdmissionPolicyBinding', 'volsync-pvc-backup-relabel').spec.validationActions],
          ['Fail', ['Deny']],
          'how it refuses',
        ),
        ...same(policy.matchConstraints.objectSelector.matchExpressions[0], { key: 'backup', operator: 'Exists' }, 'its selector'),
        ...problemsOf(
          ['decided-at-version', `== 'unknown'`, `== 'conflict'`, `== 'foreign'`],
          (part) => !policy.validations.some(({ expression }: Data) => expression.includes(part)),
          (part) => `no validation with ${part}`,
        ),
      ];
    },
    mutate: (tree) => {
      const { spec } = tree.one('ValidatingAdmissionPolicy', 'volsync-pvc-backup-relabel');
      spec.validations = spec.validations.filter(({ expression }: Data) => !expression.includes('decided-at-version'));
    },
  },
  {
    name: 'trap 37: a label that no tier has is refused over a backup, and one that looks like a tier also in a doubt',
    check: (tree) => {
      const policy = tree.one('ValidatingAdmissionPolicy', 'volsync-pvc-backup-other-label').spec;
      return [
        ...same(
          [policy.failurePolicy, tree.one('ValidatingAdmissionPolicyBinding', 'volsync-pvc-backup-other-label').spec.validationActions],
          ['Fail', ['Deny']],
          'how it refuses',
        ),
        ...problemsOf(
          [`== 'conflict'`, `variables.nearTier && (!(`],
          (part) => !policy.validations.some(({ expression }: Data) => expression.includes(part)),
          (part) => `no validation with ${part}`,
        ),
      ];
    },
    mutate: (tree) => tree.one('ValidatingAdmissionPolicy', 'volsync-pvc-backup-other-label').spec.validations.shift(),
  },
  {
    name: 'the API server itself denies what the gate did not decide',
    check: (tree, site) => {
      const policy = tree.one('ValidatingAdmissionPolicy', 'volsync-pvc-backup-backstop').spec;
      const binding = tree.one('ValidatingAdmissionPolicyBinding', 'volsync-pvc-backup-backstop').spec;
      return [
        ...same(
          [policy.failurePolicy, binding.policyName, binding.validationActions],
          ['Fail', 'volsync-pvc-backup-backstop', ['Deny']],
          'the admission policy',
        ),
        ...same(
          policy.matchConstraints.resourceRules.map((rule: Data) => [rule.operations, rule.resources]),
          [[['CREATE'], ['persistentvolumeclaims']]],
          'its operations',
        ),
        ...same(
          policy.matchConstraints.objectSelector.matchExpressions,
          [{ key: 'backup', operator: 'In', values: labelsOf(site) }, ...notOfVolsync],
          'its selector',
        ),
        ...problemsOf(
          [
            `in ['fresh', 'restore', 'skipped', 'exists', 'unknown', 'wait', 'foreign']`,
            `== 'unknown'`,
            `== 'wait'`,
            'object.metadata.creationTimestamp',
            `== 'restore' && (`,
            `== 'exists' && !(`,
          ],
          (part) => !policy.validations.some(({ expression }: Data) => expression.includes(part)),
          (part) => `no validation with ${part}`,
        ),
      ];
    },
    mutate: (tree) => (tree.one('ValidatingAdmissionPolicyBinding', 'volsync-pvc-backup-backstop').spec.validationActions = ['Audit']),
  },
  {
    name: 'the image of a restore is admitted only with the word of the mover that something was restored',
    check: (tree) => {
      const { failurePolicy, matchConstraints, validations } = tree.one('ValidatingAdmissionPolicy', 'volsync-pvc-backup-restore-proof').spec;
      return [
        ...same(
          [failurePolicy, tree.one('ValidatingAdmissionPolicyBinding', 'volsync-pvc-backup-restore-proof').spec.validationActions],
          ['Fail', ['Deny']],
          'how it refuses',
        ),
        ...same(
          matchConstraints.resourceRules.map(({ operations, resources }: Data) => [operations, resources]),
          [[['UPDATE'], ['replicationdestinations/status']]],
          'what it looks at',
        ),
        ...problemsOf(
          [`object.metadata.name.matches('-restore-[a-z0-9]{8}$')`, `.contains('Snapshot restore completed and checked')`],
          (part) => !validations[0].expression.includes(part),
          (part) => `it does not ask for ${part}`,
        ),
      ];
    },
    mutate: (tree) => (tree.one('ValidatingAdmissionPolicyBinding', 'volsync-pvc-backup-restore-proof').spec.validationActions = ['Audit']),
  },
  {
    name: 'the snapshot of a restore is cut only after the word of the mover: VolSync would take an empty one after the next run',
    check: (tree) => {
      const { failurePolicy, matchConstraints, paramKind, validations } = tree.one(
        'ValidatingAdmissionPolicy',
        'volsync-pvc-backup-restore-image',
      ).spec;
      const { paramRef, validationActions } = tree.one('ValidatingAdmissionPolicyBinding', 'volsync-pvc-backup-restore-image').spec;
      return [
        ...same([failurePolicy, validationActions, paramKind.kind], ['Fail', ['Deny'], 'ReplicationDestination'], 'how it refuses'),
        ...same(matchConstraints.resourceRules[0].resources, ['volumesnapshots'], 'what it looks at'),
        // Backups have snapshots too, and a namespace without a restore has no parameter.
        ...same(paramRef.parameterNotFoundAction, 'Allow', 'what happens without a restore'),
        ...problemsOf(
          ['owner.uid == params.metadata.uid', `.contains('Snapshot restore completed and checked')`],
          (part) => !validations[0].expression.includes(part),
          (part) => `it does not ask for ${part}`,
        ),
      ];
    },
    mutate: (tree) => (tree.one('ValidatingAdmissionPolicyBinding', 'volsync-pvc-backup-restore-image').spec.validationActions = ['Audit']),
  },
];

function onlyUpdates(rule: Data): boolean {
  return rule.match.any.every(({ resources }: Data) => JSON.stringify(resources.operations) === '["UPDATE"]');
}

function excludedNamespaces(tree: Tree, site: Site): string[] {
  const expected = site.excludedNamespaces;
  const notIn = (selector: Data): string[] =>
    selector?.matchExpressions?.flatMap(({ operator, values }: Data) => (operator === 'NotIn' ? values : [])) ?? [];
  const found: [string, string[]][] = [
    ...gate(tree).spec.rules.map((rule: Data) => [`gate/${rule.name}`, rule.exclude.any.flatMap(({ resources }: Data) => resources.namespaces)]),
    ...[...generate(tree).spec.rules, ...repair(tree).spec.rules].map((rule: Data) => [
      `rule ${rule.name}`,
      notIn(rule.match.any[0].resources.namespaceSelector),
    ]),
    ...(site.kyverno.install
      ? [
          [
            'webhook selector',
            notIn(tree.one('Application', `${site.applicationPrefix}kyverno`).spec.sources[0].helm.valuesObject.config.webhooks.namespaceSelector),
          ] as [string, string[]],
        ]
      : []),
    ...['relabel', 'other-label'].map((name): [string, string[]] => [
      name,
      notIn(tree.one('ValidatingAdmissionPolicy', `volsync-pvc-backup-${name}`).spec.matchConstraints.namespaceSelector),
    ]),
    ['relabel/decide-about-label', relabelRule(tree).exclude.any[0].resources.namespaces],
    ['backstop', notIn(tree.one('ValidatingAdmissionPolicy', 'volsync-pvc-backup-backstop').spec.matchConstraints.namespaceSelector)],
    ['matchConditions', [...(outsideCondition(tree, site)?.matchAll(/'([^']*)'/g) ?? [])].map(([, name]) => name!)],
  ];
  return found.flatMap(([where, list]) => same(list, expected, `the exclusion in ${where}`));
}

/** The condition that keeps the excluded namespaces from Kyverno. */
function outsideCondition(tree: Tree, site: Site): string | undefined {
  return conditions(tree, site)
    .map(({ expression }: Data) => /request\.namespace in (\[[^\]]*\])/.exec(expression)?.[1])
    .find((list: string | undefined) => list !== undefined);
}
