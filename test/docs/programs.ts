import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { homelab } from '../../examples/homelab/site';
import { buildTree } from '../../lib';
import { repository } from '../../verify/tree';
import { kubectlProblems, type Scope } from './kubectl';
import type { Command } from './shell';

/** The example's, because what is in `dist` is the user's. */
const rendered = [...buildTree(homelab).render().keys()].map((path) => `dist/${path}`);

/** Whether the repository has a file or a folder. */
export function inRepository(path: string): boolean {
  return /^dist(\/|$)/.test(path)
    ? rendered.some((file) => `${file}/`.startsWith(`${path.replace(/\/$/, '')}/`))
    : existsSync(join(repository, path));
}

type Check = (args: readonly string[], place: Place) => string[];

/** Where a command of a block runs, and what its document says. */
export interface Place {
  readonly scope: Scope;
  /** Folder, from the root of the repository; `cd` changes it. */
  folder: string;
}

/** Programs whose work no test here can look at, with where it is looked at, or why nothing can be wrong about it. */
export const trusted: Readonly<Record<string, string>> = {
  grep: 'a filter of lines; it changes nothing',
  export: 'names variables that the reader sets',
  echo: 'prints',
  base64: 'reads what kubectl printed; it changes nothing',
  kopia: 'the e2e scenario "without any cluster" runs the commands of docs/exit.md as they stand there',
  rclone: 'docs/moving-the-store.md: one of several tools of stores, by name alone',
};

const checks: Readonly<Record<string, Check>> = {
  npm: npmProblems,
  npx: (args) => {
    const [tool = '', ...words] = args[0] === '--package' ? args.slice(2) : args;
    if (tool === packageName) return ownProblems(words);
    return existsSync(join(repository, 'node_modules/.bin', tool)) ? [] : [`no package here has the program ${tool}`];
  },
  node: ([file = '']) => (file === 'pvc-plumber.js' && existsSync(join(repository, 'pvc-plumber/bundle', file)) ? [] : [`there is no ${file}`]),
  kubectl: (args, { scope }) => [
    ...kubectlProblems(args, scope),
    ...args.flatMap((word, index) => (args[index - 1] === '-f' && word.includes('/') && !inRepository(word) ? [`there is no ${word}`] : [])),
  ],
  // With `-I{}` and a command behind it.
  xargs: (args, place) => {
    const at = args.findIndex((word) => !word.startsWith('-'));
    return problemsOf({ program: args[at] ?? '', args: args.slice(at + 1), env: {} }, place);
  },
  jq: ([filter = '']) => {
    const { status, error } = spawnSync('jq', [filter], { input: '' });
    // Its exit code for a filter that it can't read. A machine without jq takes the filter as it is.
    return error === undefined && status === 3 ? [`jq can't read ${filter}`] : [];
  },
  git: ([verb = '', ...paths]) => {
    if (!['add', 'commit', 'push', 'pull', 'grep', 'diff', 'checkout'].includes(verb)) return [`git ${verb}: no test knows it`];
    return /^(add|checkout)$/.test(verb) ? paths.filter((path) => !inRepository(path)).map((path) => `there is no ${path}`) : [];
  },
  mkdir: ([path = ''], place) => missing(dirname(path), place),
  cd: ([path = ''], place) => {
    const problems = missing(path, place);
    place.folder = join(place.folder, path);
    return problems;
  },
  cp: (args, place) => [...args.slice(0, -1).flatMap((path) => missing(path, place)), ...missing(dirname(args.at(-1)!.replace(/\/$/, '')), place)],
};

/** Says what is wrong with a command of a document. */
export function problemsOf({ program, args, env }: Command, place: Place): string[] {
  const variables = Object.keys(env).filter((name) => !readSomewhere(name));
  return [
    ...variables.map((name) => `nothing reads the variable ${name}`),
    ...(Object.hasOwn(checks, program)
      ? checks[program]!(args, place)
      : Object.hasOwn(trusted, program)
        ? []
        : [`no test knows the program ${program}`]),
  ];
}

const sources = [
  readFileSync(join(repository, 'node_modules/cdk8s/lib/app.js'), 'utf8'),
  ...['lib', 'e2e', 'bench', 'scripts', 'verify'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(repository, folder, file), 'utf8')),
  ),
];

/** By a program of this repository, or by cdk8s. */
function readSomewhere(variable: string): boolean {
  return sources.some((text) => text.includes(`process.env['${variable}']`) || text.includes(`process.env.${variable}`));
}

function missing(path: string, { folder }: Place): string[] {
  const full = join(repository, folder, path);
  if (!path.includes('*')) return existsSync(full) ? [] : [`there is no ${join(folder, path)}`];
  const ending = path.slice(path.lastIndexOf('*') + 1);
  const found = existsSync(dirname(full)) && readdirSync(dirname(full)).some((name) => name.endsWith(ending));
  return found ? [] : [`nothing is called ${join(folder, path)}`];
}

const {
  name: packageName,
  bin,
  scripts,
} = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  readonly name: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
};

/** The program of the package: its commands and flags stand in its `--help`. */
function ownProblems([command = '', ...args]: readonly string[]): string[] {
  const source = bin[packageName]!.replace(/^build\//, '').replace(/js$/, 'ts');
  if (!new RegExp(`^${packageName} ${command} `, 'm').test(printed([source, '--help']))) return [`${packageName} has no command ${command}`];
  const help = printed([source, command, '--help']);
  return args
    .filter((arg) => arg.startsWith('-') && !new RegExp(`^ +${arg} `, 'm').test(help))
    .map((arg) => `${packageName} ${command} has no ${arg}`);
}

/** Prints the names of what the scripts of the e2e run play. A process of its own: what is played needs packages that Jest can't load. */
const listing = `
  const { scenarios } = require('./e2e/scenarios');
  const { argoClusters } = require('./e2e/scenarios/argocd');
  const { dataScenarios } = require('./e2e/scenarios/data');
  const { stormNames } = require('./e2e/storms/run');
  const names = (list) => list.map(({ name }) => name);
  console.log(JSON.stringify({ e2e: names([...scenarios, ...dataScenarios]), 'e2e:storm': stormNames, 'e2e:argocd': names(argoClusters.flatMap((cluster) => cluster.scenarios)) }));
`;

let played: Readonly<Record<string, readonly string[]>> | undefined;

/** Names of what a script plays, of which its words pick some. Undefined for a script whose words are its own. */
function playedBy(script: string): readonly string[] | undefined {
  const list = (): string => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', listing], { cwd: repository, encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    return stdout;
  };
  return (played ??= JSON.parse(list()) as Readonly<Record<string, readonly string[]>>)[script];
}

/** The options that follow `--` must stand in the script's own `--help`, and so must its words, unless they pick a scenario. */
function npmProblems([verb, script = '', separator, ...args]: readonly string[]): string[] {
  // Of npm itself.
  if (['ci', 'test', 'install', 'update', 'pack'].includes(verb!)) return [];
  if (verb !== 'run' || scripts[script] === undefined) return [`npm ${verb} ${script}: package.json has no such script`];
  if (separator === undefined) return [];
  if (separator !== '--') return [`npm run ${script} ${separator}: npm keeps what stands before -- to itself`];
  const help = helpOf(script);
  return args
    .filter((arg) => !arg.includes('⟨'))
    .flatMap((arg) => {
      const names = arg.startsWith('-') ? undefined : playedBy(script);
      // Words that a reader chooses, as the help names them: FOLDER.
      if (names === undefined && !arg.startsWith('-') && /(^|[\s[])[A-Z]{3,}(?![A-Z_]*=)/m.test(help)) return [];
      const known = names?.some((name) => name.includes(arg)) ?? new RegExp(`(?<![\\w-])${arg}(?![\\w-])`).test(help);
      return known ? [] : [`npm run ${script} knows no "${arg}"`];
    });
}

const helps = new Map<string, string>();

function helpOf(script: string): string {
  const known = helps.get(script);
  if (known !== undefined) return known;
  const [, ...args] = scripts[script]!.split(' ');
  const help = printed([...args.filter((arg) => arg !== '--import' && arg !== 'tsx'), '--help']);
  helps.set(script, help);
  return help;
}

/** What a program of this repository prints. */
function printed(args: readonly string[]): string {
  return spawnSync(process.execPath, ['--import', 'tsx', ...args], { cwd: repository, encoding: 'utf8' }).stdout;
}
