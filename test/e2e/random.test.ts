import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { repository } from '../../verify/tree';
import { scratchFolder } from '../support/scratch';

process.env['ZERO_TOUCH_PVC_E2E_SANDBOX'] = scratchFolder();
// eslint-disable-next-line typescript/no-require-imports -- after the folder is set
const { histories } = require('../../e2e/scenarios/random/histories') as typeof import('../../e2e/scenarios/random/histories');

const stepsOf = (seed: number): string[] => {
  const [history] = fc.sample(histories, { seed, numRuns: 1 });
  return [...history!.steps].map(String);
};

test('a seed gives the same history each time, and another seed another one', () => {
  expect(stepsOf(7)).toEqual(stepsOf(7));
  expect(new Set(Array.from({ length: 50 }, (_, seed) => stepsOf(seed).join())).size).toBeGreaterThan(45);
});

test('every step and every fault comes in some hundred histories', () => {
  const all = Array.from({ length: 300 }, (_, seed) => stepsOf(seed)).flat();
  for (const step of ['create', 'delete', 're-create', 'back up', 'label', 'loose volume', 're-attach', 'lose data', 'wait'])
    expect([step, all.some((each) => each.startsWith(`${step} (`))]).toEqual([step, true]);
  for (const fault of ['store down', 'store slow', 'store empty', 'store another', 'second cluster', 'pvc-plumber', 'Kyverno killed', 'API server'])
    expect([fault, all.some((each) => each.startsWith('fault (') && each.includes(fault))]).toEqual([fault, true]);
});

test.each([
  [['--histories', 'many'], '--histories is "many": it has to be a whole number from 1 on'],
  [['--seed', '0'], '--seed is "0"'],
  [['--data'], "Unknown option '--data'"],
])('%j ends with one line', (args, words) => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', join(repository, 'e2e/random.ts'), ...args], {
    encoding: 'utf8',
    cwd: repository,
    env: { PATH: process.env['PATH'] ?? '' },
  });
  expect([status, stderr.trim().split('\n').length]).toEqual([2, 1]);
  expect(stderr).toContain(words);
});
