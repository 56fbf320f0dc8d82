import { backupLabel } from '../../lib/model/naming';
import { madeByVolsync, populatorLabel } from '../../lib/model/volsync-labels';
import type { PvcOptions } from '../support/pvc';
import { type AdmissionCase, changed, created, excluded } from './case';

const labelled = (labels: Readonly<Record<string, string>>, metadata: object = {}): PvcOptions => ({
  metadata: { name: 'data', namespace: 'app', labels, ...metadata },
});
const backup = { [backupLabel]: 'hourly' };
const ofVolsync = { ...backup, [madeByVolsync.key]: madeByVolsync.value };
const populator = { ...backup, [populatorLabel]: 'data' };
const owned = (kind: string): object => ({ ownerReferences: [{ kind, name: 'its-owner' }] });

const noTier = /is NOT backed up: the label backup="velero" is not one of hourly, daily/;
const notItsOwn = /says that VolSync made it for itself\. Remove that label/;
const neverRestored = /is never restored: it belongs to a Pod, or its name is a random one/;

function label(name: string, request: AdmissionCase['request'], warned: readonly RegExp[]): AdmissionCase {
  return { name: `the label of a new PVC: ${name}`, resource: 'persistentvolumeclaims', request, warned };
}

/** Labels of new PVCs that ask for a backup and get none. */
export const labelCases: readonly AdmissionCase[] = [
  label('a tier', created(), []),
  label('the other tier', created({ backup: 'daily' }), []),
  label('none', created({ backup: null }, null), []),
  label('none, in a namespace without backups', created({ backup: null }, null, { namespace: excluded[0]! }), []),
  label('of no tier', created({ backup: 'velero' }), [noTier]),
  label('of no tier, and nothing else changes later', changed({ backup: 'velero' }, { backup: 'velero' }), []),
  ...excluded.map((namespace) => label(`in ${namespace}`, created({}, null, { namespace }), [/is NOT backed up: its namespace is excluded/])),
  label('beside the one of VolSync’s own PVCs', created(labelled(ofVolsync), null), [notItsOwn]),
  label('beside the one of VolSync’s populator', created(labelled(populator), null), [notItsOwn]),
  ...['ReplicationSource', 'ReplicationDestination', 'PersistentVolumeClaim'].map((kind) =>
    label(`on a PVC that VolSync made for itself, of a ${kind}`, created(labelled(ofVolsync, owned(kind)), null), []),
  ),
  label('on the volume of a Pod', created(labelled(backup, owned('Pod'))), [neverRestored]),
  label('on the volume of a StatefulSet', created(labelled(backup, owned('StatefulSet'))), []),
  label('on a PVC with a random name', created({}, 'fresh', { name: 'pvc-4f6e2f4e-7d0c-4a6e-9d0a-0123456789ab' }), [neverRestored]),
];

const misspelt = /has the label ([\w./-]+(?:, )?)+, which asks for NO backup: the key is "backup"/;

function spelling(
  name: string,
  labels: Readonly<Record<string, string>>,
  isWarned: boolean,
  before?: Readonly<Record<string, string>>,
): AdmissionCase {
  const request = before === undefined ? created(labelled(labels), null) : changed(labelled(before), labelled(labels));
  return { name: `the key of a label: ${name}`, resource: 'persistentvolumeclaims', request, warned: isWarned ? [misspelt] : [] };
}

const app = { app: 'data', 'app.kubernetes.io/name': 'data' };

/** Keys that were meant as `backup`. */
export const spellingCases: readonly AdmissionCase[] = [
  ...['Backup', 'back-up', 'bakcup', 'backups', 'backed-up'].map((key) => spelling(key, { ...app, [key]: 'hourly' }, true)),
  spelling('misspelt, with a value that is no tier', { ...app, backups: 'yes' }, true),
  spelling('backup with a prefix, and a tier', { ...app, 'volsync.backup/backup': 'daily' }, true),
  spelling('backup with a prefix, of another program', { ...app, 'velero.io/backup': 'nightly' }, false),
  spelling('other ones', app, false),
  spelling('other ones with a tier’s name as their value', { ...app, schedule: 'hourly', 'example.com/schedule': 'hourly' }, false),
  spelling('misspelt later', { ...app, bakcup: 'hourly' }, true, app),
  spelling('misspelt before, and another label changes', { ...app, bakcup: 'hourly', more: 'x' }, true, { ...app, bakcup: 'hourly' }),
  spelling('misspelt before, and the labels stay', { ...app, bakcup: 'hourly' }, false, { ...app, bakcup: 'hourly' }),
  spelling('none', {}, false),
];
