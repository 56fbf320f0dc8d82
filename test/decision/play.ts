import { annotation, gatePolicy, plumber } from '../../lib/model/naming';
import { words } from '../../lib/model/words';
import { admissionPolicies, withSystemFields } from '../support/admission/api-server';
import { KyvernoPolicy } from '../support/admission/kyverno';
import type { AdmissionRequest } from '../support/admission/request';
import type { Data, Tree } from '../../verify/tree';
import type { Refusal, Row } from './rows';

/** The moment of every creation. */
export const now = new Date('2026-01-31T18:00:00Z');

/** How the creation of a row's PVC ends. */
export interface Outcome {
  /** The PVC as the gate left it. */
  readonly object: Data;
  /** Messages of the gate's own rules that refuse; undefined where none is about the request. */
  readonly gate: readonly string[] | undefined;
  /** Messages of the fallback policy; undefined where it is not about the request. */
  readonly fallback: readonly string[] | undefined;
  /** The gate has validate rules. Without any its word is only what it writes, and the fallback policy alone refuses. */
  readonly gateRefuses: boolean;
}

/** Plays a row through the rendered objects: mutate rules, then the gate's validate rules, then the admission policies of the API server. */
export function play(tree: Tree, row: Row): Outcome {
  const { object, answer, left } = row;
  const operation: AdmissionRequest['operation'] = row.operation ?? 'CREATE';
  const gate = tree.one('ClusterPolicy', gatePolicy);
  const policy = new KyvernoPolicy(gate, {
    now,
    service: (url) => (url === `${plumber.url}/exists/${object.metadata.namespace}/${object.metadata.name}` ? answer : undefined),
    api: (path) => leftovers(path, left),
  });
  const request: AdmissionRequest = { operation, object, ...(operation === 'CREATE' ? {} : { oldObject: object }) };
  const sent = policy.isSent(request);
  const mutated = sent ? policy.mutated(request) : object;
  const stored: AdmissionRequest = { ...request, object: operation === 'CREATE' ? withSystemFields(mutated, now) : mutated };
  const reply = admissionPolicies(tree, 'persistentvolumeclaims', stored);
  const { matched, refusals } = sent ? policy.validated(stored) : { matched: [], refusals: [] };
  return {
    object: stored.object,
    gate: matched.length === 0 ? undefined : refusals.map(({ message }) => message),
    fallback: reply.matched.includes('volsync-pvc-backup-backstop') ? reply.refusals : undefined,
    gateRefuses: gate.spec.rules.some((rule: Data) => rule.validate !== undefined),
  };
}

/** What the API server lists at one of the gate's look-ups; the path names the kind. */
function leftovers(path: string, left: Row['left'] = ['', '', '']): Data {
  const [, plural = ''] = /\/([a-z]+)\?/.exec(path) ?? [];
  const found = left[['externalsecrets', 'replicationsources', 'kopiamaintenances'].indexOf(plural)] ?? '';
  return { items: found === '' ? [] : [{ metadata: { name: found.split('/').at(-1), ownerReferences: [{ kind: 'PersistentVolumeClaim' }] } }] };
}

/** The words of a refusal, for the PVC as the gate left it. */
export function wordsOf(refusal: Refusal, { metadata, spec }: Data): string {
  const pvc = `${metadata.namespace}/${metadata.name}`;
  const detail = refusal === 'staleSource' ? spec.dataSourceRef?.name : metadata.annotations[annotation.reason];
  return words[refusal](pvc, detail);
}
