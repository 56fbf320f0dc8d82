/** Plays the decision table through the Kyverno CLI, against the rendered policy. `npm run e2e:cli` */
import { gatePolicy } from '../lib/model/policy-names';
import { play } from './cli/kyverno-test';
import { helped } from '../scripts/usage';
import { rows } from '../test/decision/rows';
import { treeObjects } from './harness/tree';
import { buildTools } from './harness/tools';

async function main(): Promise<number> {
  if (!buildTools(['kyverno'])) {
    console.error('e2e:cli: SKIPPED ENTIRELY, nothing was proven: the Kyverno CLI could not be built');
    return 1;
  }
  const started = Date.now();
  const gate = treeObjects().find(({ object }) => object.kind === 'ClusterPolicy' && object.metadata.name === gatePolicy)?.object;
  if (gate === undefined) throw new Error(`the tree has no policy ${gatePolicy}`);
  const outcomes = await play(
    gate,
    // The CLI knows objects by their names.
    rows.filter(({ object }) => object.metadata.name !== undefined && !object.metadata.name.includes('{{')),
  );
  for (const { row, problem } of outcomes) console.log(problem === undefined ? `  ok   ${row.name}` : `  FAIL ${row.name}: ${problem}`);
  const failed = outcomes.filter(({ problem }) => problem !== undefined).length;
  console.log(`${outcomes.length - failed} passed, ${failed} failed, ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return failed === 0 ? 0 : 1;
}

if (!helped('npm run e2e:cli   plays the decision table through the Kyverno CLI, which is built where it is missing'))
  void main().then((code) => (process.exitCode = code));
