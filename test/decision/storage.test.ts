import { homelab } from '../../examples/homelab/site';
import { type Data, Tree } from '../../verify/tree';
import type { SiteValues } from '../../lib';
import { storageClassPolicy } from '../../lib/model/policy-names';
import { problemOfCase } from '../admission/case';
import { underQuota } from '../admission/quotas';
import { storageClassCases } from '../admission/storage-classes';

test('a driver is known where the tree has a VolumeSnapshotClass for it', () => {
  const tree = Tree.of(homelab);
  const drivers = tree.ofKind('VolumeSnapshotClass').map(({ driver }) => `'${driver}'`);
  const [{ expression }] = tree.one('ValidatingAdmissionPolicy', storageClassPolicy).spec.variables;
  expect(expression).toBe(`[${drivers.join(', ')}]`);
});

test('a class of another driver is taken where the site names a VolumeSnapshotClass for it', () => {
  const other = Tree.of({ ...homelab, storage: { ...homelab.storage, snapshotClasses: { nfs: 'nfs-snapshots' } } });
  const problems = storageClassCases.filter((each) => problemOfCase(other, each) !== undefined).map(({ name }) => name);
  expect(problems).toEqual(['StorageClass: a class of another driver', 'StorageClass: the label comes later, on a class of another driver']);
});

describe('a site that gives its movers resources', () => {
  const resources: SiteValues['mover']['resources'] = { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } };
  const given = Tree.of({ ...homelab, mover: { ...homelab.mover, resources } });

  test.each([
    [{ 'requests.cpu': '4', 'requests.memory': '8Gi', pods: '10' }, []],
    [{ 'limits.memory': '8Gi' }, []],
    [{ 'limits.cpu': '8' }, [/counts limits.cpu, which mover Pods do not set/]],
  ])('warns of a ResourceQuota of %j only where they do not set it', (hard, warned) => {
    expect(problemOfCase(given, underQuota('', { hard: hard as Record<string, string> }, warned))).toBeUndefined();
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
