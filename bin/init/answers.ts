import { ProblemsError } from '../../lib/model/problems';
import { parseSite } from '../../lib/site/schema';
import type { SiteValues } from '../../lib/site/values';
import { credentialValues, type Place, placeOf, places, questionsAbout } from './credentials';
import type { Answers, Question } from './question';

/** What is asked first, wherever the credentials are. */
export const firstQuestions: readonly Question[] = [
  {
    flag: 'git-url',
    place: 'git.url',
    question: 'Git repository that Argo CD reads, as it reaches it',
    example: 'https://github.com/example/cluster.git',
  },
  { flag: 'git-revision', place: 'git.revision', question: 'Its branch', example: 'main', fallback: 'main' },
  { flag: 's3-endpoint', place: 's3.endpoint', question: 'S3 store of the backups', example: 'http://192.168.10.133:30292' },
  { flag: 's3-bucket', place: 's3.bucket', question: 'Bucket, empty or with the backups of a cluster to restore', example: 'volsync-backup' },
];

const after: readonly Question[] = [
  { flag: 'storage-class', place: 'storage.storageClass', question: 'StorageClass of the volumes', example: 'longhorn', fallback: 'longhorn' },
  {
    flag: 'snapshot-class',
    place: 'storage.snapshotClass',
    question: 'VolumeSnapshotClass that the backups use',
    example: 'longhorn-snapclass',
    fallback: 'longhorn-snapclass',
  },
];

/** What is asked wherever the credentials are. */
export const commonQuestions: readonly Question[] = [...firstQuestions, ...after];

/** What a site is asked for whose credentials are in that place, in the order of the questions. */
export function questionsFor(place: Place): readonly Question[] {
  return [...firstQuestions, ...questionsAbout(place), ...after];
}

/** Every flag that a site may have. */
export const flags: readonly string[] = [...new Set(places.flatMap(({ place }) => questionsFor(place).map(({ flag }) => flag)))];

/** The place that the flags name, or else the first. */
export function chosenPlace(given: Answers): Place {
  return placeOf(given) ?? places[0]!.place;
}

/** Site values from the answers, with the tiers, the fields and the identity of README's example. */
export function siteOf(answers: Answers): SiteValues {
  const answer = (flag: string): string => answers[flag] ?? '';
  return {
    git: { url: answer('git-url'), revision: answer('git-revision'), path: 'dist' },
    s3: { endpoint: answer('s3-endpoint'), bucket: answer('s3-bucket') },
    ...credentialValues(chosenPlace(answers), answers),
    storage: { storageClass: answer('storage-class'), snapshotClass: answer('snapshot-class') },
    tiers: [
      { label: 'hourly', schedule: '0 * * * *', retention: { hourly: 24, daily: 7, weekly: 4, monthly: 2 } },
      { label: 'daily', schedule: '0 2 * * *', retention: { hourly: 24, daily: 7, weekly: 4, monthly: 2 } },
    ],
    excludedNamespaces: ['kube-system', 'volsync-system', 'kyverno'],
    mover: { runAsUser: 568, runAsGroup: 568, fsGroup: 568 },
  };
}

/** The answers with what may be left out filled in. */
export function withFallbacks(given: Answers): Answers {
  const fallbacks = questionsFor(chosenPlace(given)).flatMap(({ flag, fallback }) => (fallback === undefined ? [] : [[flag, fallback]]));
  return { ...(Object.fromEntries(fallbacks) as Answers), ...given };
}

/** What is missing, or is about another place of the credentials than the rest, each under its flag. */
export function gaps(answers: Answers): string[] {
  const place = chosenPlace(answers);
  const questions = questionsFor(place);
  const others = placeOf(answers) === undefined ? `; or name another place of the credentials: ${alternatives(place)}` : '';
  const missing = questions
    .filter(({ flag }) => answers[flag] === undefined)
    .map(({ flag, question, example }) => `--${flag}: is missing: ${question}, for example ${example}${flag === places[0]!.flag ? others : ''}`);
  const named = places.find((each) => each.place === place)!;
  const stray = Object.keys(answers).filter((flag) => !questions.some((each) => each.flag === flag));
  return [
    ...missing,
    ...stray.map((flag) => `--${flag}: is about another place of the credentials than --${named.flag} (${named.words}): leave one of them out`),
  ];
}

function alternatives(place: Place): string {
  return places
    .filter((each) => each.place !== place)
    .map(({ flag }) => `--${flag}`)
    .join(' or ');
}

/** What is wrong with the answers, each under its flag, in the words of the site's own parser. */
export function problemsOf(answers: Answers): string[] {
  try {
    parseSite(siteOf(answers));
    return [];
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return error.problems.map((problem) => {
      const [said = ''] = /^[^:]*/.exec(problem)!;
      const asked = questionsFor(chosenPlace(answers)).find(({ place }) => `${said}.`.startsWith(`site.${place}.`));
      return asked === undefined ? problem : `--${asked.flag}${problem.slice(said.length)}`;
    });
  }
}

/** What is wrong with one answer; undefined when it will do. */
export function problemOf({ flag }: Question, place: Place, value: string): string | undefined {
  const examples = Object.fromEntries(questionsFor(place).map((each) => [each.flag, each.example]));
  const found = problemsOf({ ...examples, [flag]: value }).find((problem) => problem.startsWith(`--${flag}:`));
  return found?.slice(`--${flag}: `.length);
}
