import type { Manifest } from '../../gitops/manifest';
import { restoreProofText } from '../../model/mover';
import { restoreImagePolicy, restoreNamePattern, restoreProofPolicy, volsyncCleanupLabel } from '../../model/naming';
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
    ],
  });
}
