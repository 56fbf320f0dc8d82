import { check, same } from '../../harness/check';
import type { Ref } from '../../harness/api';
import { applicationRef, type Standing } from '../../harness/argocd/argocd';
import type { ArgoCluster } from '../../harness/argocd/cluster';
import { eventually } from '../../harness/waiting';
import { inventory, lost } from './deletion';
import type { ArgoScenario } from '../../harness/argocd/scenario';

const trackingId = 'argocd.argoproj.io/tracking-id';
const argoproj = 'argoproj.io/v1alpha1';

interface Resource {
  readonly group?: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Everything that Argo CD made of the tree, but its own objects. */
async function madeObjects(cluster: ArgoCluster): Promise<Ref[]> {
  return (await cluster.argocd.applications())
    .flatMap(({ status }) => ((status as Standing).resources ?? []) as unknown as Resource[])
    .filter(({ group }) => group !== 'argoproj.io')
    .map(({ group = '', version, kind, namespace, name }) => ({
      apiVersion: group === '' ? version : `${group}/${version}`,
      kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
    }));
}

/** Takes Argo CD's marks off an object: it looks as if Helm or kubectl had made it. @returns whether it had any */
async function forgotten(cluster: ArgoCluster, ref: Ref): Promise<boolean> {
  const live = await cluster.api.find(ref);
  if (live?.metadata.annotations?.[trackingId] === undefined) return false;
  const { status, message } = await cluster.api.patch(ref, { metadata: { annotations: { [trackingId]: null }, managedFields: [{}] } });
  check(status < 300, `${ref.kind} ${ref.name} keeps its marks: ${message}`);
  return true;
}

export const adoptionScenarios: readonly ArgoScenario[] = [
  {
    name: 'adoption: all of it is there, made by other hands. Argo CD takes it over, makes nothing anew, and everything is Synced',
    play: async (cluster) => {
      const before = await inventory(cluster);
      const objects = await madeObjects(cluster);
      const names = (await cluster.argocd.applications()).map(({ metadata }) => metadata.name);
      await cluster.api.delete(applicationRef('root'));
      await cluster.api.request('DELETE', '/apis/argoproj.io/v1alpha1/namespaces/argocd/applicationsets/my-apps?propagationPolicy=Orphan');
      for (const name of names) await cluster.api.delete(applicationRef(name));
      await eventually('no Application is left', 120, async () => (await cluster.argocd.applications()).length === 0);
      for (const name of ['infrastructure', 'monitoring', 'my-apps'])
        await cluster.api.delete({ apiVersion: argoproj, kind: 'AppProject', namespace: 'argocd', name });
      let marked = 0;
      for (const ref of objects) if (await forgotten(cluster, ref)) marked += 1;
      same(lost(before, await inventory(cluster)), [], 'what is gone with the Applications');
      const begun = Date.now();
      await cluster.bootstrap();
      await eventually('every Application is there again', 600, async () => {
        const now = (await cluster.argocd.applications()).map(({ metadata }) => metadata.name);
        return names.every((name) => now.includes(name));
      });
      for (const name of names.filter((each) => !each.startsWith('my-apps-'))) await cluster.settled(name, 400);
      const took = ((Date.now() - begun) / 1000).toFixed(0);
      for (const name of names)
        await eventually(
          `${name} is Synced`,
          240,
          async () => ((await cluster.argocd.application(name))?.['status'] as Standing | undefined)?.sync?.status === 'Synced',
        );
      same(lost(before, await inventory(cluster)), [], 'what was made anew');
      let taken = 0;
      for (const ref of objects) if ((await cluster.api.find(ref))?.metadata.annotations?.[trackingId] !== undefined) taken += 1;
      same(taken, marked, 'objects that Argo CD tracks again');
      return `${marked} objects, ${names.length} Applications, ${took} s`;
    },
  },
];
