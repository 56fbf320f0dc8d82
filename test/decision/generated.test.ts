import fc from 'fast-check';
import { annotation, maintenanceName } from '../../lib/model/naming';
import { spreadMinute } from '../../lib/model/schedule';
import { KyvernoPolicy } from '../support/admission/kyverno';
import { pvc, type PvcOptions } from '../support/pvc';
import { homelab } from '../../examples/homelab/site';
import { type Data, Tree } from '../../verify/tree';
import { now } from './play';

const tree = Tree.of(homelab);
const around = { now, service: () => undefined, api: () => undefined };
const starting = (name: string): KyvernoPolicy =>
  new KyvernoPolicy(
    tree.ofKind('ClusterPolicy').find(({ metadata }) => metadata.name.startsWith(name)),
    around,
  );
const uid = '6f1c0d7e-0000-4000-8000-000000000000';
const restoring: PvcOptions = {
  annotations: { [annotation.decision]: 'restore' },
  spec: { dataSourceRef: { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: 'data-restore-a1b2c3d4' } },
};

const fresh: PvcOptions = { annotations: { [annotation.decision]: 'fresh' } };

/** What is generated when a PVC is created, by kind. */
function generated(options: PvcOptions, name = 'data', namespace = 'app'): Record<string, Data> {
  const written = pvc(namespace, name, options);
  const object = { ...written, metadata: { ...written.metadata, uid } };
  const made = starting('volsync-pvc-backup-generate').generated({ operation: 'CREATE', object });
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

test('a restore is made only where one was decided and the PVC points to it', () => {
  const kinds = (options: PvcOptions): string[] => Object.keys(generated(options)).toSorted();
  const always = ['ExternalSecret', 'KopiaMaintenance', 'ReplicationSource'];
  expect(kinds(restoring)).toEqual(['ExternalSecret', 'KopiaMaintenance', 'ReplicationDestination', 'ReplicationSource']);
  expect(kinds({ ...restoring, annotations: { [annotation.decision]: 'fresh' } })).toEqual(always);
  expect(kinds({ annotations: restoring.annotations! })).toEqual(always);
  expect(kinds({ ...fresh, spec: { volumeMode: 'Block' } })).toEqual([]);
  for (const decision of ['unknown', 'wait', 'exists']) expect(kinds({ ...restoring, annotations: { [annotation.decision]: decision } })).toEqual([]);
  expect(kinds({})).toEqual([]);
  expect(generated(restoring)['ReplicationDestination']).toMatchObject({
    metadata: { name: 'data-restore-a1b2c3d4' },
    spec: { trigger: { manual: uid } },
  });
});

describe('the repair', () => {
  const { metadata } = pvc('app', 'data', restoring);
  const living = { ...pvc('app', 'data', restoring), metadata: { ...metadata, uid } };
  const annotated = (object: Data, key: string, value: string): Data => ({
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [key]: value } },
  });
  const asked = (object: Data): Data => annotated(object, annotation.repairRequestedAt, now.toISOString());
  const kinds = (object: Data, oldObject?: Data): string[] => {
    const request = { operation: 'UPDATE' as const, object, ...(oldObject === undefined ? {} : { oldObject }) };
    return starting('volsync-pvc-backup-repair')
      .generated(request)
      .map(({ kind }) => kind)
      .toSorted();
  };
  const always = ['ExternalSecret', 'KopiaMaintenance', 'ReplicationSource'];

  test('an update that asks for nothing generates nothing', () => {
    const marked = annotated(living, 'volume.kubernetes.io/storage-provisioner', 'driver.longhorn.io');
    expect(kinds(marked, living)).toEqual([]);
    expect(kinds({ ...living, status: { phase: 'Bound' } }, living)).toEqual([]);
    expect(kinds(asked(living), asked(living))).toEqual([]);
  });

  test('what is asked for by pvc-plumber, by a label or by a round of Kyverno is generated', () => {
    const all = ['ExternalSecret', 'KopiaMaintenance', 'ReplicationDestination', 'ReplicationSource'];
    expect(kinds(asked(living), living)).toEqual(all);
    expect(kinds(living)).toEqual(all);
    const unlabelled = { ...living, metadata: { ...living.metadata, labels: {} } };
    expect(kinds(living, unlabelled)).toEqual(all);
    const daily = { ...living, metadata: { ...living.metadata, labels: { backup: 'daily' } } };
    expect(kinds(daily, living)).toEqual(all);
  });

  test('a PVC that was there before the policies has no decision, and gets its backups', () => {
    const earlier = { ...pvc('app', 'data'), metadata: { ...pvc('app', 'data').metadata, uid } };
    expect(kinds(earlier)).toEqual(always);
  });

  test('a PVC that is being deleted, is bound, or waits for a decision is not restored', () => {
    expect(kinds({ ...living, status: { phase: 'Bound' } })).toEqual(always);
    expect(kinds({ ...living, metadata: { ...living.metadata, deletionTimestamp: now.toISOString() } })).toEqual([]);
    for (const decision of ['unknown', 'wait', 'exists']) expect(kinds(annotated(living, annotation.decision, decision))).toEqual([]);
  });
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
