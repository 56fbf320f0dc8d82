import { annotation } from '../../lib/model/naming';
import { gatePolicy } from '../../lib/model/policy-names';
import { KyvernoPolicy } from '../support/admission/kyverno';
import { pvc } from '../support/pvc';
import type { Data, Tree } from '../../verify/tree';
import { now } from './play';

/** What the API server answers to one of the look-ups of what was generated for a previous PVC, and what the gate makes of it. */
export interface LeftRow {
  readonly name: string;
  /** Plural of what is looked up; nothing is left of the others. */
  readonly kind: string;
  /** Undefined where the look-up fails. */
  readonly answer: Data;
  readonly decision: 'fresh' | 'wait' | 'foreign';
}

const fresh = { exists: false, keyCount: 0, decision: 'fresh', authoritative: true, namespace: 'app', pvc: 'data', reason: 'nothing there' };

/** Annotations of a new PVC app/data without a backup, whose look-ups are answered so. */
export function decidedWith(tree: Tree, api: (path: string) => Data): Record<string, string> {
  const gate = new KyvernoPolicy(tree.one('ClusterPolicy', gatePolicy), { now, service: () => fresh, api });
  return gate.mutated({ operation: 'CREATE', object: pvc('app', 'data') }).metadata.annotations;
}

const reasons: Readonly<Record<LeftRow['decision'], RegExp>> = {
  fresh: /^nothing there$/,
  wait: /still exist \((\w+\/data-backup|a list that could not be read)\)$/,
  foreign: /\(\w+\/data-backup, not owned by a PVC of this name\)$/,
};

/** What is wrong with what the gate writes, or undefined where it is as the row says. */
export function problemOfLeft(tree: Tree, { kind, answer, decision }: LeftRow): string | undefined {
  try {
    const annotations = decidedWith(tree, (path) => (path.includes(`/${kind}?`) ? answer : { items: [] }));
    const { [annotation.decision]: found, [annotation.reason]: reason = '' } = annotations;
    return found === decision && reasons[decision].test(reason) ? undefined : `the decision is ${found}: ${reason}`;
  } catch (error) {
    return `it can't be evaluated: ${(error as Error).message}`;
  }
}

const item = (metadata: object = {}): Data => ({ items: [{ metadata: { name: 'data-backup', ...metadata } }] });
const of = (kind: string, name: string): Data => item({ ownerReferences: [{ kind, name }] });

const answers: readonly (readonly [name: string, answer: Data, decision: LeftRow['decision']])[] = [
  ['nothing is left', { items: [] }, 'fresh'],
  ['one of a PVC of this name is left', of('PersistentVolumeClaim', 'data'), 'wait'],
  ['one of the name that a person made is foreign', item(), 'foreign'],
  ['one that belongs to something else of this name is foreign', of('Deployment', 'data'), 'foreign'],
  ['one that belongs to another PVC is foreign', of('PersistentVolumeClaim', 'other'), 'foreign'],
  ['a foreign one that is being deleted goes by itself', item({ deletionTimestamp: 'now' }), 'wait'],
  ['a look-up that fails is not proof', undefined, 'wait'],
  ['an answer without a list is not proof', { kind: 'Status' }, 'wait'],
  ['an answer whose list is null is not proof', { items: null }, 'wait'],
];

export const leftRows: readonly LeftRow[] = ['externalsecrets', 'replicationsources', 'kopiamaintenances'].flatMap((kind) =>
  answers.map(([name, answer, decision]) => ({ name: `${kind} of a previous PVC: ${name}`, kind, answer, decision })),
);
