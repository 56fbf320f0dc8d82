import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { backupLabel } from '../../lib/model/naming';
import type { KubeObject } from '../harness/api';
import { check } from '../harness/check';
import { repository } from '../harness/tree';

/** The claim of its first replica. */
export const firstClaim = 'data-db-0';
export const statefulSets = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' } as const;

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
