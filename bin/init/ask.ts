import { InputError } from '../../lib/model/problems';
import { chosenPlace, firstQuestions, problemOf, questionsFor } from './answers';
import { type Place, placeOf, places } from './credentials';
import type { Answers, Question } from './question';

// An ES module, and only needed on a terminal.
type Prompts = typeof import('@clack/prompts');

/** Asks a person for what the flags don't say. @throws InputError when the person gives up */
export async function ask(folder: string, given: Answers): Promise<Answers> {
  const prompts = await import('@clack/prompts');
  prompts.intro(`A repository in ${folder}`);
  const answers: Record<string, string> = { ...given };
  const askAll = async (questions: readonly Question[], place: Place): Promise<void> => {
    for (const each of questions.filter(({ flag }) => answers[flag] === undefined)) answers[each.flag] = await askFor(prompts, each, place);
  };
  await askAll(firstQuestions, chosenPlace(given));
  const place = placeOf(given) ?? (await choose(prompts));
  await askAll(questionsFor(place), place);
  return answers;
}

async function choose(prompts: Prompts): Promise<Place> {
  const options = places.map(({ place, words }) => ({ value: place, label: words }));
  return answered(prompts, await prompts.select({ message: 'Where the credentials of the store are', options }));
}

async function askFor(prompts: Prompts, question: Question, place: Place): Promise<string> {
  const { question: message, example, fallback } = question;
  const answer = await prompts.text({
    message,
    placeholder: fallback ?? `for example ${example}`,
    ...(fallback === undefined ? {} : { defaultValue: fallback }),
    validate: (value) => problemOf(question, place, value === undefined || value === '' ? (fallback ?? '') : value),
  });
  return answered(prompts, answer);
}

function answered<T>({ cancel, isCancel }: Prompts, answer: T): Exclude<T, symbol> {
  if (!isCancel(answer)) return answer as Exclude<T, symbol>;
  cancel('Nothing was written.');
  throw new InputError('init was ended: run it again when you have the answers');
}
