/** `npm run bench -- <name> [options]`: the measurements, one name each. */
import { benchPlumber } from './plumber';
import { benchSynth } from './synth';

const benches: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  plumber: benchPlumber,
  synth: benchSynth,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  console.error(`bench: "${name}" is none of ${Object.keys(benches).join(', ')}`);
  process.exitCode = 1;
} else {
  bench(args).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
