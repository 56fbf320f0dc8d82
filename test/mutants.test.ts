import { mutants } from '../e2e/mutants/generate';
import { killedInProcess, type Killer } from '../e2e/mutants/in-process';
import { folderObjects } from '../e2e/harness/tree';
import { shapeProblems } from '../e2e/scenarios/manifest-shapes';
import { redundantLines, whyRedundant } from '../e2e/mutants/redundant';

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
  expect(mine.filter((each) => killerOf(each) === undefined && whyRedundant(each.name) === undefined).map(({ name }) => name)).toEqual([]);
});

test('a line that is called redundant is there, and nothing misses it', () => {
  for (const line of redundantLines) {
    const meant = all.filter(({ name }) => line.test(name));
    expect([line, meant.length > 0]).toEqual([line, true]);
    expect([line, meant.filter((each) => killerOf(each) !== undefined).map(({ name }) => name)]).toEqual([line, []]);
  }
});
