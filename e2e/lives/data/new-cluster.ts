import type { DataLife } from '../../harness/data-life';
import { kinds } from '../../harness/pvc';
import type { Stage } from '../../harness/stage';
import { eventually } from '../../harness/waiting';

const count = 25;

export const newClusterLives: readonly DataLife[] = [
  {
    name: `new cluster, same bucket: the tree is applied, and all of ${count} PVCs come back by themselves`,
    pvcs: count,
    // With those that the other lives leave behind there are enough.
    prepare: (stage) => backUpMore(stage, ['data-0', 'data-1', 'data-2']),
    play: async (stage) => {
      const missing = Math.max(0, count - stage.ground.backups.size);
      await backUpMore(
        stage,
        Array.from({ length: missing }, (_, i) => `without-others-${i}`),
      );
      // Not the largest, whose life has shown it: here it would only hide how long the others take.
      const all = [...stage.ground.backups.values()].toSorted((a, b) => a.contents.bytes - b.contents.bytes).slice(0, count);
      await stage.ground.replaceCluster();
      const begun = Date.now();
      await stage.world.applyTree();
      const tree = ((Date.now() - begun) / 1000).toFixed(1);
      // Argo CD applies the applications in the wave after Kyverno, each until it is taken.
      for (const each of new Set(all.map(({ namespace }) => namespace))) await stage.world.namespace(each);
      const applied = Date.now();
      await Promise.all(all.map(({ namespace, name, tier }) => stage.admitted(namespace, name, { backup: tier })));
      await Promise.all(all.map(({ namespace, name }) => stage.bound(namespace, name, 600)));
      const bound = ((Date.now() - applied) / 1000).toFixed(1);
      for (const { namespace, name } of all) await stage.holdsBackup(namespace, name);
      await eventually('nothing of the restores is left', 600, () => nothingIsLeft(stage, new Set(all.map(({ namespace }) => namespace))), 5000);
      const tidied = ((Date.now() - applied) / 1000).toFixed(0);
      return `tree ${tree} s; from apply to the last PVC bound ${bound} s, to the last temporary volume gone ${tidied} s`;
    },
  },
];

/** No destination of a restore, and no temporary volume. */
async function nothingIsLeft({ world }: Stage, namespaces: ReadonlySet<string>): Promise<boolean> {
  for (const namespace of namespaces) {
    const destinations = await world.api.list(kinds.destination.apiVersion, kinds.destination.kind, namespace);
    const claims = await world.api.list('v1', 'PersistentVolumeClaim', namespace);
    const left = [...destinations, ...claims.filter(({ metadata }) => metadata.name.endsWith('-dest'))];
    if (left.length > 0) throw new Error(`${namespace} has ${left.length} left, for example ${left[0]?.kind} ${left[0]?.metadata.name}`);
  }
  return true;
}

/** What the lives before it backed up comes back too, so only what is missing is made. */
async function backUpMore(stage: Stage, names: readonly string[]): Promise<void> {
  await stage.world.namespace('more');
  await Promise.all(names.map((name, i) => stage.protect('more', name, { backup: i % 2 === 0 ? 'hourly' : 'daily' })));
}
