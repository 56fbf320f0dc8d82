import { spawnSync } from 'node:child_process';
import { homelab } from '../../examples/homelab/site';
import { killers, killersOfRights } from '../../e2e/mutants/killers';
import { repository, Tree } from '../../verify/tree';

test('every scenario that is to notice a missing safety line exists', () => {
  // A process of its own: what is played needs packages that Jest can't load.
  const listing = `console.log(JSON.stringify(require('./e2e/scenarios').scenarios.map(({ name }) => name)))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', listing], { cwd: repository, encoding: 'utf8' });
  expect(stderr).toBe('');
  const names = JSON.parse(stdout) as string[];
  const words = [...new Set([...Object.values(killers).flat(), ...killersOfRights])];
  expect(words.length).toBeGreaterThan(30);
  expect(words.filter((word) => !names.some((name) => name.includes(word)))).toEqual([]);
}, 60_000);

test('every policy of the tree has some, and nothing else does', () => {
  const policies = Tree.of(homelab)
    .objects.filter(({ kind }) => ['ClusterPolicy', 'ValidatingAdmissionPolicy', 'DeletingPolicy'].includes(kind))
    // The end of a generating policy's name is a hash of its content.
    .map(({ metadata }) => metadata.name.replace(/-[0-9a-f]{8}$/, ''));
  expect(Object.keys(killers).toSorted()).toEqual([...new Set(policies)].toSorted());
});
