import type { Manifest } from '../gitops/manifest';
import { restoreImagePolicy, restoreProofPolicy, volsyncCleanupLabel } from '../model/naming';
import { admissionPolicy, put, text } from './admission-policy';

/** What the mover writes when a snapshot was restored to its end, and what VolSync's filter leaves in the status (fork v0.17.11, mover-kopia/entry.sh). */
const proof = 'Snapshot restore completed';
/** What it writes, and then ends well, when it found no snapshot or could not read the list of them. */
const nothing = 'No eligible snapshots';

/** The restores that the gate asked for. One that a person wrote may be meant to end with an empty volume. */
const ours = { matchLabels: { 'app.kubernetes.io/managed-by': 'kyverno' } };

function proven(destination: 'object' | 'params'): string {
  const logs = `${destination}.?status.?latestMoverStatus.?logs.orValue('')`;
  return `(${logs}.contains('${proof}') && !${logs}.contains('${nothing}'))`;
}

function refusal(destination: 'object' | 'params'): string {
  const [namespace, name, uid] = ['namespace', 'name', 'uid'].map((field) => put(`${destination}.metadata.${field}`));
  return text(
    `the restore ${namespace}/${name} ended, but its mover does not say that anything was restored: there is no complete snapshot, or the store could not be read. Its PVC stays Pending, so that no empty volume takes the place of the data. When the cause is gone, let it run again: kubectl delete jobs -n ${namespace} -l ${volsyncCleanupLabel}=${uid}`,
  );
}

/**
 * Refuses what comes after a restore that restored nothing. The mover ends well then; VolSync would cut a snapshot of the empty volume, name it in
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
    objectSelector: {},
    namespaceSelector: {},
    params: { apiVersion: 'volsync.backube/v1alpha1', kind: 'ReplicationDestination', selector: ours },
    validations: [
      {
        expression: `!object.metadata.?ownerReferences.orValue([]).exists(owner, owner.uid == params.metadata.uid) || ${proven('params')}`,
        messageExpression: refusal('params'),
      },
    ],
  });
  const imageOf = (object: 'object' | 'oldObject'): string => `${object}.?status.?latestImage.?name.orValue('')`;
  admissionPolicy(file, {
    name: restoreProofPolicy,
    action: 'Deny',
    of: { apiGroup: 'volsync.backube', apiVersion: 'v1alpha1', operation: 'UPDATE', resource: 'replicationdestinations/status' },
    objectSelector: ours,
    namespaceSelector: {},
    validations: [
      {
        expression: `${imageOf('object')} == '' || ${imageOf('object')} == ${imageOf('oldObject')} || ${proven('object')}`,
        messageExpression: refusal('object'),
      },
    ],
  });
}
