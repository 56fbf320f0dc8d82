/** `npm run bench`: all measurements, one after the other; `npm run bench -- <name> [options]`: one of them. */
import { helped } from '../scripts/usage';
import { benchPlumber } from './plumber';
import { benchSplit } from './split';
import { benchSynth } from './synth';

const benches: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  plumber: benchPlumber,
  split: benchSplit,
  synth: benchSynth,
};

async function main(name: string | undefined, args: readonly string[]): Promise<void> {
  for (const [each, bench] of Object.entries(benches)) if (name === undefined || name === each) await bench(args);
}

const usage = `
npm run bench                       all measurements, one after the other
npm run bench -- NAME [options]     one of them: ${Object.keys(benches).join(', ')}`;

const [name, ...args] = process.argv.slice(2);
if (helped(usage)) {
  // Nothing is measured.
} else if (name !== undefined && benches[name] === undefined) {
  console.error(`bench: "${name}" is not one of ${Object.keys(benches).join(', ')}`);
  process.exitCode = 1;
} else {
  main(name, args).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
