import fc from 'fast-check';
import { homelab } from '../../examples/homelab/site';
import { buildTree } from '../../lib';
import { isMisspeltBackupLabel, looksLikeBackupLabel, nearMissExpression, nearMissPattern } from '../../lib/model/near-miss-label';
import type { Data } from './support';

const misspelt = [
  [
    'backups',
    'Backup',
    'BACKUP',
    'Backups',
    'back-up',
    'Back-Up',
    'back_up',
    'back.up',
    'bakcup',
    'bcakup',
    'backpu',
    'backp',
    'bckup',
    'ackup',
    'backu',
  ],
  ['backkup', 'backupp', 'bacjup', 'vackup', 'volsync.backup/backup', 'volsync.backup/Backups', 'backed-up', 'example.com/backup', 'k8up.io/backup'],
].flat();
const others = [
  [
    'backup',
    'app',
    'back',
    'up',
    'pickup',
    'lookup',
    'setup',
    'backing',
    'backup2',
    'backup-policy',
    'backup-schedule',
    'no-backup',
    'backup-tier',
    '',
  ],
  [
    'velero.io/backup-name',

    'app.kubernetes.io/name',
    'volsync.backup/decision',
    'volsync.backup/',
    'volsync.backup',
  ],
].flat();

describe('trap 37: a misspelt or misplaced label', () => {
  test('is known by its key, and other keys are left alone', () => {
    expect(misspelt.filter((key) => !looksLikeBackupLabel(key))).toEqual([]);
    expect(others.filter(looksLikeBackupLabel)).toEqual([]);
  });

  test('with the prefix of somebody else was meant for backups where its value is a tier', () => {
    const tiers = ['hourly', 'daily'];
    expect(isMisspeltBackupLabel('example.com/backup', 'hourly', tiers)).toBe(true);
    expect(isMisspeltBackupLabel('k8up.io/backup', 'true', tiers)).toBe(false);
    expect(isMisspeltBackupLabel('backups', 'true', tiers)).toBe(true);
    expect(isMisspeltBackupLabel('backup', 'hourly', tiers)).toBe(false);
  });

  test('of one slip anywhere is known', () => {
    const letter = fc.stringMatching(/^[a-z]$/);
    fc.assert(
      fc.property(fc.nat(5), letter, (index, other) => {
        const slips = [
          `backup`.slice(0, index) + `backup`.slice(index + 1),
          'backup'.slice(0, index) + other + 'backup'.slice(index),
          'backup'.slice(0, index) + other + 'backup'.slice(index + 1),
        ];
        for (const slip of slips) expect([slip, looksLikeBackupLabel(slip)]).toEqual([slip, slip !== 'backup']);
      }),
    );
  });

  const policies = buildTree(homelab, undefined, '/nowhere').render().get('infrastructure/controllers/backstop/admission-policies.yaml')!
    .objects as Data[];
  const policy = (name: string): Data => policies.find(({ kind, metadata }) => kind === 'ValidatingAdmissionPolicy' && metadata.name === name);

  test('draws a warning, and never stands in the way', () => {
    for (const name of ['volsync-pvc-backup-label-spelling', 'volsync-pvc-backup-label-place']) {
      const { spec } = policy(name);
      expect(spec.failurePolicy).toBe('Ignore');
      const binding = policies.find(({ kind, metadata }) => kind === 'ValidatingAdmissionPolicyBinding' && metadata.name === name);
      expect(binding.spec).toEqual({ policyName: name, validationActions: ['Warn', 'Audit'] });
    }
  });

  test('is looked for on claims, and on workloads with their templates', () => {
    const rules = (name: string): Data => policy(name).spec.matchConstraints.resourceRules;
    expect(rules('volsync-pvc-backup-label-spelling')).toEqual([
      { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['persistentvolumeclaims'], scope: '*' },
    ]);
    expect(rules('volsync-pvc-backup-label-place')[0].resources).toEqual(['deployments', 'statefulsets']);
  });

  test('is judged by the one definition', () => {
    const keys = policy('volsync-pvc-backup-label-spelling').spec.variables.find(({ name }: Data) => name === 'keys').expression;
    const labels = 'object.?metadata.?labels.orValue({})[key]';
    expect(keys).toContain(nearMissExpression('key', labels, `['hourly', 'daily']`));
    expect(nearMissExpression('key', labels, `['hourly', 'daily']`)).toContain(nearMissPattern);
    // Neither quotes nor backslashes: the pattern stands in a text of CEL.
    expect(nearMissPattern).toMatch(/^[\^$()|[\]?a-z-]+$/);
  });
});
