import { annotation, backupLabel, explainQuery, plumber } from '../../lib/model/naming';
import { relabelPolicy, repairPolicy } from '../../lib/model/policy-names';
import { madeByVolsync } from '../../lib/model/volsync-labels';
import type { Data, Tree } from '../../verify/tree';
import type { DenialId } from '../../lib/admission/denials';
import { admissionPolicies } from '../support/admission/api-server';
import { KyvernoPolicy } from '../support/admission/kyverno';
import { pvc, type PvcOptions } from '../support/pvc';
import { kyvernoConditionsOf, now } from './play';

/** Of the PVC. */
export const uid = '6f1c0d7e-0000-4000-8000-000000000000';
/** Of the PVC before the change. */
export const version = '4711';
const why = { [annotation.skipRestore]: 'true', [annotation.skipRestoreReason]: 'its contents are newer' };

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

const leaving: PvcOptions = {
  metadata: { deletionTimestamp: now.toISOString(), name: 'data', namespace: 'app' },
};

const restored = { [annotation.decision]: 'restore' };
const doubted = { [annotation.decision]: 'unknown' };

type Relabelling = readonly [name: string, world: World, denial: DenialId | undefined];

/** Changes of labels, and why each is refused; undefined where it is not. */
export const relabelRows: readonly Relabelling[] = [
  ['adopted: no backup in the store', { says: 'fresh', reason: /^proven$/ }, undefined],
  ['over a backup of another volume', { says: 'restore' }, 'labelConflict'],
  ['a label that was misspelt', { from: 'Hourly', says: 'restore' }, 'labelConflict'],
  ['no answer', {}, 'labelUnknown'],
  ['Kyverno is away', { says: 'fresh', kyverno: 'down' }, 'labelUndecided'],
  [
    'Kyverno is away, and the annotations are written by hand',
    {
      kyverno: 'down',
      options: { annotations: { [annotation.decision]: 'fresh', [annotation.decidedAt]: now.toISOString() } },
    },
    'labelUndecided',
  ],
  [
    'a decision of an earlier change',
    { kyverno: 'down', before: { [annotation.decision]: 'fresh', [annotation.decidedAtVersion]: '4000' } },
    'labelUndecided',
  ],
  [
    'a decision of its creation, written by whomever',
    { says: 'restore', before: { [annotation.decision]: 'fresh', [annotation.decidedFor]: 'app/data' } },
    'labelConflict',
  ],
  [
    'a spoofed decision',
    { says: 'restore', options: { annotations: { [annotation.decision]: 'fresh', [annotation.decidedAtVersion]: version } } },
    'labelConflict',
  ],
  ['a decision that was left open', { from: 'velero', says: 'fresh', before: { [annotation.decision]: 'unknown' } }, undefined],
  [
    'restored once, and the store has nothing now',
    { says: 'fresh', before: restored, reason: /^the PVC was restored from a backup/ },
    'labelUnknown',
  ],
  [
    'over a backup, with skip-restore and a reason',
    { says: 'restore', options: { annotations: why }, reason: /^skip-restore was asked for$/ },
    undefined,
  ],
  ['over a backup, with skip-restore alone', { says: 'restore', options: { annotations: { [annotation.skipRestore]: 'true' } } }, 'noSkipReason'],
  ['back after it was taken off: its credentials are its own', { says: 'restore', owners: { externalsecrets: [uid] } }, undefined],
  ['back, and pvc-plumber is away', { owners: { replicationsources: [uid] } }, undefined],
  [
    'of a tier with another name',
    { from: 'weekly', says: 'restore', owners: { externalsecrets: [uid], replicationsources: [uid], kopiamaintenances: [uid] } },
    undefined,
  ],
  ['back, and its backup is another PVC’s', { says: 'fresh', owners: { externalsecrets: [uid], replicationsources: ['other'] } }, 'labelForeign'],
  ['a backup of the name that a person made', { says: 'fresh', owners: { replicationsources: [] } }, 'labelForeign'],
  ['the same, with skip-restore', { says: 'fresh', owners: { replicationsources: [] }, options: { annotations: why } }, 'labelForeign'],
  ['a look-up that fails', { says: 'fresh', owners: { externalsecrets: null }, reason: /^the API server did not list/ }, 'labelUnknown'],
  ...['externalsecrets', 'replicationsources', 'kopiamaintenances'].flatMap((kind): Relabelling[] => [
    [`an answer without a list of ${kind}`, { says: 'fresh', owners: { [kind]: 'no list' }, reason: /^the API server did not list/ }, 'labelUnknown'],
    [
      `${kind} of its own, and nothing else`,
      { says: 'restore', owners: { [kind]: [uid] }, reason: /^its backups are of this very volume$/ },
      undefined,
    ],
    [`${kind} of another PVC`, { says: 'fresh', owners: { [kind]: ['other'] }, reason: /^a resource has the name of one.*its-name/ }, 'labelForeign'],
    [`${kind} of nobody`, { says: 'fresh', owners: { [kind]: [] }, reason: /^a resource has the name of one.*owner: none/ }, 'labelForeign'],
  ]),
  [
    'back, and a restore that it still waits for stays decided',
    { owners: { externalsecrets: [uid] }, before: restored, decision: 'restore' },
    undefined,
  ],
  ['back, and its last decision was a doubt', { owners: { externalsecrets: [uid] }, before: doubted, decision: 'fresh' }, undefined],
  ['restored once, and the store has it', { says: 'restore', before: restored, reason: /^proven$/ }, 'labelConflict'],
  ['a look-up that fails beside one of its own', { says: 'fresh', owners: { externalsecrets: [uid], replicationsources: null } }, 'labelUnknown'],
  ['a block volume', { says: 'fresh', options: { spec: { volumeMode: 'Block' } } }, 'unsupported'],
  [
    'made with generateName, of which a name came',
    { says: 'fresh', options: { metadata: { generateName: 'da', name: 'data', namespace: 'app' } } },
    undefined,
  ],
  ['a label of no tier, over a backup', { to: 'velero', says: 'restore' }, 'labelConflict'],
  ['a label of no tier, no backup', { to: 'velero', says: 'fresh' }, undefined],
  ['a label of no tier, no answer', { to: 'velero' }, undefined],
  ['a tier of tomorrow, over a backup', { to: 'weekly', says: 'restore' }, 'labelConflict'],
  ['a tier of tomorrow, no answer', { to: 'weekly' }, 'labelUnknown'],
  ['a tier of tomorrow, and Kyverno is away', { to: 'weekly', kyverno: 'down' }, 'labelUndecided'],
  ['a tier of tomorrow, over its own backup', { to: 'weekly', says: 'restore', owners: { externalsecrets: [uid] } }, undefined],
  ['from tier to tier: nobody is asked', { from: 'hourly', to: 'daily', kyverno: 'down' }, undefined],
  ['from tier to another program’s', { from: 'hourly', to: 'velero', kyverno: 'down' }, undefined],
  [
    'on its way out',
    {
      kyverno: 'down',
      options: { metadata: { deletionTimestamp: now.toISOString(), name: 'data', namespace: 'app' } },
    },
    undefined,
  ],
  [
    'a copy that VolSync made',
    {
      kyverno: 'down',
      options: { metadata: { name: 'data', namespace: 'app', labels: { [madeByVolsync.key]: madeByVolsync.value } } },
    },
    undefined,
  ],
  ['on its way out, and Kyverno sees it', { kyverno: 'always asked', to: 'velero', options: leaving, questions: 0 }, undefined],
  ['from tier to tier, and Kyverno sees it', { from: 'hourly', to: 'daily', kyverno: 'always asked', questions: 0 }, undefined],
  ['a change of something else, and Kyverno sees it', { from: 'velero', to: 'velero', kyverno: 'always asked', questions: 0 }, undefined],
  ['a change of something else', { from: 'hourly', to: 'hourly', kyverno: 'down' }, undefined],
  ['a change of something else, with a label of no tier', { from: 'velero', to: 'velero', kyverno: 'down' }, undefined],
  ['without a class', { says: 'fresh', options: { spec: { storageClassName: '' } } }, 'noClass'],
  ['a label of no tier, without a class', { to: 'velero', says: 'fresh', options: { spec: { storageClassName: '' } } }, undefined],
  ...(
    [
      ['fresh, but not authoritative', 'fresh', { authoritative: false }],
      ['fresh, but exists', 'fresh', { exists: true }],
      ['fresh about another PVC', 'fresh', { pvc: 'other' }],
      ['fresh about another namespace', 'fresh', { namespace: 'other' }],
      ['another decision', 'fresh', { decision: 'maybe' }],
      ['restore, but not authoritative', 'restore', { authoritative: false }],
      ['restore, but exists is false', 'restore', { exists: false }],
      ['restore about another PVC', 'restore', { pvc: 'other' }],
      ['restore about another namespace', 'restore', { namespace: 'other' }],
    ] as const
  ).map(([name, says, answer]) => [`an answer that contradicts itself: ${name}`, { says, answer }, 'labelUnknown'] as const),
  ...(['unknown', 'conflict'] as const).map(
    (first) =>
      [
        `the first of two answers in one admission was ${first}`,
        { says: 'fresh', options: { annotations: { [annotation.decision]: first, [annotation.decidedAtVersion]: version } } },
        first === 'unknown' ? 'labelUnknown' : 'labelConflict',
      ] as const,
  ),
];
