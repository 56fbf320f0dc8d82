import { madeByVolsync, populatorLabel } from '../../lib/model/volsync-labels';
import type { PvcOptions } from '../support/pvc';
import { type AdmissionCase, created, excluded, ofVolsync } from './case';

type Amounts = Readonly<Record<string, string>>;

/** A new PVC of 10 GiB where a ResourceQuota is. */
export function underQuota(
  name: string,
  quota: { readonly hard: Amounts; readonly used?: Amounts; readonly scopes?: readonly string[]; readonly scopeSelector?: object },
  warned: readonly RegExp[],
  { options = {}, namespace = 'app' }: { readonly options?: PvcOptions; readonly namespace?: string } = {},
): AdmissionCase {
  const { used = {}, ...spec } = quota;
  const request = created({ ...options, spec: { resources: { requests: { storage: '10Gi' } } } }, 'fresh', { namespace });
  return {
    name: `ResourceQuota: ${name}`,
    resource: 'persistentvolumeclaims',
    request: { ...request, params: { ResourceQuota: [{ metadata: { name: 'team' }, spec, status: { used } }] } },
    warned,
  };
}

const requests = { 'requests.cpu': '4', 'requests.memory': '8Gi', pods: '10' };
const doNotSet = /the ResourceQuota team counts requests.cpu, requests.memory, which mover Pods do not set/;

/** Quotas that hold no mover, or not the volumes of a backup and of a restore. */
export const quotaCases: readonly AdmissionCase[] = [
  underQuota('movers set no requests', { hard: requests }, [doNotSet]),
  underQuota('movers set no requests, with the other tier', { hard: requests }, [doNotSet], { options: { backup: 'daily' } }),
  underQuota('movers set no limit of memory', { hard: { 'limits.memory': '8Gi' } }, [/counts limits.memory, which/]),
  underQuota('movers set no limit of CPU', { hard: { 'limits.cpu': '8' } }, [/counts limits.cpu, which/]),
  underQuota('of other Pods than movers', { hard: requests, scopes: ['BestEffort'] }, []),
  underQuota('of other Pods than movers, by a selector', { hard: requests, scopeSelector: {} }, []),
  underQuota('a PVC without the label', { hard: requests }, [], { options: { backup: null } }),
  underQuota('a copy that VolSync made for a backup', { hard: requests }, [], { options: ofVolsync(madeByVolsync.key, madeByVolsync.value) }),
  underQuota('a volume that VolSync made for a restore', { hard: requests }, [], { options: ofVolsync(populatorLabel, 'data') }),
  ...excluded.map((namespace) => underQuota(`in ${namespace}`, { hard: requests }, [/namespace is excluded/], { namespace })),
  underQuota('room for three of the size', { hard: { 'requests.storage': '30Gi' } }, []),
  underQuota('room for less than three of the size', { hard: { 'requests.storage': '29Gi' } }, [/less than 3 times the size/]),
  underQuota('room for less, after what is used', { hard: { 'requests.storage': '35Gi' }, used: { 'requests.storage': '10Gi' } }, [
    /Raise requests.storage/,
  ]),
  underQuota('no room in the class', { hard: { 'longhorn.storageclass.storage.k8s.io/requests.storage': '20Gi' } }, [/Raise longhorn.storageclass/]),
  underQuota('no room in another class', { hard: { 'other.storageclass.storage.k8s.io/requests.storage': '1Gi' } }, []),
  underQuota('room for two PVCs', { hard: { persistentvolumeclaims: '2' } }, [/less than 3 PVCs/]),
  underQuota('room for three PVCs', { hard: { persistentvolumeclaims: '13' }, used: { persistentvolumeclaims: '10' } }, []),
];
