import type { Manifest } from '../gitops/manifest';
import { restoreProofPolicy, volsyncCleanupLabel } from '../model/naming';
import { admissionPolicy, put, text } from './admission-policy';

/** What the mover writes when a snapshot was restored to its end, and what VolSync's filter leaves in the status (fork v0.17.11, mover-kopia/entry.sh). */
const proof = 'Snapshot restore completed';
/** What it writes, and then ends well, when it found no snapshot or could not read the list of them. */
const nothing = 'No eligible snapshots';

const imageOf = (object: 'object' | 'oldObject'): string => `${object}.?status.?latestImage.?name.orValue('')`;
const logs = `object.?status.?latestMoverStatus.?logs.orValue('')`;

/**
 * Refuses the image of a restore that restored nothing. The mover ends well then, VolSync would cut a snapshot of the empty volume and name it in
 * `status.latestImage`, and its populator would fill the PVC from that. Without a `latestImage` the populator waits. Proof is asked for, not the absence
 * of a complaint: a log that could not be read is a doubt.
 */
export function restoreProof(file: Manifest): void {
  const [namespace, name] = [put('object.metadata.namespace'), put('object.metadata.name')];
  admissionPolicy(file, {
    name: restoreProofPolicy,
    action: 'Deny',
    of: { apiGroup: 'volsync.backube', apiVersion: 'v1alpha1', operation: 'UPDATE', resource: 'replicationdestinations/status' },
    // Those that the gate asked for. One that a person wrote may be meant to end with an empty volume.
    objectSelector: { matchLabels: { 'app.kubernetes.io/managed-by': 'kyverno' } },
    namespaceSelector: {},
    validations: [
      {
        expression: `${imageOf('object')} == '' || ${imageOf('object')} == ${imageOf('oldObject')} || (${logs}.contains('${proof}') && !${logs}.contains('${nothing}'))`,
        messageExpression: text(
          `the restore ${namespace}/${name} ended, but its mover does not say that anything was restored: there is no complete snapshot, or the store could not be read. Its PVC stays Pending, so that no empty volume takes the place of the data. When the cause is gone, let it run again: kubectl delete jobs -n ${namespace} -l ${volsyncCleanupLabel}=${put('object.metadata.uid')}`,
        ),
      },
    ],
  });
}
