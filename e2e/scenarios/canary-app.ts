import { check, same } from '../harness/check';
import { parallelScenario, scenario, type Scenario } from '../harness/scenario';
import { generatedFor, decisionOf } from '../harness/pvc';
import { treeObjects } from '../harness/tree';
import type { CanaryApp } from '../harness/canary-app';
import type { Cluster } from '../harness/cluster';

/** A new admission policy is in force a moment after it is stored. */
const inForceAfterMs = 2000;

export const earlyScenarios: readonly Scenario[] = [
  scenario('an application applied from the first second never gets through unprotected once the first wave stands', async (cluster) => {
    const early = canaryApp(cluster);
    const [backstop, kyverno] = [early.synced.get('backup-backstop') ?? 0, early.synced.get('kyverno') ?? 0];
    const between = early.attempts.filter(({ sentAt }) => sentAt > backstop + inForceAfterMs && sentAt < kyverno);
    check(between.length > 20, `only ${between.length} attempts came while there was no gate`);
    let decided = 0;
    for (const { name, sentAt, live } of early.admitted) {
      if (sentAt <= backstop + inForceAfterMs) continue;
      same(decisionOf(live), early.hasBackup(name) ? 'restore' : 'fresh', `the decision of ${name}`);
      decided += 1;
    }
    const refused = early.attempts.length - early.admitted.length;
    return `${early.attempts.length} attempts, ${early.admitted.length - decided} before the first wave, ${refused} refused, ${decided} admitted by the gate`;
  }),
  scenario('every object of the tree passes the API server with strict validation', async (cluster) => {
    const all = treeObjects();
    for (const { path, object } of all) {
      const { status, message } = await cluster.api.apply(object, { dryRun: true });
      check(status < 300, `${path}: ${object.kind} ${object.metadata.name}: ${message}`);
    }
    return `${all.length} objects`;
  }),
  parallelScenario('PVCs that existed before the policies get their resources', async (cluster) => {
    const old = canaryApp(cluster).admitted.filter(({ live }) => decisionOf(live) === 'none');
    check(old.length > 0, 'there is no PVC from before the policies');
    await Promise.all(old.map(({ live }) => generatedFor(cluster, live, 120)));
    // Each of them would be looked at again with every policy that a later scenario changes.
    await cluster.removeNamespace(old[0]?.live.metadata.namespace ?? '');
    return `${old.length} PVCs`;
  }),
];

function canaryApp({ early }: Cluster): CanaryApp {
  if (early === undefined) throw new Error('the tree was applied without an early application');
  return early;
}
