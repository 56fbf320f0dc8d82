import { InputError } from '../../lib/model/problems';
import { type Answers, problemOf, questions } from './answers';

/** Asks a person for what the flags don't say. @throws InputError when the person gives up */
export async function ask(folder: string, given: Answers): Promise<Answers> {
  // An ES module, and only needed on a terminal.
  const { cancel, intro, isCancel, text } = await import('@clack/prompts');
  const answers: Record<string, string> = { ...given };
  intro(`A repository in ${folder}`);
  for (const each of questions.filter(({ flag }) => given[flag] === undefined)) {
    const { flag, question, example, fallback } = each;
    const answer = await text({
      message: question,
      placeholder: fallback ?? `for example ${example}`,
      ...(fallback === undefined ? {} : { defaultValue: fallback }),
      validate: (value) => problemOf(each, value === undefined || value === '' ? (fallback ?? '') : value),
    });
    if (isCancel(answer)) {
      cancel('Nothing was written.');
      throw new InputError('init was ended: run it again when you have the answers');
    }
    answers[flag] = answer;
  }
  return answers;
}
