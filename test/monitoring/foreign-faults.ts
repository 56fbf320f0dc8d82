import { become, type Fault, gone, is, pvc, relabelled } from './fault';
import type { Labels } from './series';

/** Ways in which an object with the name of a PVC's resource is not that PVC's. */
const strangers: readonly (readonly [whose: string, label: (owner: string) => Readonly<Record<string, string | undefined>>, created?: number])[] = [
  ['nobody: a person made it, or took the owner off', (owner) => ({ [owner]: undefined })],
  ['another PVC', (owner) => ({ [owner]: 'mail' })],
  // The uid of a PVC is not exported; what belongs to an earlier one of the name is older than this one.
  ['an earlier PVC of the name', () => ({}), -50 * 86_400],
];

interface Kind {
  readonly name: string;
  readonly metric: string;
  readonly series: RegExp;
  /** Label with the name of the owner. */
  readonly owner: string;
  readonly alert: string;
  readonly labels: Labels;
}

const photos = pvc('photos', { label_backup: 'hourly' });
const missing = (kind: string): Pick<Kind, 'name' | 'owner' | 'alert' | 'labels'> => ({
  name: kind,
  owner: 'persistentvolumeclaim',
  alert: 'PvcResourceMissing',
  labels: { ...photos, missing: kind },
});

const kinds: readonly Kind[] = [
  {
    name: 'ReplicationSource',
    metric: 'kube_replicationsource_created',
    series: /^kube_replicationsource_/,
    owner: 'owner',
    alert: 'PvcWithoutReplicationSource',
    labels: photos,
  },
  { ...missing('ExternalSecret'), metric: 'kube_externalsecret_created', series: /^kube_externalsecret_/ },
  { ...missing('KopiaMaintenance'), metric: 'kube_kopiamaintenance_created', series: /^kube_kopiamaintenance_/ },
];

/** Something has the name of a PVC's resource and is not its own, so nothing is made in its place. */
export const foreignFaults: readonly Fault[] = [
  ...kinds.flatMap(({ name, metric, series, owner, alert, labels }) =>
    strangers.map(([whose, change, created]): Fault => ({
      alert,
      when: `the ${name} of a PVC belongs to ${whose}`,
      labels,
      after: 5,
      change: created === undefined ? relabelled(is(series, pvc('photos')), change(owner)) : become(is(metric, pvc('photos')), created),
    })),
  ),
  {
    alert: 'PvcWithoutReplicationSource',
    when: 'the ReplicationSource of a PVC was changed to another repository',
    labels: photos,
    after: 5,
    change: relabelled(is(/^kube_replicationsource_/, pvc('photos')), { repository: 'mine' }),
  },
  ...kinds
    .filter(({ alert }) => alert === 'PvcResourceMissing')
    .map(({ name, series, alert, labels }): Fault => ({
      alert,
      when: `the ${name} of a PVC is deleted, and none comes back`,
      labels,
      after: 5,
      change: gone(series, pvc('photos')),
    })),
];
