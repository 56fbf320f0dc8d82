import type { Manifest } from '../../gitops/manifest';
import { restoreProofText } from '../../model/mover';
import { kopiaIdentity, restoreNamePattern, restoreNamePrefix, secretName, undecidedSourceName } from '../../model/naming';
import { nobodysRestorePolicy, restoreImagePolicy, restoreProofPolicy } from '../../model/policy-names';
import { volsyncCleanupLabel } from '../../model/volsync-labels';
import { admissionPolicy } from './admission-policy';
import { put, text } from './cel';

/**
 * The restore is one that the gate asked for, known by its name, which nobody can edit. Labels are overwritten by tools that adopt objects. A restore that a
 * person wrote may be meant to end with an empty volume.
 */
const isOurs = (destination: 'object' | 'params'): string => `${destination}.metadata.name.matches('${restoreNamePattern}')`;

function proven(destination: 'object' | 'params'): string {
  return `${destination}.?status.?latestMoverStatus.?logs.orValue('').contains('${restoreProofText}')`;
}

/**
 * It was made for the PVC that it has the name of: owner, repository and identity. A person may have made one of this name in its place, and the PVC would be filled
 * from wherever that one points to.
 */
function generated(destination: 'object' | 'params'): string {
  const kopia = `${destination}.?spec.?kopia`;
  const pvc = { namespace: `' + ${destination}.metadata.namespace + '`, name: `' + owner.name + '` };
  const { username, hostname } = kopiaIdentity(pvc);
  const plain = (value: string): string => `'${value}'`.replaceAll(/^'' \+ | \+ ''$/g, '');
  const same = (field: string, value: string): string => `${kopia}.?${field}.orValue('') == ${plain(value)}`;
  const own = [same('repository', secretName(pvc)), same('username', username), same('hostname', hostname)].join(' && ');
  const named = `${destination}.metadata.name.startsWith(${plain(restoreNamePrefix(pvc))})`;
  return `${destination}.metadata.?ownerReferences.orValue([]).exists(owner, owner.kind == 'PersistentVolumeClaim' && ${named} && ${own})`;
}

function foreign(destination: 'object' | 'params'): string {
  const [namespace, name] = ['namespace', 'name'].map((field) => put(`${destination}.metadata.${field}`));
  return text(
    `ReplicationDestination ${namespace}/${name} has the name of a restore of a PVC, but was not generated for it: its owner, repository or identity is another. No PVC is filled from it. Delete it, or give it another name; pvc-plumber-repair has the right one generated`,
  );
}

function refusal(destination: 'object' | 'params'): string {
  const [namespace, name, uid] = ['namespace', 'name', 'uid'].map((field) => put(`${destination}.metadata.${field}`));
  return text(
    `the restore ${namespace}/${name} ended, but its mover did not confirm that it restored a complete backup. The PVC stays Pending rather than start empty. VolSync runs the restore again; to start it now: kubectl delete jobs -n ${namespace} -l ${volsyncCleanupLabel}=${uid}`,
  );
}

/**
 * Refuses what comes after a restore that restored nothing. VolSync's mover ends well then, and with the script around it no longer; VolSync would cut a snapshot of the empty volume, name it in
 * `status.latestImage`, and its populator would fill the PVC from that. Proof is asked for, not the absence of a complaint: a log that could not be
 * read is a doubt.
 */
export function restoreProof(file: Manifest): void {
  // The snapshot itself must not be cut: VolSync keeps it, and takes it after the next run of the mover, whatever that one restored. The status
  // with the log is written after the first, refused attempt, and VolSync tries again at once.
  admissionPolicy(file, {
    name: restoreImagePolicy,
    action: 'Deny',
    of: { apiGroup: 'snapshot.storage.k8s.io', apiVersion: 'v1', operation: 'CREATE', resource: 'volumesnapshots' },
    // Where the API server does not know the kind of the parameters (for half a minute after its start, and where VolSync is gone), it refuses all that the
    // selectors choose, whatever a match condition says. So they choose VolSync's own snapshots, which it tries again; everybody else's are cut.
    objectSelector: { matchLabels: { 'app.kubernetes.io/created-by': 'volsync' } },
    namespaceSelector: {},
    params: { apiVersion: 'volsync.backube/v1alpha1', kind: 'ReplicationDestination', selector: {} },
    validations: [
      {
        expression: `!object.metadata.?ownerReferences.orValue([]).exists(owner, owner.uid == params.metadata.uid) || !${isOurs('params')} || ${proven('params')}`,
        messageExpression: refusal('params'),
      },
      {
        expression: `!object.metadata.?ownerReferences.orValue([]).exists(owner, owner.uid == params.metadata.uid) || !${isOurs('params')} || ${generated('params')}`,
        messageExpression: foreign('params'),
      },
    ],
  });
  const imageOf = (object: 'object' | 'oldObject'): string => `${object}.?status.?latestImage.?name.orValue('')`;
  admissionPolicy(file, {
    name: restoreProofPolicy,
    action: 'Deny',
    of: { apiGroup: 'volsync.backube', apiVersion: 'v1alpha1', operation: 'UPDATE', resource: 'replicationdestinations/status' },
    objectSelector: {},
    namespaceSelector: {},
    validations: [
      {
        expression: `!${isOurs('object')} || ${imageOf('object')} == '' || ${imageOf('object')} == ${imageOf('oldObject')} || ${proven('object')}`,
        messageExpression: refusal('object'),
      },
      {
        expression: `!${isOurs('object')} || ${imageOf('object')} == '' || ${imageOf('object')} == ${imageOf('oldObject')} || ${generated('object')}`,
        messageExpression: foreign('object'),
      },
    ],
  });
  admissionPolicy(file, {
    name: nobodysRestorePolicy,
    action: 'Deny',
    of: { apiGroup: 'volsync.backube', apiVersion: 'v1alpha1', operation: 'CREATE', resource: 'replicationdestinations' },
    objectSelector: {},
    namespaceSelector: {},
    validations: [
      {
        expression: `!object.metadata.?name.orValue('').endsWith('${undecidedSourceName({ namespace: '', name: '' })}')`,
        messageExpression: text(
          `ReplicationDestination ${put('object.metadata.namespace')}/${put('object.metadata.name')} can't be created: PVCs without a backup decision wait for a restore of this name, which nobody makes. Give it another name`,
        ),
      },
    ],
  });
}
