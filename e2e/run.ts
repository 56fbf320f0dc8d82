/**
 * Plays the lives of PVCs on a real API server and a real Kyverno.
 *
 *   npm run e2e                  all
 *   npm run e2e -- WORD ...      those whose name contains one of the words
 *   npm run e2e:mutants          takes each safety line of the policies away and shows which test notices
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, copyFileSync, rmSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { runInSandbox, sandboxFile, sandboxFolder, sandboxProblem } from './harness/sandbox';
import { repository } from './harness/tree';
import { buildTools } from './harness/tools';
import { crdCache, World } from './harness/world';
import { lives } from './lives';
import { playMutants } from './mutants/play';

const kept = join(repository, '.cache', 'e2e-logs');

async function main(): Promise<number> {
  if (sandboxFolder === undefined) return outside();
  const mutating = process.argv.includes('--mutants');
  const words = process.argv.slice(2).filter((word) => word !== '--mutants');
  const chosen = lives.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const started = Date.now();
  let failed = 0;
  const world = await World.start();
  try {
    await world.applyTree();
    console.log(`  ok   ${seconds(started)}  the tree is applied in the order of its waves, and Kyverno serves its policies`);
    if (mutating) return (await playMutants(world, words)) === 0 ? 0 : 1;
    for (const { name, play } of chosen) {
      const begun = Date.now();
      try {
        const remark = await play(world);
        console.log(`  ok   ${seconds(begun)}  ${name}${typeof remark === 'string' ? ` (${remark})` : ''}`);
      } catch (error) {
        failed += 1;
        console.log(`  FAIL ${seconds(begun)}  ${name}\n         ${(error as Error).message}`);
        if (process.env['E2E_STACK'] !== undefined) console.log((error as Error).stack);
      }
    }
  } catch (error) {
    failed += 1;
    console.log(`  FAIL ${seconds(started)}  ${(error as Error).stack}`);
  } finally {
    await world.stop();
    keepLogs();
  }
  console.log(`${chosen.length + 1 - failed} passed, ${failed} failed, ${seconds(started).trim()}`);
  return failed === 0 ? 0 : 1;
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

function keepLogs(): void {
  const logs = sandboxFile('logs/');
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  if (existsSync(logs)) for (const name of readdirSync(logs)) copyFileSync(join(logs, name), join(kept, name));
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`.padStart(8);
}

void main().then((code) => (process.exitCode = code));
