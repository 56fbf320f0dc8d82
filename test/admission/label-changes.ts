import { annotation, backupLabel } from '../../lib/model/naming';
import { madeByVolsync } from '../../lib/model/volsync-labels';
import type { DenialId } from '../../lib/admission/denials';
import { denialPattern } from '../support/denial-pattern';
import type { PvcOptions } from '../support/pvc';
import { type AdmissionCase, changed, excluded, minutes } from './case';

const decided = (said: string): PvcOptions => ({ annotations: { [annotation.decision]: said } });
const block = { spec: { volumeMode: 'Block' } };
const user = (id: string): PvcOptions => ({ annotations: { [annotation.runAsUser]: id } });

function row(name: string, before: PvcOptions, after: PvcOptions, refused: readonly DenialId[] = [], namespace = 'app'): AdmissionCase {
  return {
    name: `a PVC that exists: ${name}`,
    resource: 'persistentvolumeclaims',
    request: changed(before, after, { namespace }),
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
  row('it gets a label, without a class', none, { spec: { storageClassName: '' } }, ['noClass']),
  row('it gets a label, as a block volume', { ...none, ...block }, block, ['unsupported']),
  row('it gets a label while it is being deleted', none, leaving),
  row('it gets a label as a copy that VolSync made for itself', none, copy),
  ...excluded.map((namespace) => row(`it gets a label, in ${namespace}`, none, another, [], namespace)),
  row('it loses its label', {}, { backup: null, ...another }),
  row('a block volume that was labelled before is changed', block, { ...block, ...another }),
  row('a change that leaves a misspelt label alone', { backup: 'Hourly' }, { backup: 'Hourly', ...another }),
  row(
    'a change that leaves another program’s label alone, with a decision of its creation',
    { backup: 'velero' },
    { backup: 'velero', ...decided('conflict') },
  ),
  row(
    'another user of its movers, and the other tier',
    {},
    { backup: 'daily', annotations: { ...another.annotations, ...user('1000').annotations } },
  ),
  row('another user of its movers, who is none', {}, user('root'), ['unsupported']),
  row('a user who is none, with another program’s label', { backup: 'velero' }, { backup: 'velero', ...user('root') }),
];
