import { spawnSync } from 'node:child_process';
import { homelab } from '../../examples/homelab/site';
import { folderObjects } from '../../e2e/harness/tree';
import { mutants } from '../../e2e/mutants/generate';
import { killedInProcess, type Killer } from '../../e2e/mutants/in-process';
import { killers, killersOfRights } from '../../e2e/mutants/killers';
import { isForCluster, redundantLines, whyRedundant } from '../../e2e/mutants/redundant';
import { shapeProblems } from '../../e2e/scenarios/manifest-shapes';
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

const all = mutants().map(({ name, mutated }) => ({ name, object: `${mutated.kind} ${mutated.metadata.name}`, mutated }));
const noticed = new Map<string, Killer | undefined>();
const killerOf = ({ name, mutated }: (typeof all)[number]): Killer | undefined => {
  if (!noticed.has(name)) noticed.set(name, killedInProcess(mutated));
  return noticed.get(name);
};

test('no line is missed while all are there', () => {
  const originals = ['infrastructure/controllers/kyverno', 'infrastructure/controllers/backstop'].flatMap((folder) => folderObjects(folder));
  expect(shapeProblems(originals)).toEqual([]);
});

test.each([...new Set(all.map(({ object }) => object))])('each line of %s is missed where it is taken away', (object) => {
  const mine = all.filter((each) => each.object === object);
  expect(mine).not.toEqual([]);
  expect(
    mine.filter((each) => killerOf(each) === undefined && whyRedundant(each.name) === undefined && !isForCluster(each.name)).map(({ name }) => name),
  ).toEqual([]);
});

test('a line that is called redundant is there, and nothing misses it', () => {
  for (const line of redundantLines) {
    const meant = all.filter(({ name }) => line.test(name));
    expect([line, meant.length > 0]).toEqual([line, true]);
    expect([line, meant.filter((each) => killerOf(each) !== undefined).map(({ name }) => name)]).toEqual([line, []]);
  }
});
