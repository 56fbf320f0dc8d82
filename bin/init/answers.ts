import { ProblemsError } from '../../lib/model/problems';
import { parseSite } from '../../lib/site/schema';
import type { SiteValues } from '../../lib/site/values';

/** One value of a new site: a flag, and a question on a terminal. */
export interface Question {
  readonly flag: string;
  /** Where the value stands in the site values. */
  readonly place: string;
  readonly question: string;
  /** A value that would do, shown as an example. */
  readonly example: string;
  /** @default - the value has to be given */
  readonly fallback?: string;
}

export const questions: readonly Question[] = [
  {
    flag: 'git-url',
    place: 'git.url',
    question: 'Git repository that Argo CD reads, as it reaches it',
    example: 'https://github.com/example/cluster.git',
  },
  { flag: 'git-revision', place: 'git.revision', question: 'Its branch', example: 'main', fallback: 'main' },
  { flag: 's3-endpoint', place: 's3.endpoint', question: 'S3 store of the backups', example: 'http://192.168.10.133:30292' },
  { flag: 's3-bucket', place: 's3.bucket', question: 'Bucket, empty or with the backups of a cluster to restore', example: 'volsync-backup' },
  { flag: 'vault', place: 'onepassword.vault', question: '1Password vault with the credentials', example: 'homelab' },
  {
    flag: 'item',
    place: 'onepassword.item',
    question: 'Item in it that holds access key, secret key, Kopia password, endpoint and bucket',
    example: 'rustfs',
  },
  { flag: 'storage-class', place: 'storage.storageClass', question: 'StorageClass of the volumes', example: 'longhorn', fallback: 'longhorn' },
  {
    flag: 'snapshot-class',
    place: 'storage.snapshotClass',
    question: 'VolumeSnapshotClass that the backups use',
    example: 'longhorn-snapclass',
    fallback: 'longhorn-snapclass',
  },
];

/** The value of each flag. */
export type Answers = Readonly<Record<string, string>>;

/** Site values from the answers, with the tiers, the fields and the identity of README's example. */
export function siteOf(answers: Answers): SiteValues {
  const answer = (flag: string): string => answers[flag] ?? '';
  return {
    git: { url: answer('git-url'), revision: answer('git-revision'), path: 'dist' },
    s3: { endpoint: answer('s3-endpoint'), bucket: answer('s3-bucket') },
    onepassword: {
      vault: answer('vault'),
      item: answer('item'),
      fields: {
        accessKeyId: 'k8s-admin-access-key',
        secretAccessKey: 'k8s-admin-secret-key',
        kopiaPassword: 'kopia_password',
        endpoint: 'endpoint',
        bucket: 'bucket',
      },
    },
    storage: { storageClass: answer('storage-class'), snapshotClass: answer('snapshot-class') },
    tiers: [
      { label: 'hourly', schedule: '0 * * * *', retention: { hourly: 24, daily: 7, weekly: 4, monthly: 2 } },
      { label: 'daily', schedule: '0 2 * * *', retention: { hourly: 24, daily: 7, weekly: 4, monthly: 2 } },
    ],
    excludedNamespaces: ['kube-system', 'volsync-system', 'kyverno'],
    mover: { runAsUser: 568, runAsGroup: 568, fsGroup: 568 },
  };
}

/** What is wrong with the answers, each under its flag, in the words of the site's own parser. */
export function problemsOf(answers: Answers): string[] {
  try {
    parseSite(siteOf(answers));
    return [];
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return error.problems.map((problem) => {
      const asked = questions.find(({ place }) => problem.startsWith(`site.${place}:`));
      return asked === undefined ? problem : problem.replace(`site.${asked.place}`, `--${asked.flag}`);
    });
  }
}

/** What is wrong with one answer; undefined when it will do. */
export function problemOf({ flag }: Question, value: string): string | undefined {
  const others = Object.fromEntries(questions.map((each) => [each.flag, each.example]));
  const found = problemsOf({ ...others, [flag]: value }).find((problem) => problem.startsWith(`--${flag}:`));
  return found?.slice(`--${flag}: `.length);
}
