import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError, ProblemsError } from '../../lib/model/problems';
import { type Answers, problemsOf, questions, siteOf } from './answers';
import { ask } from './ask';
import { newFiles } from './new-files';
import { repositoryFiles } from './repository';

const usage = `zero-touch-pvc init FOLDER [flags]

Makes a repository of your own that renders a GitOps tree. Overwrites nothing. On a terminal it asks for what the flags don't say.

${questions.map(({ flag, question, example, fallback }) => `  --${flag.padEnd(16)} ${question} (${fallback === undefined ? `for example ${example}` : `default ${fallback}`})`).join('\n')}
  --${'package'.padEnd(16)} Where npm finds zero-touch-pvc (default the registry; file:… for a packed one)`;

/** @returns exit code. @throws InputError with everything that is wrong with the arguments; nothing is written then */
export async function init(args: readonly string[]): Promise<number> {
  const { positionals, values } = parsed(args);
  if (values['help'] === true) {
    console.log(usage);
    return 0;
  }
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0)
    throw new InputError(`init makes one folder, and ${positionals.length} are named: zero-touch-pvc init FOLDER`);
  const flags = Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string')) as Answers;
  const { package: source, ...given } = flags;
  const files = newFiles(folder);
  files.refuse(Object.keys(repositoryFiles({ folder, site: siteOf(given), source })));

  const onTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const answers = onTerminal ? await ask(folder, given) : { ...defaults(), ...given };
  const problems = missing(answers).concat(
    problemsOf(answers).filter((problem) => !missing(answers).some((each) => each.startsWith(flagOf(problem)))),
  );
  if (problems.length > 0)
    throw new ProblemsError(`The repository is not made, because ${problems.length === 1 ? 'a value is' : 'values are'} not usable:`, problems);

  const written = files.write(repositoryFiles({ folder, site: siteOf(answers), source }));
  console.log(
    `${folder}: ${written.join(', ')}\nNext: cd ${folder}${existsSync(join(folder, '.git')) ? '' : ' && git init'} && npm install && npm run synth`,
  );
  return 0;
}

function parsed(args: readonly string[]): ReturnType<typeof parseArgs> {
  const flags = Object.fromEntries([...questions.map(({ flag }) => flag), 'package'].map((flag) => [flag, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { ...flags, help: { type: 'boolean', short: 'h' } } });
  } catch (error) {
    throw new InputError(`${(error as Error).message.split('. To specify')[0]}: zero-touch-pvc init --help names the flags`);
  }
}

function defaults(): Answers {
  return Object.fromEntries(questions.flatMap(({ flag, fallback }) => (fallback === undefined ? [] : [[flag, fallback]])));
}

function missing(answers: Answers): string[] {
  return questions.flatMap(({ flag, question, example }) =>
    answers[flag] === undefined ? [`--${flag}: is missing: ${question}, for example ${example}`] : [],
  );
}

/** The beginning of a problem: its flag. */
function flagOf(problem: string): string {
  return problem.slice(0, problem.indexOf(':') + 1);
}
