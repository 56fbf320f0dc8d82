import { annotation, backupLabel, explainQuery, plumber } from '../../lib/model/naming';
import { relabelPolicy, repairPolicy } from '../../lib/model/policy-names';
import { madeByVolsync } from '../../lib/model/volsync-labels';
import { homelab } from '../../examples/homelab/site';
import { type Data, Tree } from '../../verify/tree';
import type { DenialId } from '../../lib/admission/denials';
import { admissionPolicies } from '../support/admission/api-server';
import { denialPattern } from '../support/denial-pattern';
import { KyvernoPolicy } from '../support/admission/kyverno';
import { pvc, type PvcOptions } from '../support/pvc';
import { kyvernoConditionsOf, now } from './play';

const tree = Tree.of(homelab);
const uid = '6f1c0d7e-0000-4000-8000-000000000000';
const version = '4711';
const why = { [annotation.skipRestore]: 'true', [annotation.skipRestoreReason]: 'its contents are newer' };

interface World {
  /** Label before. @default none */
  readonly from?: string | null;
  /** @default hourly */
  readonly to?: string;
  readonly options?: PvcOptions;
  /** Annotations of the PVC before the change. */
  readonly before?: Record<string, string>;
  /** Decision of pvc-plumber; undefined where it does not answer. */
  readonly says?: 'restore' | 'fresh' | undefined;
  /** Owners of the resources with generated names that are there; null where the look-up fails. */
  readonly owners?: Readonly<Record<string, readonly string[] | null>>;
  readonly kyverno?: 'down';
}

interface Outcome {
  readonly questions: number;
  readonly refused: readonly string[];
  readonly object: Data;
  /** Kinds that Kyverno makes of it. */
  readonly made: readonly string[];
}

/** Sets a label on an existing PVC. */
function relabel({ from = null, to = 'hourly', options = {}, before = {}, says, owners = {}, kyverno }: World): Outcome {
  const at = (backup: string | null, annotations: Record<string, string>): Data => {
    const written = pvc('app', 'data', { ...options, backup, annotations });
    return { ...written, metadata: { ...written.metadata, uid, resourceVersion: version, creationTimestamp: '2026-01-01T00:00:00Z' } };
  };
  const oldObject = at(from, before);
  const request = { operation: 'UPDATE' as const, object: at(to, { ...before, ...options.annotations }), oldObject };
  let questions = 0;
  const around = {
    now,
    service: (url: string): Data => {
      expect(url).toBe(`${plumber.url}/exists/app/data?${explainQuery}`);
      questions += 1;
      const exists = says === 'restore';
      return says === undefined
        ? undefined
        : { exists, keyCount: 1, decision: says, authoritative: true, namespace: 'app', pvc: 'data', reason: 'proven' };
    },
    api: (path: string): Data => {
      const found = owners[/\/(\w+)\?/.exec(path)![1]!];
      if (found === null) return undefined;
      const ownerReferences = found?.map((each) => ({ kind: 'PersistentVolumeClaim', uid: each }));
      return {
        items: ownerReferences === undefined ? [] : [{ metadata: { name: 'its-name', ...(found!.length === 0 ? {} : { ownerReferences }) } }],
      };
    },
  };
  const policy = new KyvernoPolicy(tree.one('ClusterPolicy', relabelPolicy), around, kyvernoConditionsOf(tree));
  const object = kyverno === 'down' || !policy.isSent(request) ? request.object : policy.mutated(request);
  const { refusals } = admissionPolicies(tree, 'persistentvolumeclaims', { ...request, object });
  const repair = new KyvernoPolicy(
    tree.ofKind('ClusterPolicy').find(({ metadata }) => metadata.name.startsWith(repairPolicy)),
    around,
  );
  return { questions, refused: refusals, object, made: repair.generated({ ...request, object }).map(({ kind }) => kind) };
}

const all = ['ExternalSecret', 'KopiaMaintenance', 'ReplicationSource'];

describe('a PVC that exists gets the label of a tier', () => {
  test.each<[string, World, DenialId | undefined]>([
    ['adopted: no backup in the store', { says: 'fresh' }, undefined],
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
    ['restored once, and the store has nothing now', { says: 'fresh', before: { [annotation.decision]: 'restore' } }, 'labelUnknown'],
    ['over a backup, with skip-restore and a reason', { says: 'restore', options: { annotations: why } }, undefined],
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
    ['a look-up that fails', { says: 'fresh', owners: { externalsecrets: null } }, 'labelUnknown'],
    ['a look-up that fails beside one of its own', { says: 'fresh', owners: { externalsecrets: [uid], replicationsources: null } }, 'labelUnknown'],
    ['a block volume', { says: 'fresh', options: { spec: { volumeMode: 'Block' } } }, 'unsupported'],
    [
      'made with generateName, of which a name came',
      { says: 'fresh', options: { metadata: { generateName: 'da', name: 'data', namespace: 'app', labels: { [backupLabel]: 'hourly' } } } },
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
        options: { metadata: { deletionTimestamp: now.toISOString(), name: 'data', namespace: 'app', labels: { [backupLabel]: 'hourly' } } },
      },
      undefined,
    ],
    [
      'a copy that VolSync made',
      {
        kyverno: 'down',
        options: { metadata: { name: 'data', namespace: 'app', labels: { [backupLabel]: 'hourly', [madeByVolsync.key]: madeByVolsync.value } } },
      },
      undefined,
    ],
  ])('%s', (_, world, denial) => {
    const { refused } = relabel(world);
    if (denial === undefined) expect(refused).toEqual([]);
    else expect(refused[0]).toMatch(denialPattern(denial));
  });

  test('where the admission policy is taken away, nothing is made over a backup, in a doubt, or beside a foreign resource', () => {
    expect(relabel({ says: 'fresh' }).made.toSorted()).toEqual(all);
    for (const world of [{ says: 'restore' } as const, {}, { says: 'fresh', owners: { replicationsources: [] } } as const])
      expect(relabel(world).made).toEqual([]);
  });

  test('with a label of no tier that was let go in a doubt nothing is made, even when that becomes a tier', () => {
    const { object } = relabel({ to: 'velero' });
    expect(object.metadata.annotations[annotation.decision]).toBe('unknown');
    const asTier = { ...object, metadata: { ...object.metadata, labels: { [backupLabel]: 'hourly' } } };
    const around = { now, service: () => undefined, api: () => undefined };
    const repair = tree.ofKind('ClusterPolicy').find(({ metadata }) => metadata.name.startsWith(repairPolicy));
    expect(new KyvernoPolicy(repair, around).generated({ operation: 'UPDATE', object: asTier })).toEqual([]);
  });

  test('of two answers in the same admission the safer one counts', () => {
    for (const first of ['unknown', 'conflict'])
      expect(
        relabel({ says: 'fresh', options: { annotations: { [annotation.decision]: first, [annotation.decidedAtVersion]: version } } }).refused,
      ).toHaveLength(1);
  });

  test('a restore that the PVC still waits for stays decided', () => {
    const { object } = relabel({ says: 'restore', owners: { externalsecrets: [uid] }, before: { [annotation.decision]: 'restore' } });
    expect(object.metadata.annotations[annotation.decision]).toBe('restore');
  });
});

test('a change of a labelled PVC that leaves its label alone asks nobody', () => {
  expect(relabel({ from: 'hourly', to: 'hourly', options: { annotations: { note: 'x' } } })).toMatchObject({ questions: 0, refused: [] });
  expect(relabel({ from: 'hourly', to: 'daily' })).toMatchObject({ questions: 0, refused: [] });
});

test.each([annotation.runAsUser, annotation.runAsGroup, annotation.fsGroup])('a change of %s is checked like at the creation', (key) => {
  const changed = (value: string): readonly string[] => relabel({ from: 'hourly', options: { annotations: { [key]: value } } }).refused;
  for (const value of ['2147483647', '0', '1000']) expect(changed(value)).toEqual([]);
  for (const value of ['2147483648', '-1', '1.5', 'NaN', 'root', '99999999999999999999', ''])
    expect(changed(value)).toEqual([expect.stringMatching(denialPattern('unsupported'))]);
});
