import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { backupLabel } from '../../lib/model/naming';
import type { KubeObject, WithApi } from '../harness/api';
import { check } from '../harness/check';
import { repository } from '../harness/tree';
import { eventually } from '../harness/waiting';

/** The claim of its first replica. */
export const firstClaim = 'data-db-0';
const sets = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' } as const;

/** The StatefulSet of docs/extending.md in another namespace. @param labelled whether its template has the label, as the page says */
export function statefulSet(namespace: string, labelled: boolean): KubeObject {
  const page = readFileSync(join(repository, 'docs', 'extending.md'), 'utf8');
  const [, text] = /```yaml\n(apiVersion: apps\/v1\nkind: StatefulSet\n.*?)```/s.exec(page) ?? [];
  const { metadata, spec, ...rest } = load(text ?? '') as KubeObject;
  const [template] = spec.volumeClaimTemplates as [KubeObject];
  check(template.metadata.labels?.[backupLabel] !== undefined, 'the template of the page has the label');
  const templates = labelled ? [template] : [{ ...template, metadata: { name: template.metadata.name } }];
  return { ...rest, metadata: { ...metadata, namespace }, spec: { ...spec, volumeClaimTemplates: templates } };
}

/** `kubectl delete statefulset`. @param policy what happens to its Pods */
export async function deleteSet({ api }: WithApi, namespace: string, policy: 'Orphan' | 'Background'): Promise<void> {
  const uid = (await api.find({ ...sets, namespace }))?.metadata.uid;
  await api.request('DELETE', `/apis/apps/v1/namespaces/${namespace}/statefulsets/db?propagationPolicy=${policy}`);
  // Argo CD makes it anew at once.
  await eventually('the StatefulSet is gone', 60, async () => (await api.find({ ...sets, namespace }))?.metadata.uid !== uid, 250);
}

/** The Pod of the first replica belongs to the StatefulSet that lives. @returns its uid */
export async function podOf({ api }: WithApi, namespace: string, seconds = 60): Promise<string> {
  return eventually('the Pod belongs to the StatefulSet', seconds, async () => {
    const set = await api.find({ ...sets, namespace });
    const pod = await api.find({ apiVersion: 'v1', kind: 'Pod', namespace, name: 'db-0' });
    return set !== undefined && pod?.metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid) === true && pod.metadata.uid;
  });
}
