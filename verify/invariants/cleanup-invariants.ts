import { type Invariant, problemsOf, same } from '../invariant';
import type { Data, Tree } from '../tree';

const deleting = (tree: Tree, name: string): Data => tree.one('DeletingPolicy', name).spec;
const conditions = (policy: Data): string => policy.conditions.map(({ expression }: Data) => expression).join(' ; ');

export const cleanupInvariants: readonly Invariant[] = [
  {
    name: 'what a restore left goes only when its PVC is bound and was backed up since',
    check: (tree) => {
      const policy = deleting(tree, 'volsync-pvc-backup-restored');
      return [
        ...same(policy.matchConstraints.resourceRules[0].resources, ['replicationdestinations'], 'what is deleted'),
        ...problemsOf(
          [
            `.matches('-restore-[a-z0-9]{8}$')`,
            `?latestImage.?name.orValue('') != ''`,
            `?phase.orValue('') == 'Bound'`,
            'pvc.metadata.uid == variables.owners[0].uid',
            `?result.orValue('') == 'Successful'`,
            '> timestamp(object.status.lastSyncTime)',
          ],
          (part) => !conditions(policy).includes(part),
          (part) => `no condition with ${part}`,
        ),
      ];
    },
    mutate: (tree) => deleting(tree, 'volsync-pvc-backup-restored').conditions.pop(),
  },
  {
    name: 'a restore is run again only when it ended without an image and without a proof',
    check: (tree) => {
      const policy = deleting(tree, 'volsync-pvc-backup-restore-retry');
      return [
        ...same(policy.matchConstraints.resourceRules[0].resources, ['jobs'], 'what is deleted'),
        ...problemsOf(
          [
            `'volsync.backup/mover'].orValue('') == 'restore'`,
            `duration('1m') < time.now()`,
            `?latestImage.?name.orValue('') == ''`,
            `contains('Snapshot restore completed and checked')`,
          ],
          (part) => !conditions(policy).includes(part),
          (part) => `no condition with ${part}`,
        ),
      ];
    },
    mutate: (tree) => deleting(tree, 'volsync-pvc-backup-restore-retry').conditions.shift(),
  },
  {
    name: 'the cleanup controller may delete restores and Jobs, and read what decides about them',
    check: (tree) =>
      same(
        tree
          .one('ClusterRole', 'kyverno:cleanup-controller:volsync')
          .rules.map(({ resources, verbs }: Data) => `${resources} ${verbs.includes('delete') ? 'delete' : 'read'}`),
        ['replicationdestinations delete', 'jobs delete', 'replicationsources read', 'persistentvolumeclaims read'],
        'its rights',
      ),
    mutate: (tree) => tree.one('ClusterRole', 'kyverno:cleanup-controller:volsync').rules.pop(),
  },
];
