import { annotation } from '../../lib/model/naming';
import { gatePolicy } from '../../lib/model/policy-names';
import { homelab } from '../../examples/homelab/site';
import { Tree } from '../../verify/tree';
import { play } from './play';
import { problemOfRow, withEachTier } from './problem';
import type { Row } from './row';
import { rows } from './rows';

const tree = Tree.of(homelab);

describe('the decision table, on the rendered expressions', () => {
  test.each(rows.flatMap(withEachTier).map((row) => [row.name, row] as const))('%s', (_, row: Row) => {
    expect(problemOfRow(tree, row)).toBeUndefined();
  });
});

test('whoever reads a refusal learns which PVC it is about, and of a doubt its reason', () => {
  for (const row of rows) {
    const { object, refused } = play(tree, row);
    for (const message of refused ?? []) expect(message).toContain(`${object.metadata.namespace}/${object.metadata.name}`);
    if (row.refused.includes('unknown')) expect(refused![0]).toContain(object.metadata.annotations[annotation.reason]);
  }
});

test('Kyverno refuses nothing: without its policy the API server refuses the same PVCs, and with nobody there it refuses all', () => {
  expect(tree.one('ClusterPolicy', gatePolicy).spec.rules.filter((rule: { validate?: object }) => rule.validate !== undefined)).toEqual([]);
});

test('a PVC that is decided carries the decision, its reason, its time and the PVC that it is about, and a restore one source', () => {
  const decided = rows
    .filter(({ decision, object }) => decision !== undefined && object.metadata.name !== undefined)
    .map((row) => [row, play(tree, row).object] as const);
  expect(decided.length).toBeGreaterThan(50);
  for (const [{ name, refused, decision }, { metadata, spec }] of decided) {
    expect([name, metadata.annotations[annotation.decidedAt]]).toEqual([name, '2026-01-31T18:00:00Z']);
    expect([name, metadata.annotations[annotation.decidedFor]]).toEqual([name, `${metadata.namespace}/${metadata.name}`]);
    expect(metadata.annotations[annotation.reason]).not.toBe('');
    // The API server refuses two sources that differ.
    if (decision === 'restore' && refused.length === 0) expect([name, spec.dataSource]).toEqual([name, spec.dataSourceRef]);
  }
});

test('the rendered gate says what each of its rules is for', () => {
  const { metadata, spec } = tree.one('ClusterPolicy', gatePolicy);
  const said = [...metadata.annotations['policies.kyverno.io/description'].matchAll(/^- ([\w-]+): .{20}/gm)].map(([, rule]) => rule);
  expect(said).toEqual(spec.rules.map(({ name }: { name: string }) => name));
});
