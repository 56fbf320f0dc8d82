import { annotation, backupLabel } from '../../lib/model/naming';
import { madeByVolsync } from '../../lib/model/volsync-labels';
import type { DenialId } from '../../lib/admission/denials';
import { moverIds } from '../../lib/admission/requested-pvc';
import { denialPattern } from '../support/denial-pattern';
import type { PvcOptions } from '../support/pvc';
import { type AdmissionCase, changed, excluded, minutes, type Where } from './case';

const decided = (said: string): PvcOptions => ({ annotations: { [annotation.decision]: said } });
const block = { spec: { volumeMode: 'Block' } };
const user = (id: string): PvcOptions => ({ annotations: { [annotation.runAsUser]: id } });

function row(name: string, before: PvcOptions, after: PvcOptions, refused: readonly DenialId[] = [], where: Where = {}): AdmissionCase {
  return {
    name: `a PVC that exists: ${name}`,
    resource: 'persistentvolumeclaims',
    request: changed(before, after, where),
    refused: refused.map((id) => denialPattern(id)),
  };
}

const none: PvcOptions = { backup: null };
const another: PvcOptions = { annotations: { [annotation.decidedAtVersion]: 'another' } };
const leaving: PvcOptions = {
  ...another,
  metadata: { name: 'data', namespace: 'app', labels: { [backupLabel]: 'hourly' }, deletionTimestamp: minutes(0) },
};
const copy: PvcOptions = {
  ...another,
  metadata: { name: 'data', namespace: 'app', labels: { [backupLabel]: 'hourly', [madeByVolsync.key]: madeByVolsync.value } },
};

const byAnother = { ...another.annotations, ...user('1000').annotations };
const classless: PvcOptions = { spec: { storageClassName: '' } };
const skippedBecause: PvcOptions = { annotations: { ...decided('skipped').annotations, [annotation.skipRestoreReason]: 'on purpose' } };

/** A label that comes later, with what the gate wrote about it, and changes that are none of a label. */
export const labelChangeCases: readonly AdmissionCase[] = [
  row('it gets a label, and the gate decided', none, {}),
  row('it gets a label, and the gate did not see it', none, another, ['labelUndecided']),
  row('it gets a label that looks like a tier, and the gate did not see it', none, { backup: 'Hourly', ...another }, ['labelUndecided']),
  row('it gets another program’s label, and the gate did not see it', none, { backup: 'velero', ...another }),
  row('it gets a label over a backup', none, decided('conflict'), ['labelConflict']),
  row('it gets another program’s label over a backup', none, { backup: 'velero', ...decided('conflict') }, ['labelConflict']),
  row('it gets a label in a doubt', none, decided('unknown'), ['labelUnknown']),
  row('it gets a label beside a foreign resource', none, decided('foreign'), ['labelForeign']),
  row('it gets a label, and a skipped restore that nobody asked for', none, decided('skipped'), ['noSkipReason']),
  row('it gets a label, without a class', none, classless, ['noClass']),
  row('it gets a label, as a block volume', { ...none, ...block }, block, ['unsupported']),
  row('it gets a label while it is being deleted', none, leaving),
  row('it gets a label as a copy that VolSync made for itself', none, copy),
  ...excluded.map((namespace) => row(`it gets a label, in ${namespace}`, none, another, [], { namespace })),
  row('it loses its label', {}, { backup: null, ...another }),
  row('a block volume that was labelled before is changed', block, { ...block, ...another }),
  row('a change that leaves a misspelt label alone', { backup: 'Hourly' }, { backup: 'Hourly', ...another }),
  row(
    'a change that leaves another program’s label alone, with a decision of its creation',
    { backup: 'velero' },
    { backup: 'velero', ...decided('conflict') },
  ),
  row('it gets a label, with a name that is too long', none, {}, ['unsupported'], { name: 'n'.repeat(64) }),
  row('it gets a label, and a decision that nobody makes', none, decided('maybe'), ['labelUndecided']),
  row('it gets a label that looks like a tier, in a doubt', none, { backup: 'Hourly', ...decided('unknown') }, ['labelUnknown']),
  row('it gets another program’s label, in a doubt', none, { backup: 'velero', ...decided('unknown') }),
  row('it gets a label that looks like a tier, beside a foreign resource', none, { backup: 'Hourly', ...decided('foreign') }, ['labelForeign']),
  row('it gets another program’s label, beside a foreign resource', none, { backup: 'velero', ...decided('foreign') }),
  row('it gets another program’s label, as a block volume', { ...none, ...block }, { backup: 'velero', ...block }),
  row('it gets another program’s label, without a class', none, { backup: 'velero', ...classless }),
  row('another program’s label becomes empty, with the decision of an earlier change', { backup: 'velero' }, { backup: '', ...decided('conflict') }),
  row('it gets a label, and is to be skipped without a reason', none, { annotations: { [annotation.skipRestore]: 'true' } }, ['noSkipReason']),
  row('it gets a label, and a skipped restore with a reason that nobody asked for', none, skippedBecause, ['noSkipReason']),
  row('a block volume that was labelled before gets the other tier', block, { backup: 'daily', ...block, ...another }),
  row('another user of its movers, and the other tier', {}, { backup: 'daily', annotations: byAnother }),
  row('another user of its movers, and a label that looks like a tier stays', { backup: 'Hourly' }, { backup: 'Hourly', annotations: byAnother }),
  row('another user of its movers, without a class', classless, { ...classless, annotations: byAnother }),
  ...['conflict', 'unknown', 'foreign', 'skipped', 'maybe'].map((said) =>
    row(`another user of its movers, with the decision ${said} of before`, {}, { annotations: { ...decided(said).annotations, ...byAnother } }),
  ),
  ...moverIds.map((key) => row(`${key} becomes none`, {}, { annotations: { [key]: 'root' } }, ['unsupported'])),
  row('a user who is none, with another program’s label', { backup: 'velero' }, { backup: 'velero', ...user('root') }),
];
