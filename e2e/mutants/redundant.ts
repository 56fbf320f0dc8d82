/** Lines without which nothing is lost, and why they stand. */
const redundant: readonly (readonly [line: RegExp, why: string])[] = [
  [
    /label-spelling: variables\.0\.expression without "oldObject != null"/,
    'what is created had no labels before, and where it has none either, none is misspelt',
  ],
  [
    /storage-class: validations\.0\.expression without "!\(params\.metadata\.name in variables\.classes\)"|quota: variables\.2\.expression without "!\(key in \[\]\)"/,
    'the example has no further snapshot classes and gives movers no resources; test/decision/storage.test.ts plays sites that do',
  ],
  [
    /quota: validations\.2\.expression without "!\('persistentvolumeclaims' in/,
    'without the key the rest can’t be evaluated, and what can’t be judged draws no warning',
  ],
  [/restore-retry: .*owner\.kind == 'ReplicationDestination'/, 'a Job of anything else has no destination to look at, and then nothing is deleted'],
  [
    /backup-restored: conditions\.1\.expression without "object\.\?status\.\?lastSyncTime/,
    'the last condition can’t be evaluated then, and deletes nothing; this one spares Kyverno the error',
  ],
  [
    /background-controller:volsync: without rules\.\d+ \{"apiGroups":\[""\],"resources":\["persistentvolumeclaims"/,
    'the chart binds the role `view` too',
  ],
];

/** Why nothing is lost without a mutant's line, or undefined where something would be. @param name of the mutant */
export function whyRedundant(name: string): string | undefined {
  return redundant.find(([line]) => line.test(name))?.[1];
}

/** The lines, for the test that asks whether each of them is one of a mutant that nothing notices. */
export const redundantLines: readonly RegExp[] = redundant.map(([line]) => line);

/** What only a real Kyverno shows: it has no request without the object before where the query names one. */
const clusterOnly = /backup-repair-\w+: .*without "!\(request\.oldObject\)"/;

/** Whether a line is missed by nothing but a scenario on a cluster. @param name of the mutant */
export function isForCluster(name: string): boolean {
  return clusterOnly.test(name);
}
