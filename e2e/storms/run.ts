import type { Report } from '../harness/report';
import { useTree } from '../harness/tree';
import { Cluster } from '../harness/cluster';
import { check } from '../harness/check';
import { problemsOf, scalingProblems } from './checks';
import { lostGenerations, stormsWithLosses } from './lost';
import { recovery, storms } from './matrix';
import { playStorm, type Result, type Storm } from './storm';
import { comparisonOf, tableOf } from './table';
import { dataStorm, stormWithData } from './with-data';

const scaling = 'twice the PVCs cost less than 2.3 times as much';

/** Names of everything that {@link playStorms} plays. */
export const stormNames: readonly string[] = [...storms.map(({ name }) => name), scaling, dataStorm.name, stormsWithLosses];

/** Plays storms one after another, each on a new cluster. @param against folder of another rendered tree that each is played on first */
export async function playStorms(report: Report, words: readonly string[], against?: string): Promise<void> {
  const picked = (name: string): boolean => words.length === 0 || words.some((word) => name.includes(word));
  const results: Result[] = [];
  for (const storm of storms.filter(({ name }) => picked(name))) {
    const other = against === undefined ? undefined : await onOther(against, storm);
    await report.line(storm.name, async () => {
      const result = await alone(storm);
      results.push(result);
      if (other !== undefined) console.log(`\n${comparisonOf(other, result)}\n`);
      judge(problemsOf(result));
    });
  }
  const [half, whole] = [200, 400].map((pvcs) => results.find(({ storm }) => storm.name === recovery(pvcs).name));
  if (half !== undefined && whole !== undefined) await report.line(scaling, async () => judge(scalingProblems(half, whole)));
  if (picked(dataStorm.name)) {
    await report.line(dataStorm.name, async () => {
      const { result, remark } = await stormWithData();
      results.push(result);
      judge(problemsOf(result));
      return remark;
    });
  }
  if (results.length > 0) console.log(`\n${tableOf(results)}\n`);
  if (picked(stormsWithLosses)) await report.line(stormsWithLosses, () => onNewCluster((cluster) => lostGenerations(cluster)));
}

/** What is wrong about the other tree is said, and does not fail the run. */
async function onOther(tree: string, storm: Storm): Promise<Result | undefined> {
  useTree(tree);
  try {
    const result = await alone(storm);
    for (const problem of problemsOf(result)) console.log(`         the other tree, ${storm.name}: ${problem}`);
    return result;
  } catch (error) {
    console.log(`         the other tree, ${storm.name}: ${(error as Error).message}`);
    return undefined;
  } finally {
    useTree();
  }
}

function alone(storm: Storm): Promise<Result> {
  return onNewCluster((cluster) => playStorm(cluster, storm, { compared: true }));
}

async function onNewCluster<T>(act: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = await Cluster.start();
  try {
    await cluster.applyTree();
    return await act(cluster);
  } finally {
    await cluster.stop();
  }
}

function judge(problems: readonly string[]): void {
  check(problems.length === 0, problems.join('; '));
}
