/**
 * `npm run e2e:random`: random histories of PVCs against the law.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { helped } from '../scripts/usage';
import { crdCache } from './harness/cluster';
import { keepLogs, runProgram } from './harness/program';
import { Report } from './harness/report';
import { runInSandbox, sandboxFolder, sandboxProblem } from './harness/sandbox';
import { buildTools } from './harness/tools';
import { GateWorld } from './scenarios/random/gate-world';
import { playHistories } from './scenarios/random/play';
import { summaryOf } from './scenarios/random/summary';

const usage = `npm run e2e:random   plays random histories of PVCs on real components, and looks after each step whether the law holds

  --histories N      how many (default: 1000, and no limit with --minutes)
  --seed N           seed of the first one; each other one has the next number (default: of the clock)
  --minutes N        begin no history later than that (default: as long as it takes)
  --side-by-side N   how many at a time (default: 16)
  --help             this text
`;

async function main(): Promise<number> {
  const options = read();
  if (sandboxFolder === undefined) return outside();
  const report = new Report();
  let world: GateWorld | undefined;
  try {
    if ((await report.line('the tree is applied', async () => void (world = await GateWorld.start()))) === undefined) return report.end();
    const begun = Date.now();
    await report.line(`random histories from seed ${options.seed} on`, async () => {
      const played = await playHistories(world!, options);
      console.log(summaryOf(played, (Date.now() - begun) / 1000));
      if (played.violations.length > 0)
        throw new Error(`${played.violations.length} violations; npm run e2e:random -- --histories 1 --seed N plays one again`);
    });
  } finally {
    keepLogs('random-logs');
    await world?.stop();
  }
  return report.end();
}

interface Options {
  readonly seed: number;
  readonly histories: number;
  readonly until?: number;
  readonly sideBySide: number;
}

/** @throws Error with the value that is wrong and what it should be */
function read(): Options {
  const texts = parseArgs({
    options: {
      histories: { type: 'string' },
      seed: { type: 'string' },
      minutes: { type: 'string' },
      'side-by-side': { type: 'string' },
    },
  }).values;
  const number = (name: keyof typeof texts, fallback: number): number => {
    const text = texts[name];
    const value = text === undefined ? fallback : Number(text);
    if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} is ${JSON.stringify(text)}: it has to be a whole number from 1 on`);
    return value;
  };
  const minutes = number('minutes', Number.MAX_SAFE_INTEGER);
  return {
    seed: number('seed', Date.now() % 1_000_000_000),
    histories: number('histories', texts.minutes === undefined ? 1000 : Number.MAX_SAFE_INTEGER),
    sideBySide: number('side-by-side', 16),
    ...(texts.minutes === undefined ? {} : { until: Date.now() + minutes * 60_000 }),
  };
}

/** Before the sandbox: it has no network. */
function outside(): number {
  const problem = sandboxProblem() ?? (existsSync(crdCache) ? undefined : 'there are no CRDs: npm run crds');
  if (problem !== undefined || !buildTools()) {
    console.error(`e2e:random: SKIPPED ENTIRELY, nothing was proven: ${problem ?? 'the programs above could not be built'}`);
    return 1;
  }
  return runInSandbox();
}

if (!helped(usage)) runProgram('e2e:random', main);
