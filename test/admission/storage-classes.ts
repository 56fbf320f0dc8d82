import { madeByVolsync, populatorLabel } from '../../lib/model/volsync-labels';
import type { AdmissionRequest } from '../support/admission/request';
import { denialPattern } from '../support/denial-pattern';
import type { PvcOptions } from '../support/pvc';
import { type AdmissionCase, changed, created, excluded, ofVolsync } from './case';

const storageClass = (name: string, provisioner: string): object => ({ metadata: { name }, provisioner });
const classes = [
  storageClass('longhorn', 'driver.longhorn.io'),
  storageClass('nfs', 'nfs.csi.k8s.io'),
  storageClass('local-path', 'rancher.io/local-path'),
];

const noSnapshots = denialPattern('noSnapshots');
const of = (storageClassName: string | undefined, options: PvcOptions = {}): PvcOptions => ({ ...options, spec: { storageClassName } });
const row = (name: string, request: AdmissionRequest, isRefused: boolean, more: Partial<AdmissionCase> = {}): AdmissionCase => ({
  name: `StorageClass: ${name}`,
  resource: 'persistentvolumeclaims',
  request: { ...request, params: { StorageClass: classes } },
  refused: isRefused ? [noSnapshots] : [],
  ...more,
});

/** PVCs of classes that the site can cut snapshots of, and of others. */
export const storageClassCases: readonly AdmissionCase[] = [
  row('a class of the driver that the site has snapshots for', created(of('longhorn')), false),
  row('a class of another driver', created(of('nfs')), true),
  row('a class of another driver, with the other tier', created(of('local-path', { backup: 'daily' })), true),
  row('a class that is not there', created(of('not-there')), false),
  row('no class, so the default one', created(of(undefined)), false),
  row('a class of another driver, without the label', created(of('nfs', { backup: null }), null), false),
  row('the label comes later, on a class of another driver', changed(of('nfs', { backup: null }), of('nfs')), true),
  row('the label comes later, on a class with snapshots', changed(of('longhorn', { backup: null }), of('longhorn')), false),
  row('a PVC of another driver that was labelled before', changed(of('nfs', { backup: 'daily' }), of('nfs')), false),
  ...excluded.map((namespace) =>
    row(`a class of another driver, in ${namespace}`, created(of('nfs'), 'fresh', { namespace }), false, { warned: [/namespace is excluded/] }),
  ),
  row('a copy that VolSync made for a backup', created(of('nfs', ofVolsync(madeByVolsync.key, madeByVolsync.value))), false),
  row('a volume that VolSync made for a restore', created(of('nfs', ofVolsync(populatorLabel, 'data'))), false),
];
