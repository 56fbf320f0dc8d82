import { annotation } from '../../lib/model/naming';
import { minutes, type AdmissionCase } from './case';

const named = { namespace: 'app', name: 'data' };
const owned = { ...named, uid: '4f6e2f4e-7d0c-4a6e-9d0a-0123456789ab' };

interface VolumeOptions {
  readonly storageClassName?: string;
  readonly metadata?: object;
}

function volume(claimRef?: object, { storageClassName = 'longhorn', metadata = {} }: VolumeOptions = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'pv', ...metadata },
    spec: { storageClassName, ...(claimRef === undefined ? {} : { claimRef }) },
  };
}

/** @param old the volume before, where it is changed */
function row(what: string, object: object, isRefused: boolean, old?: object, user?: string): AdmissionCase {
  return {
    name: `a volume ${what}`,
    resource: 'persistentvolumes',
    request: {
      ...(old === undefined ? { operation: 'CREATE' as const } : { operation: 'UPDATE' as const, oldObject: old }),
      object,
      ...(user === undefined ? {} : { user }),
    },
    refused: isRefused ? [/would be bound to the next PVC of this class, in place of a restore/] : [],
  };
}

/** Volumes that the next PVC of their class would get, in place of its backup. */
export const volumeCases: readonly AdmissionCase[] = [
  row('without a claim', volume(), true),
  row('with a claim by its name alone', volume(named), true),
  row('as a provisioner makes it', volume(owned), false),
  row('of another class', volume(undefined, { storageClassName: 'by-hand' }), false),
  row(
    'given to a PVC by hand, with a reason',
    volume(named, { metadata: { annotations: { [annotation.reattachReason]: 'the same disks' } } }),
    false,
  ),
  row('whose claim is taken off', volume(), true, volume(owned)),
  row('whose claim loses its uid', volume(named), true, volume(owned)),
  row('that was loose before, changed', volume(), false, volume()),
  row('whose claim gets its uid', volume(owned), false, volume(named)),
  ...['system:serviceaccount:kube-system:persistent-volume-binder', 'system:kube-controller-manager'].map((user) =>
    row(`whose claim Kubernetes takes off itself, as ${user}`, volume(), false, volume(owned), user),
  ),
  row('that is being deleted, whose claim is taken off', volume(undefined, { metadata: { deletionTimestamp: minutes(0) } }), false, volume(owned)),
];
