import type { DenialId } from '../../lib/admission/denials';
import { annotation } from '../../lib/model/naming';
import { madeByVolsync } from '../../lib/model/volsync-labels';
import type { PvcOptions } from '../support/pvc';
import { now } from './play';
import { uid, version, type World } from './relabel';

const why = { [annotation.skipRestore]: 'true', [annotation.skipRestoreReason]: 'its contents are newer' };
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
