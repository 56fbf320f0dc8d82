import { type Invariant, problemsOf, same } from '../invariant';
import type { Data, Tree } from '../tree';
import { conditions, entriesOf, entryFor, generate, repair, ruleNamed } from './policy-invariants';

const mover = (tree: Tree): Data => tree.one('ClusterPolicy', 'volsync-pvc-backup-mover');
const restoreSize = (tree: Tree): Data => tree.one('ClusterPolicy', 'volsync-pvc-backup-restore-size');
const populator = `'volsync.backube/populator-pvc-for' in object.metadata.?labels`;
const admission = (tree: Tree, name: string): Data => tree.one('ValidatingAdmissionPolicy', name).spec;

/** Generated ReplicationSources and ReplicationDestinations, with the rule that makes them. */
const movers = (tree: Tree): { where: string; kind: string; kopia: Data }[] =>
  [generate(tree), repair(tree)].flatMap((policy) =>
    entriesOf(policy)
      .filter(({ data }) => data.spec?.kopia !== undefined)
      .map(({ kind, data }) => ({ where: `${policy.metadata.name}/${kind}`, kind, kopia: data.spec.kopia })),
  );
const destination = (policy: Data): Data => entryFor(policy, 'ReplicationDestination').data.spec.kopia;

export const moverInvariants: readonly Invariant[] = [
  {
    name: 'a restore runs once: a destination with cache limits is run again when it is done, and file deletion empties the volume first',
    check: (tree) =>
      movers(tree)
        .filter(({ kind }) => kind === 'ReplicationDestination')
        .flatMap(({ where, kopia }) =>
          problemsOf(
            ['cacheCapacity', 'metadataCacheSizeLimitMB', 'contentCacheSizeLimitMB', 'enableFileDeletion'],
            (field) => kopia[field] !== undefined,
            (field) => `${where} has ${field}`,
          ),
        ),
    mutate: (tree) => [generate(tree), repair(tree)].forEach((policy) => (destination(policy).cacheCapacity = '2Gi')),
  },
  {
    name: 'every mover of ours carries the label that the mover policy acts on',
    check: (tree) =>
      movers(tree).flatMap(({ where, kind, kopia }) =>
        same(kopia.moverPodLabels?.['volsync.backup/mover'], kind === 'ReplicationSource' ? 'backup' : 'restore', `${where}: volsync.backup/mover`),
      ),
    mutate: (tree) => [generate(tree), repair(tree)].forEach((policy) => delete destination(policy).moverPodLabels),
  },
  {
    name: 'a mover Pod is made only with the script, which Kyverno puts in and the API server looks for',
    check: (tree) => {
      const [first] = mover(tree).spec.rules;
      const [container] = first.mutate.patchStrategicMerge.spec.containers;
      const policy = admission(tree, 'volsync-pvc-backup-mover');
      return [
        ...same(mover(tree).spec.webhookConfiguration.failurePolicy, 'Fail', 'what happens without Kyverno'),
        ...same(
          [container.name, container.command[0], container.command[1], container.command[3]],
          ['kopia', '/bin/bash', '-c', '/mover-kopia/entry.sh'],
          'what the script stands around',
        ),
        ...same(
          [policy.matchConstraints.resourceRules[0].resources, policy.matchConstraints.objectSelector.matchExpressions],
          [['pods'], [{ key: 'volsync.backup/mover', operator: 'Exists' }]],
          'which Pods the API server looks at',
        ),
        ...problemsOf(
          [`container.command[0] == '/bin/bash'`, `container.command[3] == '/mover-kopia/entry.sh'`],
          (part) => !policy.validations[0].expression.includes(part),
          (part) => `the API server does not ask for ${part}`,
        ),
      ];
    },
    mutate: (tree) => (mover(tree).spec.rules[0].mutate.patchStrategicMerge.spec.containers[0].name = 'mover'),
  },
  {
    name: 'the script of the movers holds nothing that Kubernetes or Kyverno would read as a variable',
    check: (tree) =>
      problemsOf(
        ['$(', '{{', '}}'],
        (sign) => mover(tree).spec.rules[0].mutate.patchStrategicMerge.spec.containers[0].command[2].includes(sign),
        (sign) => `it has ${sign}`,
      ),
    mutate: (tree) => (mover(tree).spec.rules[0].mutate.patchStrategicMerge.spec.containers[0].command[2] += 'echo $(date)'),
  },
  {
    name: 'the policies on movers and their claims meet no Pod and no claim of anybody else',
    check: (tree, site) =>
      [
        [mover(tree), mover(tree).spec.webhookConfiguration.matchConditions, `'volsync.backup/mover' in object.metadata.?labels`],
        [restoreSize(tree), site.otherPvcPolicies ? restoreSize(tree).spec.webhookConfiguration.matchConditions : conditions(tree, site), populator],
      ].flatMap(([policy, asked, condition]) => [
        ...problemsOf(
          [condition],
          (part) => !JSON.stringify(asked ?? '').includes(part),
          (part) => `${policy.metadata.name} does not ask for ${part}`,
        ),
        ...problemsOf(
          policy.spec.rules,
          (rule: Data) => rule.match.any.some(({ resources }: Data) => resources.selector === undefined || String(resources.operations) !== 'CREATE'),
          (rule: Data) => `${policy.metadata.name}/${rule.name} matches more`,
        ),
      ]),
    mutate: (tree) => mover(tree).spec.webhookConfiguration.matchConditions.pop(),
  },
  {
    name: 'movers run as root only where Pod Security permits it, and with no capability beyond "baseline"',
    check: (tree) =>
      mover(tree)
        .spec.rules.filter(({ mutate }: Data) => mutate.patchesJson6902 !== undefined)
        .flatMap((rule: Data) => [
          ...same(
            rule.match.any[0].resources.namespaceSelector?.matchExpressions,
            [{ key: 'pod-security.kubernetes.io/enforce', operator: 'NotIn', values: ['restricted'] }],
            `${rule.name}: the namespaces`,
          ),
          ...problemsOf(
            rule.mutate.patchesJson6902.match(/(?<=- )[A-Z_]{4,}/g) ?? [],
            (capability: string) => !['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID'].includes(capability),
            (capability: string) => `${rule.name} adds ${capability}`,
          ),
        ]),
    mutate: (tree) => delete ruleNamed(mover(tree), 'keep-owners-restore').match.any[0].resources.namespaceSelector,
  },
  {
    name: 'an older backup is restored only for a while: the line in Git must not bring it back on the next cluster',
    check: (tree) => {
      const { validations } = admission(tree, 'volsync-pvc-backup-backstop');
      return problemsOf(
        [
          `duration('168h')`,
          `timestamp(object.metadata.?annotations[?'volsync.backup/restore-expires'].orValue('')) <= timestamp(object.metadata.creationTimestamp)`,
        ],
        (part) => !validations.some(({ expression }: Data) => expression.includes(part)),
        (part) => `no validation with ${part}`,
      );
    },
    mutate: (tree) => {
      const policy = admission(tree, 'volsync-pvc-backup-backstop');
      policy.validations = policy.validations.filter(
        ({ expression }: Data) => !expression.includes('restore-expires') || expression.includes('168h'),
      );
    },
  },
];
