import type { DenialId } from '../../lib/admission/denials';
import { denialPattern } from '../../test/support/denial-pattern';
import { annotation, maintenanceName, type PvcRef, secretName, sourceName } from '../../lib/model/naming';
import type { KubeObject, Ref, Reply, WithApi } from './api';
import { check, same } from './check';
import { eventually } from './waiting';

export { pvc, type PvcOptions } from '../../test/support/pvc';

export function pvcRef(namespace: string, name: string): Required<Ref> {
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name };
}

export const kinds = {
  secret: { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret' },
  source: { apiVersion: 'volsync.backube/v1alpha1', kind: 'ReplicationSource' },
  destination: { apiVersion: 'volsync.backube/v1alpha1', kind: 'ReplicationDestination' },
  maintenance: { apiVersion: 'volsync.backube/v1alpha1', kind: 'KopiaMaintenance' },
} as const;

/** The resources that every labelled PVC has. */
export function alwaysGeneratedRefs(of: PvcRef): readonly Ref[] {
  const { namespace } = of;
  return [
    { ...kinds.secret, namespace, name: secretName(of) },
    { ...kinds.source, namespace, name: sourceName(of) },
    { ...kinds.maintenance, namespace, name: maintenanceName(of) },
  ];
}

export function admitted(reply: Reply): KubeObject {
  check(reply.status === 201, `the PVC must be admitted, but: ${reply.status} ${reply.message}`);
  return reply.body;
}

/** @param why a denial of the decision table, or what another message says */
export function refused(reply: Reply, why: DenialId | RegExp): void {
  const words = typeof why === 'string' ? denialPattern(why) : why;
  check(reply.status >= 400, `the PVC must be refused, but it was created: ${JSON.stringify(reply.body.metadata.annotations)}`);
  check(words.test(reply.message), `the refusal must say ${words}, but says: ${reply.message}`);
}

export function decisionOf(object: KubeObject): string {
  return object.metadata.annotations?.[annotation.decision] ?? 'none';
}

/** The resources that are generated for a PVC, the restore too where one was decided. */
export function generatedRefs(live: KubeObject): readonly Ref[] {
  const { name, namespace = '' } = live.metadata;
  const restore = (live['spec'].dataSourceRef as { kind: string; name: string } | undefined)?.kind === 'ReplicationDestination';
  return [
    ...alwaysGeneratedRefs({ namespace, name }),
    ...(restore ? [{ ...kinds.destination, namespace, name: String(live['spec'].dataSourceRef.name) }] : []),
  ];
}

/** Waits until all resources of this very PVC are there and belong to it, the restore too where one was decided. */
export async function generatedFor(
  cluster: WithApi,
  live: KubeObject,
  seconds = 60,
): Promise<Record<'secret' | 'source' | 'maintenance', KubeObject>> {
  const { name, namespace = '', uid } = live.metadata;
  const refs = generatedRefs(live);
  const found = await eventually(`resources of ${namespace}/${name}`, seconds, async () => {
    const all = await Promise.all(refs.map((ref) => cluster.api.find(ref)));
    const missing = refs.filter((_, index) => !owned(all[index], uid));
    if (missing.length > 0) throw new Error(`missing: ${missing.map(({ kind }) => kind).join(', ')}`);
    return all as KubeObject[];
  });
  // Without it the template's own keys replace the credentials.
  same(found[0]?.['spec'].target.template.mergePolicy, 'Merge', 'mergePolicy');
  return { secret: found[0] as KubeObject, source: found[1] as KubeObject, maintenance: found[2] as KubeObject };
}

function owned(child: KubeObject | undefined, uid: string | undefined): boolean {
  return child?.metadata.deletionTimestamp === undefined && child?.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
}

/** Deletes a PVC and waits until it is gone; nothing may keep it. */
export async function deletePvc(cluster: WithApi, namespace: string, name: string, seconds = 20): Promise<void> {
  await cluster.api.delete(pvcRef(namespace, name));
  await eventually(`${namespace}/${name} is gone`, seconds, async () => (await cluster.api.find(pvcRef(namespace, name))) === undefined, 20);
}

/** No generated resource of a PVC is left. */
export async function generatedGone(cluster: WithApi, of: PvcRef, seconds = 60): Promise<void> {
  await eventually(`resources of ${of.namespace}/${of.name} are gone`, seconds, async () => {
    const all = await Promise.all(alwaysGeneratedRefs(of).map((ref) => cluster.api.find(ref)));
    return all.every((child) => child === undefined);
  });
}
