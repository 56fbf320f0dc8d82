import { annotation, backupLabel } from '../../lib/model/naming';
import { followPolicy, generatePolicy, repairPolicy } from '../../lib/model/policy-names';
import { KyvernoPolicy } from '../support/admission/kyverno';
import type { AdmissionRequest } from '../support/admission/request';
import { pvc, type PvcOptions } from '../support/pvc';
import type { Data, Tree } from '../../verify/tree';
import { now } from './play';

/** Of the PVC. */
export const uid = '6f1c0d7e-0000-4000-8000-000000000000';

/** A request, and what Kyverno makes or changes beside its object. */
export interface GeneratedRow {
  readonly name: string;
  /** What its policy's name begins with. */
  readonly policy: string;
  readonly request: AdmissionRequest;
  /** Kinds and names, of backups with their schedule, in any order. */
  readonly made: readonly string[];
  /** What is there to be changed. @default the PVC's own credentials and backup */
  readonly there?: readonly Data[];
}

/** The rendered policy, with nobody to ask. */
export function policyStarting(tree: Tree, name: string): KyvernoPolicy {
  return new KyvernoPolicy(
    tree.ofKind('ClusterPolicy').find(({ metadata }) => metadata.name.startsWith(name)),
    { now, service: () => undefined, api: () => undefined },
  );
}

/** What is wrong with what Kyverno makes, or undefined where it is as the row says. */
export function problemOfGenerated(tree: Tree, { policy, request, made, there = its }: GeneratedRow): string | undefined {
  try {
    const played = policyStarting(tree, policy);
    const changed = policy === followPolicy ? played.followed(request, there).map(({ target, patch }) => ({ ...target, ...patch })) : [];
    const found = [...(policy === followPolicy ? changed : played.generated(request))].map(brief).toSorted();
    return JSON.stringify(found) === JSON.stringify(made.toSorted()) ? undefined : `what is made is ${found.join(', ') || 'nothing'}`;
  } catch (error) {
    return `it can't be evaluated: ${(error as Error).message}`;
  }
}

function brief({ kind, metadata, spec }: Data): string {
  return `${kind} ${metadata.name}${kind === 'ReplicationSource' ? ` at ${spec.trigger.schedule}` : ''}`;
}

const thing = (kind: string, name: string, owner?: string): Data => ({
  kind,
  metadata: {
    namespace: 'app',
    name,
    ...(owner && { ownerReferences: [{ kind: 'PersistentVolumeClaim', name: 'data', uid: owner }] }),
  },
});
const things = (owner?: string): Data[] => [thing('ExternalSecret', 'volsync-data', owner), thing('ReplicationSource', 'data-backup', owner)];
const its = things(uid);

const secret = 'ExternalSecret volsync-data';
const hourly = 'ReplicationSource data-backup at 0 * * * *';
const daily = 'ReplicationSource data-backup at 0 2 * * *';
const maintenance = 'KopiaMaintenance kopia-3a6eb0790f39ac87';
const restore = 'ReplicationDestination data-restore-a1b2c3d4';

/** A PVC that is there. @param status its phase, for example */
function living(options: PvcOptions, more: { readonly deletionTimestamp?: string; readonly status?: object } = {}): Data {
  const { status, ...metadata } = more;
  const written = pvc('app', 'data', options);
  return { ...written, metadata: { ...written.metadata, uid, ...metadata }, ...(status && { status }) };
}

const decided = (said: string): PvcOptions => ({ annotations: { [annotation.decision]: said } });
const pointed = (source: object = {}): PvcOptions['spec'] => ({
  dataSourceRef: { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: 'data-restore-a1b2c3d4', ...source },
});
const restoring: PvcOptions = { ...decided('restore'), spec: pointed()! };

function created(name: string, options: PvcOptions, made: readonly string[]): GeneratedRow {
  return { name: `a new PVC, ${name}`, policy: generatePolicy, request: { operation: 'CREATE', object: living(options) }, made };
}

const creations: readonly GeneratedRow[] = [
  created('fresh', decided('fresh'), [secret, hourly, maintenance]),
  created('fresh, with the other tier', { ...decided('fresh'), backup: 'daily' }, [secret, daily, maintenance]),
  created('skipped', decided('skipped'), [secret, hourly, maintenance]),
  created('restored', restoring, [secret, hourly, maintenance, restore]),
  created('fresh, and points to a restore', { ...restoring, ...decided('fresh') }, [secret, hourly, maintenance]),
  created('restored, and points nowhere', decided('restore'), [secret, hourly, maintenance]),
  created('restored, and points to something of another group', { ...restoring, spec: pointed({ apiGroup: 'example.com' })! }, [
    secret,
    hourly,
    maintenance,
  ]),
  created('restored, and points to something of another kind', { ...restoring, spec: pointed({ kind: 'VolumeSnapshot' })! }, [
    secret,
    hourly,
    maintenance,
  ]),
  created('restored, and points to the restore of another PVC', { ...restoring, spec: pointed({ name: 'other-restore-a1b2c3d4' })! }, [
    secret,
    hourly,
    maintenance,
  ]),
  created('of a block volume', { ...decided('fresh'), spec: { volumeMode: 'Block' } }, []),
  ...['unknown', 'wait', 'exists', 'foreign', 'conflict'].map((said) =>
    created(`that was not admitted: ${said}`, { ...restoring, ...decided(said) }, []),
  ),
  created('that nobody decided on', {}, []),
  created('without the label', { ...decided('fresh'), backup: null }, []),
];

/** @param old the PVC before; undefined in a round of Kyverno itself, which has none */
function repaired(name: string, object: Data, old: Data | undefined, made: readonly string[]): GeneratedRow {
  return {
    name: `a repair, ${name}`,
    policy: repairPolicy,
    request: { operation: 'UPDATE', object, ...(old === undefined ? {} : { oldObject: old }) },
    made,
  };
}

const asking = (options: PvcOptions, at = now.toISOString()): PvcOptions => ({
  ...options,
  annotations: { ...options.annotations, [annotation.repairRequestedAt]: at },
});
const bound = { status: { phase: 'Bound' } };
const there = living(restoring);
const all = [secret, hourly, maintenance, restore];

const repairs: readonly GeneratedRow[] = [
  repaired('that pvc-plumber asks for', living(asking(restoring)), there, all),
  repaired('that pvc-plumber asks for again', living(asking(restoring)), living(asking(restoring, 'before')), all),
  repaired('that was asked for before', living(asking(restoring)), living(asking(restoring)), []),
  repaired('that nobody asks for', living({ ...restoring, annotations: { ...restoring.annotations, note: 'x' } }), there, []),
  repaired('that nobody asks for, once it is bound', living(restoring, bound), there, []),
  repaired('in a round of Kyverno', there, undefined, all),
  repaired('of a PVC that gets its label', there, living({ ...restoring, backup: null }), all),
  repaired('of a PVC that gets another tier', living({ ...restoring, backup: 'daily' }), there, [secret, daily, maintenance, restore]),
  repaired('of a PVC that was there before the policies, and has no decision', living({}), undefined, [secret, hourly, maintenance]),
  repaired('of a PVC that is bound: it is not restored again', living(asking(restoring), bound), living(restoring, bound), [
    secret,
    hourly,
    maintenance,
  ]),
  repaired('of a PVC that is being deleted', living(asking(restoring), { deletionTimestamp: now.toISOString() }), there, []),
  repaired('of a block volume', living({ spec: { volumeMode: 'Block' } }), undefined, []),
  ...['unknown', 'wait', 'exists', 'foreign', 'conflict'].map((said) =>
    repaired(`of a PVC that was not admitted: ${said}`, living({ ...restoring, ...decided(said) }), undefined, []),
  ),
  ...[{ apiGroup: 'example.com' }, { kind: 'VolumeSnapshot' }, { name: 'other-restore-a1b2c3d4' }].map((source) =>
    repaired(
      `of a PVC that points to no restore of its own: ${JSON.stringify(source)}`,
      living({ ...restoring, spec: pointed(source)! }),
      undefined,
      [secret, hourly, maintenance],
    ),
  ),
  repaired('of a fresh PVC that points to a restore', living({ ...restoring, ...decided('fresh') }), undefined, [secret, hourly, maintenance]),
];

function followed(name: string, before: PvcOptions | undefined, object: Data, made: readonly string[], others?: readonly Data[]): GeneratedRow {
  const oldObject = before === undefined ? {} : { oldObject: living(before) };
  return {
    name: `backups follow, ${name}`,
    policy: followPolicy,
    request: { operation: 'UPDATE', object, ...oldObject },
    made,
    ...(others && { there: others }),
  };
}

const follows: readonly GeneratedRow[] = [
  followed('another tier', { backup: 'hourly' }, living({ backup: 'daily' }), [secret, daily]),
  followed('another tier, back', { backup: 'daily' }, living({ backup: 'hourly' }), [secret, hourly]),
  followed('other values of the site', undefined, living({}), [secret, hourly]),
  ...['hourly', 'daily'].flatMap((backup) => [
    followed(`a change that leaves the tier ${backup} alone`, { backup }, living({ backup, annotations: { note: 'x' } }), []),
    followed(`a PVC that is being deleted, now ${backup}`, { backup: 'velero' }, living({ backup }, { deletionTimestamp: now.toISOString() }), []),
    followed(`but not what a person made under these names, now ${backup}`, { backup: 'velero' }, living({ backup }), [], things()),
    followed(`but not what an earlier PVC of the name left, now ${backup}`, { backup: 'velero' }, living({ backup }), [], things('earlier')),
  ]),
  followed('a PVC whose label is taken off', {}, living({ metadata: { name: 'data', namespace: 'app', labels: { [backupLabel]: 'velero' } } }), []),
];

/** What is made for PVCs, and changed with them. */
export const generatedRows: readonly GeneratedRow[] = [...creations, ...repairs, ...follows];
