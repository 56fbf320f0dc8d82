import { buildTree, type SiteValues } from '../../lib';
import { annotation, backupLabel, explainQuery, plumber } from '../../lib/model/naming';
import { backstopPolicy, gatePolicy, generatePolicy, optInPolicy, otherLabelPolicy } from '../../lib/model/policy-names';
import { madeByVolsync, populatorLabel } from '../../lib/model/volsync-labels';
import type { DenialId } from '../../lib/admission/denials';
import { homelab } from '../../examples/homelab/site';
import { type Data, Tree } from '../../verify/tree';
import { admissionPolicies, withSystemFields } from '../support/admission/api-server';
import { KyvernoPolicy } from '../support/admission/kyverno';
import { denialPattern } from '../support/denial-pattern';
import { pvc, type PvcOptions } from '../support/pvc';
import { variants } from '../support/variants';
import { kyvernoConditionsOf, now } from './play';

const { values: site } = variants['PVCs that are named in place of a label'];

/** A creation, and what the world around it says. */
interface World {
  readonly namespace?: string;
  readonly name?: string;
  readonly options?: PvcOptions;
  /** Decision of pvc-plumber; undefined where it does not answer. */
  readonly says?: 'restore' | 'fresh';
  /** `gone`: uninstalled, or without its webhook, so that nobody is asked. */
  readonly kyverno?: 'gone';
}

interface Outcome {
  readonly asked: boolean;
  readonly label: string | undefined;
  readonly decision: string | undefined;
  readonly source: string | undefined;
  /** What is said first by each policy that refuses. */
  readonly refused: readonly string[];
  /** Kinds that are generated for it. */
  readonly made: readonly string[];
}

/** Plays the creation of a PVC without the label. */
function create(tree: Tree, { namespace = 'media', name = 'data-db', options = {}, says, kyverno }: World): Outcome {
  const object: Data = pvc(namespace, name, { backup: null, ...options });
  const around = {
    now,
    service: (url: string): Data =>
      says === undefined || url !== `${plumber.url}/exists/${namespace}/${name}?${explainQuery}`
        ? undefined
        : { exists: says === 'restore', keyCount: 1, decision: says, authoritative: true, namespace, pvc: name, reason: 'proven' },
    api: (): Data => ({ items: [] }),
  };
  const gate = new KyvernoPolicy(tree.one('ClusterPolicy', gatePolicy), around, kyvernoConditionsOf(tree));
  const request = { operation: 'CREATE' as const, object };
  const asked = kyverno !== 'gone' && gate.isSent(request);
  const stored = withSystemFields(asked ? gate.mutated(request) : object, now);
  const { refusals } = admissionPolicies(tree, 'persistentvolumeclaims', { operation: 'CREATE', object: stored });
  const generating = tree.ofKind('ClusterPolicy').find(({ metadata }) => metadata.name.startsWith(generatePolicy));
  const made = kyverno === 'gone' ? [] : new KyvernoPolicy(generating, around).generated({ operation: 'CREATE', object: stored });
  return {
    asked,
    label: stored.metadata.labels?.[backupLabel],
    decision: stored.metadata.annotations?.[annotation.decision],
    source: stored.spec.dataSourceRef?.name,
    refused: refusals,
    made: made.map(({ kind }) => kind).toSorted(),
  };
}

const always = ['ExternalSecret', 'KopiaMaintenance', 'ReplicationSource'];
const refusedAs = (id: DenialId): unknown => [expect.stringMatching(denialPattern(id))];

/** Where Kyverno's ConfigMap is the tree's, and where its conditions stand in the policies. */
describe.each([false, true])('a PVC that the site names, without a label (otherPvcPolicies: %s)', (otherPvcPolicies) => {
  const tree = Tree.of({ ...site, otherPvcPolicies });

  test('without a backup: it gets the label and all that a labelled PVC gets', () => {
    expect(create(tree, { says: 'fresh' })).toEqual({ asked: true, label: 'daily', decision: 'fresh', source: undefined, refused: [], made: always });
    expect(create(tree, { says: 'fresh', name: 'index-0' })).toMatchObject({ label: 'hourly', made: always });
    expect(create(tree, { says: 'fresh', name: 'cache.db' })).toMatchObject({ label: 'daily', made: always });
    expect(create(tree, { says: 'fresh', namespace: 'queue', name: 'anything' })).toMatchObject({ label: 'daily', made: always });
  });

  test('with a backup: it is restored', () => {
    const { source, ...outcome } = create(tree, { says: 'restore' });
    expect(source).toMatch(/^data-db-restore-[a-z0-9]{8}$/);
    expect(outcome).toMatchObject({ label: 'daily', decision: 'restore', refused: [], made: [...always, 'ReplicationDestination'].toSorted() });
  });

  test('in a doubt it is refused, and where the policy that refuses is taken away it waits for a restore that nobody makes', () => {
    expect(create(tree, {})).toMatchObject({ decision: 'unknown', source: 'data-db-restore-undecided', refused: refusedAs('unknown'), made: [] });
  });

  test('Kyverno is gone, or its webhook: refused', () => {
    for (const name of ['data-db', 'index-0', 'cache.db'])
      expect(create(tree, { name, kyverno: 'gone' })).toMatchObject({ refused: refusedAs('optInWithoutLabel') });
    expect(create(tree, { namespace: 'queue', name: 'anything', kyverno: 'gone' })).toMatchObject({ refused: refusedAs('optInWithoutLabel') });
  });

  test.each([
    ['another name', { name: 'scratch' }],
    ['the same name in another namespace', { namespace: 'app' }],
    ['a name that only holds the pattern', { name: 'my-data-db' }],
    ['a dot of a name is a dot', { name: 'cachexdb' }],
  ])('%s: left alone, with Kyverno and without', (_, world) => {
    for (const kyverno of [undefined, 'gone' as const])
      expect(create(tree, { ...world, ...(kyverno === undefined ? {} : { kyverno }) })).toEqual({
        asked: false,
        label: undefined,
        decision: undefined,
        source: undefined,
        refused: [],
        made: [],
      });
  });

  test('the label of a tier that it brings along is its own', () => {
    expect(create(tree, { says: 'fresh', options: { backup: 'hourly' } })).toMatchObject({ label: 'hourly', refused: [], made: always });
  });

  test.each(['velero', 'Daily', ''])('a label of no tier (%j) is refused: it would not be backed up, and the site says that it is', (backup) => {
    const { refused, label } = create(tree, { says: 'fresh', options: { backup } });
    expect(refused).toEqual(expect.arrayContaining([expect.stringMatching(denialPattern('optInOtherLabel'))]));
    expect(label).toBe(backup);
  });

  test('generateName: there is no name to look for a backup of, so it is refused, and Kyverno is not asked', () => {
    const options = { metadata: { name: undefined, generateName: 'data-' } };
    const outcome = create(tree, { says: 'fresh', options });
    expect(outcome.asked).toBe(false);
    expect(outcome.refused).toContainEqual(expect.stringMatching(denialPattern('optInGeneratedName')));
    expect(create(tree, { says: 'fresh', namespace: 'queue', options }).refused).toContainEqual(
      expect.stringMatching(denialPattern('optInGeneratedName')),
    );
    // Another one is nobody's business.
    expect(create(tree, { options: { metadata: { name: undefined, generateName: 'tmp-' } } })).toMatchObject({ asked: false, refused: [] });
  });

  test('what VolSync makes for itself is never opted in', () => {
    for (const labels of [{ [madeByVolsync.key]: madeByVolsync.value }, { [populatorLabel]: 'x' }])
      for (const kyverno of [undefined, 'gone' as const])
        expect(
          create(tree, {
            namespace: 'queue',
            name: 'volsync-data-backup-src',
            options: { metadata: { labels } },
            ...(kyverno === undefined ? {} : { kyverno }),
          }),
        ).toMatchObject({ asked: false, label: undefined, refused: [], made: [] });
  });

  test('a name that is an expression never reaches Kyverno', () => {
    for (const name of ['data-{{request.object.metadata.name}}', '{{request.object.metadata.name}}', 'data-A'])
      for (const namespace of ['media', 'queue']) expect(create(tree, { namespace, name }).asked).toBe(false);
  });

  test('a second call of the webhook, after another webhook changed the PVC, asks again and keeps label and decision', () => {
    const options = { backup: 'daily', annotations: { [annotation.decision]: 'fresh', [annotation.decidedFor]: 'media/data-db' } };
    expect(create(tree, { says: 'fresh', options })).toMatchObject({ asked: true, label: 'daily', decision: 'fresh', refused: [] });
  });
});

test('the label is given before any other rule of the gate looks', () => {
  const names = Tree.of(site)
    .one('ClusterPolicy', gatePolicy)
    .spec.rules.map(({ name }: Data) => name);
  expect(names.slice(0, 3)).toEqual(['opt-in-daily', 'opt-in-hourly', 'skip-restore']);
});

test('the policy that refuses fails closed, about creations only', () => {
  const tree = Tree.of(site);
  const { failurePolicy, matchConstraints } = tree.one('ValidatingAdmissionPolicy', optInPolicy).spec;
  expect([failurePolicy, tree.one('ValidatingAdmissionPolicyBinding', optInPolicy).spec.validationActions]).toEqual(['Fail', ['Deny']]);
  expect(matchConstraints.resourceRules.map(({ operations }: Data) => operations)).toEqual([['CREATE']]);
});

test('a site that names no PVC renders what it rendered before', () => {
  const texts = (values: SiteValues): string => [...buildTree(values).render().values()].map(({ text }) => text).join('\n');
  expect(texts({ ...homelab, optIn: [] })).toBe(texts(homelab));
  expect(texts(homelab)).not.toContain('opt-in');
  for (const policy of [backstopPolicy, otherLabelPolicy])
    expect(Tree.of(site).one('ValidatingAdmissionPolicy', policy)).toEqual(Tree.of(homelab).one('ValidatingAdmissionPolicy', policy));
});
