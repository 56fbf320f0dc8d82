import { annotation, backupLabel } from '../../lib/model/naming';
import { relabelPolicy, repairPolicy } from '../../lib/model/policy-names';
import { homelab } from '../../examples/homelab/site';
import { Tree } from '../../verify/tree';
import { denialPattern } from '../support/denial-pattern';
import { KyvernoPolicy } from '../support/admission/kyverno';
import { pvc, type PvcOptions } from '../support/pvc';
import { kyvernoConditionsOf, now } from './play';
import { problemOfRelabel } from './problem';
import { relabel } from './relabel';
import { relabelRows } from './relabel-rows';

const tree = Tree.of(homelab);

const all = ['ExternalSecret', 'KopiaMaintenance', 'ReplicationSource'];

describe('a PVC that exists gets the label of a tier', () => {
  test.each(relabelRows.map((row) => [...row] as const))('%s', (_, world, denial) => {
    expect(problemOfRelabel(tree, world, denial)).toBeUndefined();
  });

  test('where the admission policy is taken away, nothing is made over a backup, in a doubt, or beside a foreign resource', () => {
    expect(relabel(tree, { says: 'fresh' }).made.toSorted()).toEqual(all);
    for (const world of [{ says: 'restore' } as const, {}, { says: 'fresh', owners: { replicationsources: [] } } as const])
      expect(relabel(tree, world).made).toEqual([]);
  });

  test('with a label of no tier that was let go in a doubt nothing is made, even when that becomes a tier', () => {
    const { object } = relabel(tree, { to: 'velero' });
    expect(object.metadata.annotations[annotation.decision]).toBe('unknown');
    const asTier = { ...object, metadata: { ...object.metadata, labels: { [backupLabel]: 'hourly' } } };
    const around = { now, service: () => undefined, api: () => undefined };
    const repair = tree.ofKind('ClusterPolicy').find(({ metadata }) => metadata.name.startsWith(repairPolicy));
    expect(new KyvernoPolicy(repair, around).generated({ operation: 'UPDATE', object: asTier })).toEqual([]);
  });
});

test('a change of a labelled PVC that leaves its label alone asks nobody', () => {
  expect(relabel(tree, { from: 'hourly', to: 'hourly', options: { annotations: { note: 'x' } } })).toMatchObject({ questions: 0, refused: [] });
  expect(relabel(tree, { from: 'hourly', to: 'daily' })).toMatchObject({ questions: 0, refused: [] });
});

test.each([false, true])(
  'the API server asks Kyverno about a label that is new, and about nothing else of a living PVC (otherPvcPolicies: %s)',
  (otherPvcPolicies) => {
    const site = Tree.of({ ...homelab, otherPvcPolicies });
    const policy = new KyvernoPolicy(
      site.one('ClusterPolicy', relabelPolicy),
      { now, service: () => undefined, api: () => undefined },
      kyvernoConditionsOf(site),
    );
    const sent = (backup: string | null, before: string | null, options: PvcOptions = {}): boolean =>
      policy.isSent({ operation: 'UPDATE', object: pvc('app', 'data', { ...options, backup }), oldObject: pvc('app', 'data', { backup: before }) });
    expect(['hourly', 'Hourly', 'velero'].map((value) => sent(value, null))).toEqual([true, true, true]);
    expect(sent('hourly', 'hourly', { annotations: { note: 'x' } })).toBe(false);
    expect(sent(null, null, { annotations: { note: 'x' } })).toBe(false);
    expect(sent(null, 'hourly')).toBe(false);
  },
);

test.each([annotation.runAsUser, annotation.runAsGroup, annotation.fsGroup])('a change of %s is checked like at the creation', (key) => {
  const changed = (value: string): readonly string[] => relabel(tree, { from: 'hourly', options: { annotations: { [key]: value } } }).refused;
  for (const value of ['2147483647', '0', '1000']) expect(changed(value)).toEqual([]);
  for (const value of ['2147483648', '-1', '1.5', 'NaN', 'root', '99999999999999999999', ''])
    expect(changed(value)).toEqual([expect.stringMatching(denialPattern('unsupported'))]);
});
