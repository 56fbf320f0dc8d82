import { annotation, backupLabel, undecidedSourceName } from '../../lib/model/naming';
import { gatePolicy } from '../../lib/model/policy-names';
import { settledDecisions } from '../../lib/model/decision';
import { homelab } from '../../examples/homelab/site';
import { Tree } from '../../verify/tree';
import { denialPattern } from '../support/denial-pattern';
import { play } from './play';
import { type Row, rows } from './rows';

const tree = Tree.of(homelab);

describe('the decision table, on the rendered expressions', () => {
  test.each(rows.map((row) => [row.name, row] as const))('%s', (_, row: Row) => {
    const { asked, object, refused } = play(tree, row);
    if (row.refused === 'unmatched') expect(refused).toBeUndefined();
    else expect(refused).toEqual(row.refused.map((id) => expect.stringMatching(denialPattern(id))));
    for (const message of refused ?? []) expect(message).toContain(`${object.metadata.namespace}/${object.metadata.name}`);
    if (row.refused.includes('unknown')) expect(refused![0]).toContain(object.metadata.annotations[annotation.reason]);
    expect(asked).toBe(row.decision !== undefined);
    if (asked) expect(object.metadata.annotations[annotation.decision]).toBe(row.decision);
  });
});

test('Kyverno refuses nothing: without its policy the API server refuses the same PVCs, and with nobody there it refuses all', () => {
  expect(tree.one('ClusterPolicy', gatePolicy).spec.rules.filter((rule: { validate?: object }) => rule.validate !== undefined)).toEqual([]);
});

test('a PVC that is decided carries the decision, its reason, its time and the PVC that it is about, and a restore the source of its own', () => {
  const decided = rows.filter(({ decision }) => decision !== undefined).map((row) => [row, play(tree, row).object] as const);
  expect(decided.length).toBeGreaterThan(50);
  for (const [{ name, refused, decision }, { metadata, spec }] of decided) {
    expect([name, metadata.annotations[annotation.decidedAt]]).toEqual([name, '2026-01-31T18:00:00Z']);
    expect([name, metadata.annotations[annotation.decidedFor]]).toEqual([name, `${metadata.namespace}/${metadata.name}`]);
    expect(metadata.annotations[annotation.reason]).not.toBe('');
    if (refused.length > 0 || decision === 'exists') continue;
    const restored = decision === 'restore';
    const { apiGroup, kind, name: source } = spec.dataSourceRef ?? {};
    const isOwn = `${apiGroup}/${kind}` === 'volsync.backube/ReplicationDestination' && source.startsWith(`${metadata.name}-restore-`);
    expect([name, isOwn]).toEqual([name, restored]);
    // The API server refuses two sources that differ.
    if (restored) expect([name, spec.dataSource]).toEqual([name, spec.dataSourceRef]);
  }
});

test('where the policy that refuses was taken away, a PVC without a decision waits for a restore that nobody makes', () => {
  // A label of no tier may be of another program: it is held over a backup, and not in a doubt.
  const isHeld = ({ decision, object }: Row): boolean =>
    decision !== undefined && (decision !== 'unknown' || ['hourly', 'daily'].includes(object.metadata.labels?.[backupLabel] ?? ''));
  const held = rows.filter((row) => isHeld(row) && !(settledDecisions as readonly string[]).includes(row.decision!));
  expect(held.length).toBeGreaterThan(20);
  for (const row of held) {
    const { metadata, spec } = play(tree, row).object;
    const source = row.object.spec['dataSourceRef'] as { kind?: string; name?: string } | undefined;
    const foreign = source !== undefined && (source.kind !== 'ReplicationDestination' || !source.name?.startsWith(`${metadata.name}-restore-`));
    if (!foreign) expect([row.name, spec.dataSourceRef?.name]).toEqual([row.name, undecidedSourceName(metadata)]);
  }
});

test('the rendered gate says what each of its rules is for', () => {
  const { metadata, spec } = tree.one('ClusterPolicy', gatePolicy);
  const said = [...metadata.annotations['policies.kyverno.io/description'].matchAll(/^- ([\w-]+): .{20}/gm)].map(([, rule]) => rule);
  expect(said).toEqual(spec.rules.map(({ name }: { name: string }) => name));
});
