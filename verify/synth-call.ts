import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { InputError } from '../lib/model/problems';
import { listenToSynth, type SynthCall } from '../lib/synth';

/** The arguments of the one call of synth in a file, which writes nothing then. @throws InputError where the file is not one with a single call */
export function callIn(file: string): SynthCall {
  if (!existsSync(file)) throw new InputError(`${relative(process.cwd(), file)} does not exist: run this in the folder of main.ts`);
  const calls: SynthCall[] = [];
  listenToSynth((call) => calls.push(call));
  // eslint-disable-next-line typescript/no-require-imports -- the file is known only now, and must get this very lib
  require(file);
  listenToSynth(undefined);
  const [call, ...others] = calls;
  if (call === undefined || others.length > 0) {
    const name = relative(process.cwd(), file);
    throw new InputError(
      `${name} calls synth ${calls.length} times while it is loaded: call it once, with all your values, so that one tree is rendered`,
    );
  }
  return call;
}
