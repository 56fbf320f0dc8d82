import { annotation, undecidedSourceName } from '../../lib/model/naming';
import { madeByVolsync } from '../../lib/model/volsync-labels';
import type { DenialId } from '../../lib/admission/denials';
import type { AdmissionRequest } from '../support/admission/request';
import { denialPattern } from '../support/denial-pattern';
import type { PvcOptions } from '../support/pvc';
import { type AdmissionCase, created, excluded, minutes, ofVolsync } from './case';

const noTier = [/is not one of hourly, daily/];

function row(name: string, request: AdmissionRequest, refused: readonly DenialId[], warned: readonly RegExp[] = []): AdmissionCase {
  return {
    name: `a new PVC: ${name}`,
    resource: 'persistentvolumeclaims',
    request,
    refused: refused.map((id) => denialPattern(id)),
    warned,
  };
}

const decision = (said: string, at: string): PvcOptions => ({ annotations: { [annotation.decision]: said, [annotation.decidedAt]: at } });
const source = { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: 'data-restore-a1b2c3d4' };
const held = { ...source, name: undecidedSourceName({ namespace: 'app', name: 'data' }) };
const from = (dataSourceRef: object): PvcOptions => ({ spec: { dataSourceRef } });

/** A restore that is skipped, and one that only looks so. */
function skips(backup: string, warned: readonly RegExp[]): AdmissionCase[] {
  const [asks, why] = [{ [annotation.skipRestore]: 'true' }, { [annotation.skipRestoreReason]: 'on purpose' }];
  const skip = (name: string, annotations: PvcOptions['annotations'], said: string, refused: readonly DenialId[]): AdmissionCase =>
    row(`${backup}, ${name}`, created({ backup, annotations: annotations! }, said), refused, warned);
  return [
    skip('skipped with a reason', { ...asks, ...why }, 'skipped', []),
    skip('a skipped restore that nobody asked for', {}, 'skipped', ['noSkipReason']),
    skip('a skipped restore with a reason that nobody asked for', why, 'skipped', ['noSkipReason']),
    skip('skipped without a reason', asks, 'skipped', ['noSkipReason']),
    skip('fresh, and to be skipped without a reason', asks, 'fresh', ['noSkipReason']),
  ];
}

/** What the API server says of a decision on its own, whoever wrote it: where there is no gate, a person did. */
const decisions: readonly AdmissionCase[] = [
  row('nobody decided on it', created({}, null), ['undecided', 'otherCreation']),
  row('a decision that nobody makes', created({}, 'maybe'), ['undecided']),
  row('a decision of just now', created(decision('fresh', minutes(-4))), []),
  row('an exported decision', created(decision('fresh', minutes(-6))), ['otherCreation']),
  row('a decision from the future', created(decision('fresh', minutes(6))), ['otherCreation']),
  row('a decision without a time', created({ annotations: { [annotation.decision]: 'fresh' } }, null), ['otherCreation']),
  row('a restore from what it points to itself', created(from(source), 'restore'), []),
  row('a restore from another group’s object of that name', created(from({ ...source, apiGroup: 'example.com' }), 'restore'), ['foreignSource']),
  row('a restore from what nobody makes', created(from(held), 'restore'), ['foreignSource']),
  row('it exists, and points to what nobody makes', created(from(held), 'exists'), []),
  row('it exists, and points to another group’s object of that name', created(from({ ...held, apiGroup: 'example.com' }), 'exists'), ['unknown']),
  row('it exists, and points to another kind of that name', created(from({ ...held, kind: 'VolumeSnapshot' }), 'exists'), ['unknown']),
  row('it exists, and points to a restore of its own', created(from(source), 'exists'), ['unknown']),
  row('a restore from another kind of that name', created(from({ ...source, kind: 'VolumeSnapshot' }), 'restore'), ['foreignSource']),
  row('fresh, and points to a restore of its own', created(from(source)), ['staleSource']),
  row('fresh, and points to a restore of another PVC', created(from({ ...source, name: 'other-restore-a1b2c3d4' })), []),
  ...skips('hourly', []),
  row('with the other tier, nobody decided on it', created({ backup: 'daily' }, null), ['undecided', 'otherCreation']),
  ...excluded.map((namespace) => row(`in ${namespace}, nobody decided on it`, created({}, null, { namespace }), [], [/namespace is excluded/])),
  row('VolSync made it for itself, and nobody decided on it', created(ofVolsync(madeByVolsync.key, madeByVolsync.value), null), []),
];

/** A label that is of no tier. */
const otherLabels: readonly AdmissionCase[] = [
  row('a label that looks like a tier, nobody decided on it', created({ backup: 'Hourly' }, null), ['nearTier', 'otherCreation'], noTier),
  row(
    'a label that looks like a tier, with an exported decision',
    created({ backup: 'Hourly', ...decision('fresh', minutes(-6)) }),
    ['otherCreation'],
    noTier,
  ),
  row('a label that looks like a tier, with a decision of just now', created({ backup: 'Hourly', ...decision('fresh', minutes(-4)) }), [], noTier),
  row(
    'a label that looks like a tier, with a decision from the future',
    created({ backup: 'Hourly', ...decision('fresh', minutes(6)) }),
    ['otherCreation'],
    noTier,
  ),
  ...skips('Hourly', noTier),
  row('another program’s label, nobody decided on it', created({ backup: 'velero' }, null), [], noTier),
];

/** @param at minutes from the creation until which the choice is valid; null where it does not say */
function older(
  name: string,
  choice: Readonly<Record<string, string>>,
  at: number | null,
  refused: readonly DenialId[],
  said = 'restore',
): AdmissionCase {
  const annotations = { ...choice, ...(at === null ? {} : { [annotation.restoreExpires]: minutes(at) }) };
  return row(`an older backup, ${name}`, created({ annotations, ...(said === 'restore' ? from(source) : {}) }, said), refused);
}

const yesterday = { [annotation.restoreAsOf]: minutes(-24 * 60) };
const previous = { [annotation.restorePrevious]: '2' };
const week = 7 * 24 * 60;

/** The choice of an older backup. */
const olderBackups: readonly AdmissionCase[] = [
  older('of a time', yesterday, 60, []),
  older('by its number', previous, 60, []),
  older('of a time that can’t be read', { [annotation.restoreAsOf]: 'yesterday' }, 60, ['unreadableChoice']),
  older('by a number that can’t be read', { [annotation.restorePrevious]: 'two' }, 60, ['unreadableChoice']),
  older('of a time to come', { [annotation.restoreAsOf]: minutes(1) }, 60, ['futureChoice']),
  older('for ever', yesterday, null, ['choiceWithoutEnd']),
  older('by its number, for ever', previous, null, ['choiceWithoutEnd']),
  older('for a week', yesterday, week, []),
  older('for longer than a week', yesterday, week + 1, ['choiceWithoutEnd']),
  older('until a moment ago', yesterday, -1, ['expiredChoice']),
  older('by its number, until a moment ago', previous, -1, ['expiredChoice']),
  older('where there is no backup', yesterday, 60, ['nothingToChoose'], 'fresh'),
  older('by its number, where there is no backup', previous, 60, ['nothingToChoose'], 'fresh'),
  row('an end of a choice that nobody made', created({ annotations: { [annotation.restoreExpires]: minutes(-1) } }), []),
];

/** Creations of labelled PVCs, as the API server sees them without asking anybody. */
export const creationCases: readonly AdmissionCase[] = [...decisions, ...otherLabels, ...olderBackups];
