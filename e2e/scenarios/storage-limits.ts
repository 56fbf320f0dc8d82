import { backupLabel } from '../../lib/model/naming';
import { denialPattern } from '../../test/support/denial-pattern';
import { check } from '../harness/check';
import { admitted, pvc, pvcRef, refused } from '../harness/pvc';
import { parallelScenario, type Scenario } from '../harness/scenario';
import { eventually } from '../harness/waiting';

export const storageLimitScenarios: readonly Scenario[] = [
  parallelScenario('a class of a driver without a VolumeSnapshotClass, and no class: refused at the creation and at the label', async (cluster) => {
    const ns = await cluster.namespace('drivers');
    const name = `nfs-${ns}`;
    const made = await cluster.api.create({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'nfs.csi.k8s.io',
    });
    check(made.status === 201, `the StorageClass: ${made.message}`);
    cluster.plumberEndpoint.putBackup(ns, 'back');
    const spec = { storageClassName: name };
    await eventually(
      'the class is known to the policy',
      30,
      async () => (await cluster.api.create(pvc(ns, 'data', { spec }), '&dryRun=All')).status === 422,
    );
    for (const each of ['data', 'back']) {
      refused(await cluster.api.create(pvc(ns, each, { spec })), 'noSnapshots');
      refused(await cluster.api.create(pvc(ns, each, { spec: { storageClassName: '' } })), 'noClass');
    }
    admitted(await cluster.api.create(pvc(ns, 'data', { spec, backup: null })));
    const later = await cluster.api.patch(pvcRef(ns, 'data'), { metadata: { labels: { [backupLabel]: 'hourly' } } });
    check(denialPattern('noSnapshots').test(later.message), `the label: ${later.status} ${later.message}`);
    admitted(await cluster.api.create(pvc(ns, 'other')));
    await cluster.api.delete({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', name });
  }),
  parallelScenario('a quota that holds neither movers nor the volumes of a restore: admitted with a warning that names it', async (cluster) => {
    const ns = await cluster.namespace('quotas');
    const hard = { 'requests.cpu': '4', 'requests.storage': '2Gi', persistentvolumeclaims: '10' };
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota' };
    await cluster.api.create({ ...quota, metadata: { name: 'team', namespace: ns }, spec: { hard } });
    // Its controller waits for kinds that nobody serves here; without a status every creation is refused.
    const used = { 'requests.cpu': '0', 'requests.storage': '0', persistentvolumeclaims: '0' };
    const counted = await cluster.api.patchStatus({ ...quota, namespace: ns, name: 'team' }, { hard, used });
    check(counted.status === 200, `the status of the quota: ${counted.message}`);
    const warnings = await eventually('the warnings', 60, async () => {
      const { status, message, warnings: all } = await cluster.api.create(pvc(ns, 'data'), '&dryRun=All');
      // Several warnings come in one header.
      if (status !== 201 || !/counts.*Raise/s.test(all.join('; '))) throw new Error(`${status} ${message} ${all.join('; ')}`);
      return all.join('; ');
    });
    for (const words of ['ResourceQuota team counts requests.cpu', 'Raise requests.storage'])
      check(warnings.includes(words), `no "${words}" in: ${warnings}`);
    check(!warnings.includes('Raise persistentvolumeclaims'), `a warning too many: ${warnings}`);
    admitted(await cluster.api.create(pvc(ns, 'data')));
  }),
];
