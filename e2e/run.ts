/**
 * Plays the scenarios of PVCs on a real API server and a real Kyverno, and those of their data with a real VolSync, Kopia and S3 server.
 *
 *   npm run e2e -- --help        what it takes
 *   npm run e2e                  all
 *   npm run e2e -- WORD ...      those whose name contains one of the words
 *   npm run e2e:mutants          takes each safety line of the policies away and shows which test notices
 *   npm run e2e:storm            measures storms of PVCs
 */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bring, mutantUsage, readCommandLine, stormUsage, usage } from './harness/brought';
import { runInSandbox, sandboxFolder, sandboxProblem } from './harness/sandbox';
import { repository, useTree } from './harness/tree';
import { buildTools } from './harness/tools';
import { keepLogs, runProgram } from './harness/program';
import { Report } from './harness/report';
import { crdCache } from './harness/cluster';
import { scenarios } from './scenarios';
import { dataScenarios } from './scenarios/data';
import { playDataScenarios, playScenarios } from './harness/play-scenarios';
import { playMutants } from './mutants/play';
import { playStorms, stormNames } from './storms/run';

const failures = join(repository, '.cache', 'e2e-failed');

async function main(): Promise<number> {
  const { help, mutants: mutating, live, storms, against, tree, words, ...programs } = readCommandLine(process.argv.slice(2));
  if (help) {
    console.log(storms ? stormUsage : mutating ? mutantUsage : usage);
    return 0;
  }
  bring(programs);
  useTree(tree);
  if (sandboxFolder === undefined) return outside();
  const picked = ({ name }: { readonly name: string }): boolean => words.length === 0 || words.some((word) => name.includes(word));
  const known = storms ? stormNames.map((name) => ({ name })) : [...scenarios, ...dataScenarios];
  if (!mutating && !known.some(picked)) {
    console.error(`e2e: no ${storms ? 'storm' : 'scenario'} has one of these in its name: ${words.join(', ')}`);
    return 2;
  }
  const report = new Report();
  try {
    if (mutating) await report.line('each safety line that is taken away is missed by a test', () => playMutants(words, live));
    else if (storms) await playStorms(report, words, against);
    else {
      await playScenarios(report, scenarios.filter(picked));
      await playDataScenarios(report, dataScenarios.filter(picked));
    }
  } finally {
    keepLogs('e2e-logs');
    // For who wants to play them once more: `npm run e2e -- NAME ...`
    writeFileSync(failures, report.failed.map((name) => `${name}\n`).join(''));
  }
  return report.end();
}

/** Before the sandbox: it has no network. */
function outside(): number {
  const problem = sandboxProblem();
  if (problem !== undefined) {
    console.error(`e2e: SKIPPED ENTIRELY, nothing was proven: ${problem}`);
    return 1;
  }
  if (!buildTools()) {
    console.error('e2e: SKIPPED ENTIRELY, nothing was proven: the programs above could not be built');
    return 1;
  }
  if (!existsSync(crdCache) && spawnSync('npm', ['run', '--silent', 'crds'], { cwd: repository, stdio: 'inherit' }).status !== 0) {
    console.error('e2e: SKIPPED ENTIRELY, nothing was proven: there are no CRDs; a local copy is taken with npm run crds -- --from DIR');
    return 1;
  }
  return runInSandbox();
}

runProgram('e2e', main);
