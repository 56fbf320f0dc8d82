import fc from 'fast-check';
import { annotation, maintenanceName } from '../../lib/model/naming';
import { generatePolicy } from '../../lib/model/policy-names';
import { spreadMinute } from '../../lib/model/schedule';
import { pvc, type PvcOptions } from '../support/pvc';
import { homelab } from '../../examples/homelab/site';
import { type Data, Tree } from '../../verify/tree';
import { generatedRows, policyStarting, problemOfGenerated, uid } from './generated-rows';

const tree = Tree.of(homelab);
const restoring: PvcOptions = {
  annotations: { [annotation.decision]: 'restore' },
  spec: { dataSourceRef: { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: 'data-restore-a1b2c3d4' } },
};

const fresh: PvcOptions = { annotations: { [annotation.decision]: 'fresh' } };

/** What is generated when a PVC is created, by kind. */
function generated(options: PvcOptions, name = 'data', namespace = 'app'): Record<string, Data> {
  const written = pvc(namespace, name, options);
  const object = { ...written, metadata: { ...written.metadata, uid } };
  const made = policyStarting(tree, generatePolicy).generated({ operation: 'CREATE', object });
  return Object.fromEntries(made.map((resource) => [resource.kind, resource]));
}

test('a PVC that names no access mode, class or user gets those of the fallback and of the site', () => {
  const { ReplicationDestination, ReplicationSource } = generated({
    ...restoring,
    spec: { ...restoring.spec, accessModes: undefined, storageClassName: undefined },
  });
  expect(ReplicationDestination.spec.kopia).toMatchObject({ accessModes: ['ReadWriteOnce'], storageClassName: 'longhorn', capacity: '1Gi' });
  expect(ReplicationSource.spec.kopia.moverSecurityContext).toMatchObject({ runAsUser: 568, runAsGroup: 568, fsGroup: 568, runAsNonRoot: true });
});

test.each([
  [['ReadWriteMany'], 'ReadWriteMany'],
  [['ReadWriteOncePod', 'ReadOnlyMany'], 'ReadWriteOncePod'],
  // The mover writes.
  [['ReadOnlyMany', 'ReadWriteMany'], 'ReadWriteMany'],
  [['ReadOnlyMany'], 'ReadWriteOnce'],
])('a PVC with the access modes %j is restored through %s', (accessModes, mode) => {
  expect(generated({ ...restoring, spec: { ...restoring.spec, accessModes } })['ReplicationDestination'].spec.kopia.accessModes).toEqual([mode]);
});

test('class, size and users of the PVC’s own reach its mover, as numbers', () => {
  const annotations = { ...restoring.annotations, [annotation.runAsUser]: '0', [annotation.runAsGroup]: '1001', [annotation.fsGroup]: '1002' };
  const spec = { ...restoring.spec, storageClassName: 'fast', resources: { requests: { storage: '7Gi' } } };
  const { kopia } = generated({ annotations, spec })['ReplicationDestination'].spec;
  expect(kopia).toMatchObject({ storageClassName: 'fast', capacity: '7Gi' });
  expect(kopia.moverSecurityContext).toMatchObject({ runAsUser: 0, runAsGroup: 1001, fsGroup: 1002, runAsNonRoot: false });
});

test('a restore runs once for each creation', () => {
  expect(generated(restoring)['ReplicationDestination']).toMatchObject({
    metadata: { name: 'data-restore-a1b2c3d4' },
    spec: { trigger: { manual: uid } },
  });
});

test.each(generatedRows.map((row) => [row.name, row] as const))('%s', (_, row) => {
  expect(problemOfGenerated(tree, row)).toBeUndefined();
});

test('names and minutes that Kyverno computes are those that TypeScript computes', () => {
  const part = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
  fc.assert(
    fc.property(part, part, (namespace, name) => {
      const { KopiaMaintenance } = generated(fresh, name, namespace);
      expect(KopiaMaintenance.metadata.name).toBe(maintenanceName({ namespace, name }));
      expect(KopiaMaintenance.spec.trigger.schedule.split(' ')[0]).toBe(String(spreadMinute(namespace, name)));
    }),
    { numRuns: 50 },
  );
});
