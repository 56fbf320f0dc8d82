import { explainQuery, plumber } from '../../lib/model/naming';
import { backstopPolicy, gatePolicy, otherLabelPolicy } from '../../lib/model/policy-names';
import { admissionPolicies, withSystemFields } from '../support/admission/api-server';
import { KyvernoPolicy } from '../support/admission/kyverno';
import type { AdmissionRequest } from '../support/admission/request';
import type { Data, Tree } from '../../verify/tree';
import { notOurs, type Row } from './row';

/** The moment of every creation. */
export const now = new Date('2026-01-31T18:00:00Z');

/** How the creation of a row's PVC ends. */
export interface Outcome {
  /** Kyverno is asked about it. */
  readonly asked: boolean;
  /** The PVC as the gate left it. */
  readonly object: Data;
  /** The message that its author reads, the first one, or none; undefined where the policy that refuses is not about the request. */
  readonly refused: readonly string[] | undefined;
}

/** Plays a row through the rendered objects: conditions of the webhook, the gate's rules, then the admission policies of the API server. */
export function play(tree: Tree, row: Row): Outcome {
  const { object, answer, left, exists = false } = row;
  const operation: AdmissionRequest['operation'] = row.operation ?? 'CREATE';
  const policy = new KyvernoPolicy(
    tree.one('ClusterPolicy', gatePolicy),
    {
      now,
      service: (url) => (url === `${plumber.url}/exists/${object.metadata.namespace}/${object.metadata.name}?${explainQuery}` ? answer : undefined),
      api: (path) => lookedUp(path, object.metadata.name, left, exists),
    },
    kyvernoConditionsOf(tree),
  );
  const request: AdmissionRequest = { operation, object, ...(operation === 'CREATE' ? {} : { oldObject: object }) };
  const asked = operation === 'CREATE' && policy.isSent(request);
  const mutated = asked ? policy.mutated(request) : object;
  const stored: AdmissionRequest = { ...request, object: operation === 'CREATE' ? withSystemFields(mutated, now) : mutated };
  const reply = admissionPolicies(tree, 'persistentvolumeclaims', stored);
  return { asked, object: stored.object, refused: refusing.some((name) => reply.matched.includes(name)) ? reply.refusals.slice(0, 1) : undefined };
}

/** The policies that refuse the creation of a labelled PVC. */
const refusing = [backstopPolicy, otherLabelPolicy];

/** The match conditions that the tree writes into Kyverno's ConfigMap. */
export function kyvernoConditionsOf(tree: Tree): readonly Data[] {
  return tree.one('Application', 'kyverno').spec.sources[0].helm.valuesObject.config.matchConditions ?? [];
}

/** What the API server lists at one of the gate's look-ups; the path names the kind. */
function lookedUp(path: string, name: string, left: Row['left'] = ['', '', ''], exists: boolean): Data {
  const [, plural = ''] = /\/([a-z]+)\?/.exec(path) ?? [];
  if (plural === 'persistentvolumeclaims') return { items: exists ? [{ metadata: {} }] : [] };
  const found = left[['externalsecrets', 'replicationsources', 'kopiamaintenances'].indexOf(plural)] ?? '';
  if (found === '') return { items: [] };
  const owner = found.endsWith(notOurs) ? { kind: 'Deployment', name } : { kind: 'PersistentVolumeClaim', name };
  return { items: [{ metadata: { name: found.split(',')[0]!.split('/').at(-1), ownerReferences: [owner] } }] };
}
