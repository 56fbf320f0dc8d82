import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError, ProblemsError } from '../../lib/model/problems';
import { chosenPlace, commonQuestions, flags as knownFlags, gaps, problemsOf, siteOf, withFallbacks } from './answers';
import { ask } from './ask';
import { places, questionsAbout, remarks } from './credentials';
import { newFiles } from './new-files';
import type { Answers, Question } from './question';
import { repositoryFiles } from './repository';

const usage = `zero-touch-pvc init FOLDER [flags]

Makes a repository of your own that renders a GitOps tree. Overwrites nothing. On a terminal it asks for what the flags don't say.

${commonQuestions.map(described).join('\n')}
  --${'package'.padEnd(18)} Where npm finds zero-touch-pvc (default the registry; file:… for a packed one)

The credentials of the store are in one of these places:

${places.map(({ place, words }) => `${words}\n${questionsAbout(place).map(described).join('\n')}`).join('\n')}`;

function described({ flag, question, example, fallback }: Question): string {
  return `  --${flag.padEnd(18)} ${question} (${fallback === undefined ? `for example ${example}` : `default ${fallback}`})`;
}

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
  const repository = (answers: Answers): Readonly<Record<string, string>> =>
    repositoryFiles({ folder, site: siteOf(answers), remark: remarks[chosenPlace(answers)], source });
  files.refuse(Object.keys(repository(given)));

  const onTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const answers = withFallbacks(onTerminal ? await ask(folder, given) : given);
  const found = gaps(answers);
  const problems = found.concat(problemsOf(answers).filter((problem) => !found.some((each) => each.startsWith(flagOf(problem)))));
  if (problems.length > 0)
    throw new ProblemsError(`The repository is not made, because ${problems.length === 1 ? 'a value is' : 'values are'} not usable:`, problems);

  const written = files.write(repository(answers));
  console.log(
    `${folder}: ${written.join(', ')}\nNext: cd ${folder}${existsSync(join(folder, '.git')) ? '' : ' && git init'} && npm install && npm run synth`,
  );
  return 0;
}

function parsed(args: readonly string[]): ReturnType<typeof parseArgs> {
  const flags = Object.fromEntries([...knownFlags, 'package'].map((flag) => [flag, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { ...flags, help: { type: 'boolean', short: 'h' } } });
  } catch (error) {
    throw new InputError(`${(error as Error).message.split('. To specify')[0]}: zero-touch-pvc init --help names the flags`);
  }
}

/** The beginning of a problem: its flag. */
function flagOf(problem: string): string {
  return problem.slice(0, problem.indexOf(':') + 1);
}
