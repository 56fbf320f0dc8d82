import { backupLabel, explainQuery, plumber } from '../../lib/model/naming';
import { relabelPolicy, repairPolicy } from '../../lib/model/policy-names';
import type { Data, Tree } from '../../verify/tree';
import { admissionPolicies } from '../support/admission/api-server';
import { KyvernoPolicy } from '../support/admission/kyverno';
import { pvc, type PvcOptions } from '../support/pvc';
import { kyvernoConditionsOf, now } from './play';

/** Of the PVC. */
export const uid = '6f1c0d7e-0000-4000-8000-000000000000';
/** Of the PVC before the change. */
export const version = '4711';

/** A change of the label of a PVC that exists, and what the world around it says. */
export interface World {
  /** Label before. @default none */
  readonly from?: string | null;
  /** @default hourly */
  readonly to?: string;
  readonly options?: PvcOptions;
  /** Annotations of the PVC before the change. */
  readonly before?: Record<string, string>;
  /** Decision of pvc-plumber; undefined where it does not answer. */
  readonly says?: 'restore' | 'fresh' | undefined;
  /** What its answer says in place of what belongs to that decision. */
  readonly answer?: Readonly<Record<string, unknown>>;
  /** Owners of the resources with generated names that are there; null where the look-up fails, `no list` where it answers something else. */
  readonly owners?: Readonly<Record<string, readonly string[] | null | 'no list'>>;
  /** `down`: nobody is there. `always asked`: where the conditions of its webhook are lost, the API server sends it every change. */
  readonly kyverno?: 'down' | 'always asked';
  /** How often pvc-plumber is asked. @default any */
  readonly questions?: number;
  /** What the gate writes, and words of the reason. @default any */
  readonly decision?: string;
  readonly reason?: RegExp;
}

/** How it ends. */
export interface Outcome {
  readonly questions: number;
  readonly refused: readonly string[];
  readonly object: Data;
  /** Kinds that Kyverno makes of it. */
  readonly made: readonly string[];
}

/** Sets a label on an existing PVC. */
export function relabel(
  tree: Tree,
  { from = null, to = 'hourly', options = {}, before = {}, says, answer = {}, owners = {}, kyverno }: World,
): Outcome {
  const at = (backup: string | null, annotations: Record<string, string>): Data => {
    const written = pvc('app', 'data', { ...options, backup, annotations });
    const { [backupLabel]: _, ...others } = written.metadata.labels ?? {};
    const labels = { ...others, ...(backup === null ? {} : { [backupLabel]: backup }) };
    return { ...written, metadata: { ...written.metadata, labels, uid, resourceVersion: version, creationTimestamp: '2026-01-01T00:00:00Z' } };
  };
  const oldObject = at(from, before);
  const request = { operation: 'UPDATE' as const, object: at(to, { ...before, ...options.annotations }), oldObject };
  let questions = 0;
  const around = {
    now,
    service: (url: string): Data => {
      if (url !== `${plumber.url}/exists/app/data?${explainQuery}`) throw new Error(`${url} is asked`);
      questions += 1;
      const exists = says === 'restore';
      return says === undefined
        ? undefined
        : { exists, keyCount: 1, decision: says, authoritative: true, namespace: 'app', pvc: 'data', reason: 'proven', ...answer };
    },
    api: (path: string): Data => {
      const found = owners[/\/(\w+)\?/.exec(path)![1]!];
      if (found === null) return undefined;
      if (found === 'no list') return { kind: 'Status' };
      const ownerReferences = found?.map((each) => ({ kind: 'PersistentVolumeClaim', uid: each }));
      return {
        items: ownerReferences === undefined ? [] : [{ metadata: { name: 'its-name', ...(found!.length === 0 ? {} : { ownerReferences }) } }],
      };
    },
  };
  const policy = new KyvernoPolicy(tree.one('ClusterPolicy', relabelPolicy), around, kyvernoConditionsOf(tree));
  const isSent = kyverno === 'always asked' || (kyverno !== 'down' && policy.isSent(request));
  const object = !isSent ? request.object : policy.mutated(request);
  const { refusals } = admissionPolicies(tree, 'persistentvolumeclaims', { ...request, object });
  const repair = new KyvernoPolicy(
    tree.ofKind('ClusterPolicy').find(({ metadata }) => metadata.name.startsWith(repairPolicy)),
    around,
  );
  return { questions, refused: refusals, object, made: repair.generated({ ...request, object }).map(({ kind }) => kind) };
}
