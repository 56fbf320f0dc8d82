import { ApiObject } from 'cdk8s';
import { labels } from '../../gitops/labels';
import type { Manifest } from '../../gitops/manifest';
import { kyvernoWave, syncWave } from '../../gitops/sync-wave';
import { restoreProofText } from '../../model/mover';
import { podLabel, restoreNamePattern, sourceName } from '../../model/naming';
import { restoredPolicy, restoreRetryPolicy } from '../../model/policy-names';

interface DeletingPolicyOptions {
  readonly about: string;
  readonly of: { readonly apiGroup: string; readonly apiVersion: string; readonly resource: string };
  readonly selector: object;
  readonly variables: Readonly<Record<string, string>>;
  /** All must hold. One that can't be evaluated, because an object that it reads is not there, deletes nothing. */
  readonly conditions: Readonly<Record<string, string>>;
}

/** Kyverno's cleanup controller looks this often; a minute is the shortest that a schedule can say. */
const everyMinute = '* * * * *';

/** A DeletingPolicy. Kyverno stores v1beta1 and serves v1, so there is no generated class. */
function deletingPolicy(file: Manifest, name: string, { about, of, selector, variables, conditions }: DeletingPolicyOptions): void {
  const named = (texts: Readonly<Record<string, string>>): object[] => Object.entries(texts).map(([key, expression]) => ({ name: key, expression }));
  new ApiObject(file, name, {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'DeletingPolicy',
    metadata: { name, labels: labels('kyverno'), annotations: { ...syncWave(kyvernoWave.policies), 'policies.kyverno.io/description': about } },
    spec: {
      schedule: everyMinute,
      deletionPropagationPolicy: 'Background',
      matchConstraints: {
        objectSelector: selector,
        resourceRules: [{ apiGroups: [of.apiGroup], apiVersions: [of.apiVersion], operations: ['*'], resources: [of.resource] }],
      },
      variables: named(variables),
      conditions: named(conditions),
    },
  });
}

/** An object beside this one. The library takes apiVersion, plural, namespace and name. */
const get = (apiVersion: string, plural: string, name: string): string =>
  `resource.Get('${apiVersion}', '${plural}', object.metadata.namespace, ${name})`;

/** A date of a status, or one that is before all others. */
const time = (query: string): string => `timestamp(${query}.orValue('1970-01-01T00:00:00Z'))`;

/**
 * What goes by itself after a restore, and what is tried again.
 *
 * A restore leaves its ReplicationDestination with a temporary volume and a snapshot. On Longhorn the restored volume depends on them until its copy is
 * complete, and no object says when. A backup that was made since is the proof: it read the whole restored volume through a snapshot of its own.
 */
export function cleanupPolicies(file: Manifest): void {
  deletingPolicy(file, restoredPolicy, {
    about:
      'Deletes the ReplicationDestination of a restore, and with it the temporary volume and its snapshot, when the restored PVC has been backed up since.',
    of: { apiGroup: 'volsync.backube', apiVersion: 'v1alpha1', resource: 'replicationdestinations' },
    selector: {},
    variables: {
      owners: `object.metadata.?ownerReferences.orValue([]).filter(owner, owner.kind == 'PersistentVolumeClaim')`,
      pvc: get('v1', 'persistentvolumeclaims', 'variables.owners[0].name'),
      source: get('volsync.backube/v1alpha1', 'replicationsources', `variables.pvc.metadata.name + '${sourceName({ namespace: '', name: '' })}'`),
    },
    conditions: {
      ours: `size(variables.owners) == 1 && object.metadata.name.matches('${restoreNamePattern}')`,
      restored: `object.?status.?latestImage.?name.orValue('') != '' && object.?status.?lastSyncTime.orValue('') != ''`,
      bound: `variables.pvc.metadata.uid == variables.owners[0].uid && variables.pvc.?status.?phase.orValue('') == 'Bound'`,
      'backed-up-since': `variables.source.?status.?latestMoverStatus.?result.orValue('') == 'Successful' && ${time('variables.source.?status.?lastSyncTime')} > timestamp(object.status.lastSyncTime)`,
    },
  });
  deletingPolicy(file, restoreRetryPolicy, {
    about:
      'Deletes the Job of a restore that ended well a minute ago, and has no image: its log was lost, or VolSync met an error. VolSync runs it again at once, and it writes nothing anew.',
    of: { apiGroup: 'batch', apiVersion: 'v1', resource: 'jobs' },
    selector: { matchLabels: { 'app.kubernetes.io/created-by': 'volsync' } },
    variables: {
      destination: get('volsync.backube/v1alpha1', 'replicationdestinations', 'object.metadata.ownerReferences[0].name'),
    },
    conditions: {
      ours: `object.spec.template.metadata.?labels[?'${podLabel.mover}'].orValue('') == 'restore' && object.metadata.?ownerReferences.orValue([]).exists(owner, owner.kind == 'ReplicationDestination')`,
      'ended-a-minute-ago': `object.?status.?succeeded.orValue(0) > 0 && ${time('object.?status.?completionTime')} + duration('1m') < time.now()`,
      'without-image': `variables.destination.?status.?latestImage.?name.orValue('') == ''`,
      // After an error VolSync waits ever longer, up to a quarter of an hour: a start of the API server in the wrong second is enough.
      'without-proof-or-in-error': `!variables.destination.?status.?latestMoverStatus.?logs.orValue('').contains('${restoreProofText}') || variables.destination.?status.?conditions.orValue([]).exists(condition, condition.type == 'Synchronizing' && condition.reason == 'Error')`,
    },
  });
}
