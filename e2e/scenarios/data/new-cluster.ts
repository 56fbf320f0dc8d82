import type { DataScenario } from '../../harness/data-scenario';
import { check } from '../../harness/check';
import { kinds, pvc, refused } from '../../harness/pvc';
import type { TestContext } from '../../harness/test-context';
import { eventually } from '../../harness/waiting';

const count = 25;

export const newClusterScenarios: readonly DataScenario[] = [
  {
    name: `new cluster, same bucket: the tree is applied, and all of ${count} PVCs come back by themselves`,
    pvcs: count,
    // With those that the other scenarios leave behind there are enough.
    prepare: (context) => backUpMore(context, ['data-0', 'data-1', 'data-2']),
    play: async (context) => {
      const missing = Math.max(0, count - context.environment.backups.size);
      await backUpMore(
        context,
        Array.from({ length: missing }, (_, i) => `without-others-${i}`),
      );
      // Not the largest, whose scenario has shown it: here it would only hide how long the others take.
      const all = [...context.environment.backups.values()].toSorted((a, b) => a.contents.bytes - b.contents.bytes).slice(0, count);
      await context.environment.replaceCluster();
      const begun = Date.now();
      await context.cluster.applyTree();
      const tree = ((Date.now() - begun) / 1000).toFixed(1);
      // Argo CD applies the applications in the wave after Kyverno, each until it is taken.
      for (const each of new Set(all.map(({ namespace }) => namespace))) await context.cluster.namespace(each);
      const [first] = all;
      const reply = await context.cluster.api.create(pvc(first!.namespace, first!.name, { backup: first!.tier }));
      refused(reply, 'unknown');
      check(/another cluster \(.*\) holds the lease/.test(reply.message), `the refusal does not name the old cluster: ${reply.message}`);
      await context.cluster.plumberEndpoint.takeOver();
      const applied = Date.now();
      await Promise.all(all.map(({ namespace, name, tier }) => context.admitted(namespace, name, { backup: tier })));
      await Promise.all(all.map(({ namespace, name }) => context.bound(namespace, name, 600)));
      const bound = ((Date.now() - applied) / 1000).toFixed(1);
      for (const { namespace, name } of all) await context.holdsBackup(namespace, name);
      await eventually('nothing of the restores is left', 600, () => nothingIsLeft(context, new Set(all.map(({ namespace }) => namespace))), 5000);
      const tidied = ((Date.now() - applied) / 1000).toFixed(0);
      return `tree ${tree} s; from apply to the last PVC bound ${bound} s, to the last temporary volume gone ${tidied} s`;
    },
  },
];

/** No destination of a restore, and no temporary volume. */
async function nothingIsLeft({ cluster }: TestContext, namespaces: ReadonlySet<string>): Promise<boolean> {
  for (const namespace of namespaces) {
    const destinations = await cluster.api.list(kinds.destination.apiVersion, kinds.destination.kind, namespace);
    const claims = await cluster.api.list('v1', 'PersistentVolumeClaim', namespace);
    const left = [...destinations, ...claims.filter(({ metadata }) => metadata.name.endsWith('-dest'))];
    if (left.length > 0) throw new Error(`${namespace} has ${left.length} left, for example ${left[0]?.kind} ${left[0]?.metadata.name}`);
  }
  return true;
}

/** What the scenarios before it backed up comes back too, so only what is missing is made. */
async function backUpMore(context: TestContext, names: readonly string[]): Promise<void> {
  await context.cluster.namespace('more');
  await Promise.all(names.map((name, i) => context.protect('more', name, { backup: i % 2 === 0 ? 'hourly' : 'daily' })));
}
