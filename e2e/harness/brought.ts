import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repository } from './tree';

/** Programs that a person brought, for the lives of data. */
export interface Brought {
  /** The fork's controller. @default - the official one with the played Kopia mover */
  readonly volsync?: string;
  /** A folder with the `entry.sh` of its Kopia mover. @default - the script of the e2e run */
  readonly mover?: string;
}

export interface CommandLine extends Brought {
  readonly help: boolean;
  readonly mutants: boolean;
  readonly words: readonly string[];
}

export const usage = `npm run e2e -- [--volsync FILE] [--mover FOLDER] [WORD ...]

Plays the lives of PVCs and of their data; with words, those whose name has one of them.

  --volsync FILE    the VolSync controller to run, for example the pinned fork's, built or copied out of its image
                    (default: the official controller with the played Kopia mover, e2e/tools/volsync)
  --mover FOLDER    the folder with entry.sh that movers run as /mover-kopia (default: e2e/mover, an imitation)
  --help            this text
`;

/** Reads the arguments. @throws Error with the value that is wrong and what it should be */
export function readCommandLine(args: readonly string[]): CommandLine {
  const words: string[] = [];
  const found: { volsync?: string; mover?: string } = {};
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--volsync' || arg === '--mover') {
      const value = rest.shift();
      if (value === undefined) throw new Error(`${arg} has no value: give the path of ${arg === '--mover' ? 'a folder' : 'a program'}`);
      found[arg === '--mover' ? 'mover' : 'volsync'] = resolve(value);
    } else if (arg.startsWith('--') && arg !== '--help' && arg !== '--mutants') {
      throw new Error(`unknown option ${arg}: see --help`);
    } else words.push(arg);
  }
  const { volsync, mover } = found;
  if (volsync !== undefined && !existsSync(volsync)) throw new Error(`--volsync ${volsync}: there is no such file`);
  if (mover !== undefined && !existsSync(join(mover, 'entry.sh'))) throw new Error(`--mover ${mover}: the folder has no entry.sh`);
  const flags = new Set(words.filter((word) => word.startsWith('--')));
  return { ...found, help: flags.has('--help'), mutants: flags.has('--mutants'), words: words.filter((word) => !flags.has(word)) };
}

let brought: Brought = {};

export function bring(programs: Brought): void {
  brought = programs;
}

/** A controller that was brought, or undefined. */
export function broughtController(): string | undefined {
  return brought.volsync;
}

/** What movers see as /mover-kopia. */
export function moverFolder(): string {
  return brought.mover ?? join(repository, 'e2e', 'mover');
}

/** Whether the lives are played on the programs of this repository. */
export function isPlayed(): boolean {
  return brought.volsync === undefined && brought.mover === undefined;
}
