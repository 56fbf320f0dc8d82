import { annotation } from '../../lib/model/naming';
import { homelab } from '../../examples/homelab/site';
import { Tree } from '../../verify/tree';
import { play, wordsOf } from './play';
import { type Row, rows } from './rows';

const tree = Tree.of(homelab);

describe('the decision table, on the rendered expressions: the gate and the fallback policy end every row alike', () => {
  test.each(rows.map((row) => [row.name, row] as const))('%s', (_, row: Row) => {
    const { object, gate, fallback, gateRefuses } = play(tree, row);
    const wanted = row.refused === 'unmatched' ? undefined : row.refused.map((refusal) => wordsOf(refusal, object)).toSorted();
    expect(fallback?.toSorted()).toEqual(wanted);
    if (gateRefuses) expect(gate?.toSorted()).toEqual(wanted);
  });
});

test('an admitted PVC carries the decision, its reason and its time, and a restore the source of its own', () => {
  const admitted = rows.filter(({ refused }) => refused.length === 0).map((row) => [row, play(tree, row).object] as const);
  expect(admitted.length).toBeGreaterThan(10);
  for (const [{ name }, { metadata, spec }] of admitted) {
    expect([name, metadata.annotations[annotation.decidedAt]]).toEqual([name, '2026-01-31T18:00:00Z']);
    expect(metadata.annotations[annotation.reason]).not.toBe('');
    const restored = metadata.annotations[annotation.decision] === 'restore';
    expect([name, spec.dataSourceRef?.name?.startsWith(`${metadata.name}-restore-`) === true]).toEqual([name, restored]);
  }
});
