import { backupLabel } from '../../lib/model/naming';
import { type AdmissionCase, excluded } from './case';

type Labels = Readonly<Record<string, string>>;

interface Workload {
  readonly labels?: Labels;
  /** Labels of its Pods. */
  readonly pods?: Labels;
  /** Labels of each of its claims. */
  readonly claims?: readonly Labels[];
  /** @default app */
  readonly namespace?: string;
}

function workload(kind: string, { labels = {}, pods = {}, claims, namespace = 'app' }: Workload): object {
  const volumeClaimTemplates = claims?.map((each, index) => ({ metadata: { name: `claim-${index}`, labels: each } }));
  return {
    kind,
    metadata: { namespace, name: 'db', labels },
    spec: { template: { metadata: { labels: pods }, spec: { containers: [{ name: 'db' }] } }, ...(volumeClaimTemplates && { volumeClaimTemplates }) },
  };
}

/** @param before the workload before, where it is changed */
function row(name: string, kind: 'Deployment' | 'StatefulSet', after: Workload, warned: readonly RegExp[], before?: Workload): AdmissionCase {
  return {
    name: `the label on a ${kind}: ${name}`,
    resource: `${kind.toLowerCase()}s`,
    request: {
      ...(before === undefined ? { operation: 'CREATE' as const } : { operation: 'UPDATE' as const, oldObject: workload(kind, before) }),
      object: workload(kind, after),
    },
    warned,
  };
}

const hourly = { [backupLabel]: 'hourly' };
const wrongPlace = [/app\/db has the label backup, which asks for NO backup there/];
const misspelt = [/its claims claim-0 have a label that asks for NO backup: the key is "backup"/];
const noTier = [/its claims claim-0, claim-1 are NOT backed up: their label backup is not one of hourly, daily/];

/** Labels of workloads that were meant for their claims, and of claims. */
export const labelPlaceCases: readonly AdmissionCase[] = [
  row('on itself', 'Deployment', { labels: hourly }, wrongPlace),
  row('on its Pods', 'Deployment', { pods: hourly }, wrongPlace),
  row('nowhere', 'Deployment', { labels: { app: 'db' } }, []),
  row('on itself, later', 'Deployment', { labels: hourly }, wrongPlace, {}),
  row('on itself, and something else changes', 'Deployment', { labels: { ...hourly, more: 'x' } }, [], { labels: hourly }),
  row('on its Pods, and something else changes', 'Deployment', { pods: hourly, labels: { more: 'x' } }, [], { pods: hourly }),
  row('on itself and nowhere else', 'StatefulSet', { labels: hourly, claims: [{}] }, wrongPlace),
  row('on itself and on its claims', 'StatefulSet', { labels: hourly, claims: [hourly] }, []),
  row('on its claims', 'StatefulSet', { claims: [hourly, { [backupLabel]: 'daily' }] }, []),
  row('on its claims, of no tier', 'StatefulSet', { claims: [{ [backupLabel]: 'velero' }, { [backupLabel]: 'weekly' }] }, noTier),
  row('on its claims, of no tier, and something else changes', 'StatefulSet', { claims: [{ [backupLabel]: 'velero' }] }, [], {
    claims: [{ [backupLabel]: 'velero' }],
  }),
  row('on its claims, misspelt', 'StatefulSet', { claims: [{ backups: 'hourly' }] }, misspelt),
  row('on its claims, misspelt, and something else changes', 'StatefulSet', { claims: [{ backups: 'hourly' }] }, [], {
    claims: [{ backups: 'hourly' }],
  }),
  row('on its claims, misspelt, with a value that is no tier', 'StatefulSet', { claims: [{ backups: 'yes' }] }, misspelt),
  row('on its claims, with a prefix, and a tier', 'StatefulSet', { claims: [{ 'volsync.backup/backup': 'daily' }] }, misspelt),
  row('on its claims, with a prefix, of another program', 'StatefulSet', { claims: [{ 'velero.io/backup': 'nightly' }] }, []),
  row('on one of its claims, of no tier', 'StatefulSet', { claims: [{}, { [backupLabel]: 'velero' }] }, [/its claims claim-1 are NOT backed up/]),
  row('its claims have other labels', 'StatefulSet', { claims: [{ app: 'db', 'example.com/schedule': 'hourly' }] }, []),
  ...excluded.flatMap((namespace) => [
    row(`on its claims, in ${namespace}`, 'StatefulSet', { claims: [hourly], namespace }, [
      /its claims are NOT backed up: the namespace is excluded/,
    ]),
    row(`on its claims, in ${namespace}, and something else changes`, 'StatefulSet', { claims: [hourly], namespace }, [], {
      claims: [hourly],
      namespace,
    }),
    row(`nowhere, in ${namespace}`, 'StatefulSet', { claims: [{}], namespace }, []),
  ]),
];
