import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repository } from './tree';

/** Programs that a person brought, for the scenarios of data. */
export interface Brought {
  /** The fork's controller. @default - the official one with the played Kopia mover */
  readonly volsync?: string;
  /** A folder with the `entry.sh` of its Kopia mover. @default - the script of the e2e run */
  readonly mover?: string;
}

export interface CommandLine extends Brought {
  readonly help: boolean;
  readonly mutants: boolean;
  /** Asks a cluster also about lines that `npm test` misses. */
  readonly live: boolean;
  readonly storms: boolean;
  /** Folder of another rendered tree that storms are played on first. @default - none */
  readonly against?: string;
  /** Folder of another rendered tree that scenarios are played on. @default - the example's */
  readonly tree?: string;
  readonly words: readonly string[];
}

export const usage = `npm run e2e -- [--volsync FILE] [--mover FOLDER] [--tree FOLDER] [WORD ...]

Plays the scenarios of PVCs and of their data; with words, those whose name has one of them.

  --volsync FILE    the VolSync controller to run, for example the pinned fork's (default: the official one with the played Kopia mover)
  --mover FOLDER    the folder with entry.sh that movers run as /mover-kopia (default: e2e/mover, an imitation)
  --tree FOLDER     another rendered tree, for example that of an older commit (default: the example's)
  --help            this text
`;

export const stormUsage = `npm run e2e:storm -- [--against FOLDER] [WORD ...]

Plays storms of labelled PVCs, each on a new cluster, in about an hour; with words, those whose name has one of them.
Prints one table of times, memory and counts: docs/scale.md.

  --against FOLDER  the tree of another commit, on which each storm is played first; prints both side by side
  --help            this text
`;

export const mutantUsage = `npm run e2e:mutants -- [--live] [WORD ...]

Takes each safety line of the policies and of Kyverno's rights away, and names what misses it: first what npm test plays, within seconds, then
scenarios on a cluster. With words, only the lines with one of them in their name, for example of a policy.

  --live            asks the cluster about every line, also those that npm test misses: half a minute to a minute for each
  --help            this text
`;

const switches = ['--help', '--mutants', '--storms', '--live'];

/** Reads the arguments. @throws Error with the value that is wrong and what it should be */
export function readCommandLine(args: readonly string[]): CommandLine {
  const words: string[] = [];
  const found: { volsync?: string; mover?: string; against?: string; tree?: string } = {};
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--volsync' || arg === '--mover' || arg === '--against' || arg === '--tree') {
      const value = rest.shift();
      if (value === undefined) throw new Error(`${arg} has no value: give the path of ${arg === '--volsync' ? 'a program' : 'a folder'}`);
      found[arg.slice(2) as keyof typeof found] = resolve(value);
    } else if (arg.startsWith('--') && !switches.includes(arg)) {
      throw new Error(`unknown option ${arg}: see --help`);
    } else words.push(arg);
  }
  const { volsync, mover, against, tree } = found;
  if (volsync !== undefined && !existsSync(volsync)) throw new Error(`--volsync ${volsync}: there is no such file`);
  if (mover !== undefined && !existsSync(join(mover, 'entry.sh'))) throw new Error(`--mover ${mover}: the folder has no entry.sh`);
  const flags = new Set(words.filter((word) => word.startsWith('--')));
  for (const [option, folder] of Object.entries({ against, tree }))
    if (folder !== undefined && !existsSync(join(folder, 'bootstrap'))) throw new Error(`--${option} ${folder}: the folder has no rendered tree`);
  if (against !== undefined && !flags.has('--storms')) throw new Error('--against is for npm run e2e:storm');
  if (flags.has('--live') && !flags.has('--mutants')) throw new Error('--live is for npm run e2e:mutants');
  if (tree !== undefined && (flags.has('--storms') || flags.has('--mutants'))) throw new Error('--tree is for npm run e2e');
  const [help, mutants, storms, live] = switches.map((each) => flags.has(each)) as [boolean, boolean, boolean, boolean];
  return { ...found, help, mutants, storms, live, words: words.filter((word) => !flags.has(word)) };
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

/** Whether the scenarios are played on the programs of this repository. */
export function isPlayed(): boolean {
  return brought.volsync === undefined && brought.mover === undefined;
}
