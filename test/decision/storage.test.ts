import { homelab } from '../../examples/homelab/site';
import { type Data, Tree } from '../../verify/tree';
import type { SiteValues } from '../../lib';
import { storageClassPolicy } from '../../lib/model/policy-names';
import { admissionPolicies, type Reply, withSystemFields } from '../support/admission/api-server';
import { denialPattern } from '../support/denial-pattern';
import { pvc, type PvcOptions } from '../support/pvc';
import { now } from './play';

const tree = Tree.of(homelab);
const storageClass = (name: string, provisioner: string): Data => ({ metadata: { name }, provisioner });
const classes = [
  storageClass('longhorn', 'driver.longhorn.io'),
  storageClass('nfs', 'nfs.csi.k8s.io'),
  storageClass('local-path', 'rancher.io/local-path'),
];

describe('the driver of a StorageClass', () => {
  const refusals = (options: PvcOptions, old?: string | null, namespace = 'app'): string[] => {
    const object = withSystemFields(pvc(namespace, 'data', options), now);
    const request =
      old === undefined
        ? { operation: 'CREATE' as const }
        : { operation: 'UPDATE' as const, oldObject: pvc(namespace, 'data', { ...options, backup: old }) };
    return admissionPolicies(tree, 'persistentvolumeclaims', { ...request, object, params: { StorageClass: classes } }).refusals.filter((words) =>
      words.includes('VolumeSnapshotClass'),
    );
  };

  test.each([
    ['longhorn', false],
    ['nfs', true],
    ['local-path', true],
    ['not-there', false],
    [undefined, false],
  ])('a PVC of the class %s', (storageClassName, refused) => {
    const spec = { storageClassName };
    expect(refusals({ spec })).toEqual(refused ? [expect.stringMatching(denialPattern('noSnapshots'))] : []);
    expect(refusals({ spec }, null)).toHaveLength(refused ? 1 : 0);
    // What was protected, or called so, before, and what is not labelled.
    expect(refusals({ spec }, 'daily')).toEqual([]);
    expect(refusals({ spec, backup: null })).toEqual([]);
    expect(refusals({ spec, backup: 'daily' })).toHaveLength(refused ? 1 : 0);
    for (const excluded of homelab.excludedNamespaces) expect(refusals({ spec }, undefined, excluded)).toEqual([]);
  });

  test('is known where the tree has a VolumeSnapshotClass for it', () => {
    const drivers = tree.ofKind('VolumeSnapshotClass').map(({ driver }) => `'${driver}'`);
    const [{ expression }] = tree.one('ValidatingAdmissionPolicy', storageClassPolicy).spec.variables;
    expect(expression).toBe(`[${drivers.join(', ')}]`);
  });
});

describe('a ResourceQuota that does not hold what a backup needs', () => {
  const resources: SiteValues['mover']['resources'] = { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } };
  const given = Tree.of({ ...homelab, mover: { ...homelab.mover, resources } });
  const warnings = (quota: Data, of = tree, namespace = 'app', backup = 'hourly'): Reply['warnings'] =>
    admissionPolicies(of, 'persistentvolumeclaims', {
      operation: 'CREATE',
      object: withSystemFields(pvc(namespace, 'data', { backup, spec: { resources: { requests: { storage: '10Gi' } } } }), now),
      params: { ResourceQuota: [{ metadata: { name: 'team' }, ...quota }] },
    }).warnings;
  const quota = (hard: Record<string, string>, used: Record<string, string> = {}): Data => ({ spec: { hard }, status: { used } });

  test.each<[string, Record<string, string>, RegExp, boolean]>([
    [
      'requests of movers',
      { 'requests.cpu': '4', 'requests.memory': '8Gi', pods: '10' },
      /counts requests.cpu, requests.memory, which mover Pods do not set/,
      false,
    ],
    ['limits of memory', { 'limits.memory': '8Gi' }, /counts limits.memory/, false],
    ['limits of CPU', { 'limits.cpu': '8' }, /counts limits.cpu/, true],
  ])('%s', (_, hard, words, also) => {
    expect(warnings(quota(hard))).toEqual([expect.stringMatching(words)]);
    expect(warnings(quota(hard), given)).toHaveLength(also ? 1 : 0);
    expect(warnings({ spec: { hard, scopes: ['BestEffort'] } })).toEqual([]);
    expect(warnings(quota(hard), tree, 'app', 'daily')).toHaveLength(1);
    for (const excluded of homelab.excludedNamespaces) expect(warnings(quota(hard), tree, excluded).join()).not.toMatch(words);
  });

  test.each<[Record<string, string>, Record<string, string>, RegExp | undefined]>([
    [{ 'requests.storage': '30Gi' }, {}, undefined],
    [{ 'requests.storage': '29Gi' }, {}, /less than 3 times the size/],
    [{ 'requests.storage': '35Gi' }, { 'requests.storage': '10Gi' }, /Raise requests.storage/],
    [{ 'longhorn.storageclass.storage.k8s.io/requests.storage': '20Gi' }, {}, /Raise longhorn.storageclass/],
    [{ 'other.storageclass.storage.k8s.io/requests.storage': '1Gi' }, {}, undefined],
    [{ persistentvolumeclaims: '2' }, {}, /less than 3 PVCs/],
    [{ persistentvolumeclaims: '13' }, { persistentvolumeclaims: '10' }, undefined],
  ])('%j, of which %j is used', (hard, used, words) => {
    expect(warnings(quota(hard, used))).toEqual(words === undefined ? [] : [expect.stringMatching(words)]);
  });

  test('mover.resources reach backup, restore and maintenance, and existing backups', () => {
    const specs = given
      .ofKind('ClusterPolicy')
      .flatMap(({ spec }) => spec.rules)
      .flatMap(({ generate, mutate }: Data) => [
        ...(generate?.foreach ?? []).map(({ data }: Data) => data.spec),
        mutate?.patchStrategicMerge?.spec ?? {},
      ]);
    const found = specs.map((spec: Data) => spec.kopia?.moverResources ?? spec.resources).filter((each: Data) => each?.requests?.cpu !== undefined);
    // Two tiers, maintenance and restore, at creation and in the repair; the two tiers where they follow.
    expect(found).toEqual(Array.from({ length: 10 }, () => resources));
  });
});
