import type { DataLife } from '../../harness/data-life';

const count = 25;
const namespaces = ['apps', 'media', 'work'];

export const newClusterLives: readonly DataLife[] = [
  {
    name: `new cluster, same bucket: the tree is applied, and all of ${count} PVCs come back by themselves`,
    pvcs: count,
    play: async (stage) => {
      const all = Array.from({ length: count }, (_, i) => ({
        namespace: namespaces[i % namespaces.length] ?? '',
        name: `data-${i}`,
        backup: i % 2 === 0 ? 'hourly' : 'daily',
      }));
      for (const each of namespaces) await stage.world.namespace(each);
      await Promise.all(all.map(({ namespace, name, backup }) => stage.protect(namespace, name, { backup })));
      await stage.replaceCluster();
      const begun = Date.now();
      const seconds = (): string => `${((Date.now() - begun) / 1000).toFixed(1)} s`;
      await stage.world.applyTree();
      const tree = seconds();
      // Argo CD applies the applications in the wave after Kyverno, each until it is taken.
      for (const each of namespaces) await stage.world.namespace(each);
      const applied = Date.now();
      await Promise.all(all.map(({ namespace, name, backup }) => stage.admitted(namespace, name, { backup })));
      await Promise.all(all.map(({ namespace, name }) => stage.bound(namespace, name, 600)));
      const bound = ((Date.now() - applied) / 1000).toFixed(1);
      for (const { namespace, name } of all) await stage.holdsBackup(namespace, name);
      return `tree ${tree}; from apply to the last PVC bound ${bound} s`;
    },
  },
];
