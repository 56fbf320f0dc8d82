import { check, same } from '../harness/check';
import { calmLife, life, type Life } from '../harness/life';
import { childrenOf, verdictOf } from '../harness/pvc';
import { treeObjects } from '../harness/tree';
import type { EarlyApp } from '../harness/early-app';
import type { World } from '../harness/world';

/** A new admission policy is in force a moment after it is stored. */
const inForceAfterMs = 2000;

export const earlyLives: readonly Life[] = [
  life('an application applied from the first second never gets through unprotected once the first wave stands', async (world) => {
    const early = earlyApp(world);
    const [backstop, kyverno] = [early.synced.get('backup-backstop') ?? 0, early.synced.get('kyverno') ?? 0];
    const between = early.attempts.filter(({ sentAt }) => sentAt > backstop + inForceAfterMs && sentAt < kyverno);
    check(between.length > 20, `only ${between.length} attempts came while there was no gate`);
    let decided = 0;
    for (const { name, sentAt, live } of early.admitted) {
      if (sentAt <= backstop + inForceAfterMs) continue;
      same(verdictOf(live), early.hasBackup(name) ? 'restore' : 'fresh', `the verdict of ${name}`);
      decided += 1;
    }
    const refused = early.attempts.length - early.admitted.length;
    return `${early.attempts.length} attempts, ${early.admitted.length - decided} before the first wave, ${refused} refused, ${decided} admitted by the gate`;
  }),
  life('every object of the tree passes the API server with strict validation', async (world) => {
    const all = treeObjects();
    for (const { path, object } of all) {
      const { status, message } = await world.api.apply(object, { dryRun: true });
      check(status < 300, `${path}: ${object.kind} ${object.metadata.name}: ${message}`);
    }
    return `${all.length} objects`;
  }),
  calmLife('PVCs that existed before the policies get their children', async (world) => {
    const old = earlyApp(world).admitted.filter(({ live }) => verdictOf(live) === 'none');
    check(old.length > 0, 'there is no PVC from before the policies');
    await Promise.all(old.map(({ live }) => childrenOf(world, live, 120)));
    // Each of them would be looked at again with every policy that a later life changes.
    await world.removeNamespace(old[0]?.live.metadata.namespace ?? '');
    return `${old.length} PVCs`;
  }),
];

function earlyApp({ early }: World): EarlyApp {
  if (early === undefined) throw new Error('the tree was applied without an early application');
  return early;
}
