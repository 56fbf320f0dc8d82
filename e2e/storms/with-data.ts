import pLimit from 'p-limit';
import { Environment } from '../harness/environment';
import { generatedGone } from '../harness/pvc';
import { TestContext } from '../harness/test-context';
import { perNamespace, type Planned } from './plan';
import { playStorm, type Result, type Storm } from './storm';

/** External Secrets, VolSync, Kopia and an S3 server do their part. */
export const dataStorm: Storm = { name: 'closed loop of 60 with data', shape: 'closed loop', pvcs: 60, sizes: perNamespace.recovery };

const written = { files: 3, bulk: 100_000 } as const;
const sideBySide = 4;

/** Plays {@link dataStorm}: what has a backup is restored, and compared. */
export async function stormWithData(): Promise<{ readonly result: Result; readonly remark: string }> {
  const environment = await Environment.start();
  const context = new TestContext(environment);
  const limit = pLimit(sideBySide);
  const backUp = async (plan: readonly Planned[]): Promise<void> => {
    const kept = plan.filter(({ hasBackup }) => hasBackup);
    await limit.map(kept, ({ namespace, name }) => context.protect(namespace, name, written));
    await limit.map(kept, ({ namespace, name }) => context.lose(namespace, name));
    // A cluster that comes back has nothing of the PVCs before.
    await limit.map(kept, (each) => generatedGone(environment.cluster, each));
  };
  try {
    await environment.cluster.applyTree();
    const result = await playStorm(environment.cluster, dataStorm, { backUp });
    const begun = Date.now();
    await Promise.all(result.live.map(({ metadata: { namespace = '', name } }) => context.bound(namespace, name, 900)));
    const remark = `all bound ${((Date.now() - begun) / 1000).toFixed(0)} s after the last UpdateRequest`;
    for (const { namespace, name } of environment.backups.values()) await context.holdsBackup(namespace, name);
    return { result, remark: `${remark}; ${(context.compared / 1e6).toFixed(1)} MB compared` };
  } finally {
    await environment.stop();
  }
}
