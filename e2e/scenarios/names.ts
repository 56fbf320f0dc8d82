import { annotation } from '../../lib/model/naming';
import { check, same } from '../harness/check';
import { parallelScenario, scenario, type Scenario } from '../harness/scenario';
import { admitted, alwaysGeneratedRefs, generatedFor, kinds, pvc, refused, decisionOf } from '../harness/pvc';

const skip = { [annotation.skipRestore]: 'true' };
const why = { [annotation.skipRestoreReason]: 'the disk is empty on purpose' };

export const nameScenarios: readonly Scenario[] = [
  parallelScenario(
    'names of 43, 50, 55 and 63 characters and with dots get resources with the whole name; longer ones are refused',
    async (cluster) => {
      const ns = await cluster.namespace('names');
      const names = [43, 50, 55, 63].map((length) => 'n'.repeat(length));
      for (const name of [...names, 'with.dots.in-it', '0']) {
        const { source, secret } = await generatedFor(cluster, admitted(await cluster.api.create(pvc(ns, name))));
        same(source['spec'].kopia.username, `${name}-backup`, 'the identity');
        same(source['spec'].kopia.hostname, ns, 'the identity');
        same(secret['spec'].target.template.data.KOPIA_REPOSITORY, `s3://volsync-backup/${ns}/${name}`, 'the repository');
      }
      for (const length of [64, 200, 253]) refused(await cluster.api.create(pvc(ns, 'n'.repeat(length))), 'unsupported');
    },
  ),
  parallelScenario('generateName and block volumes are refused with a remedy', async (cluster) => {
    const ns = await cluster.namespace('unnamed');
    const metadata = { namespace: ns, generateName: 'data-', labels: { backup: 'hourly' } };
    refused(await cluster.api.create({ ...pvc(ns, ''), metadata }), 'unsupported');
    // Without a name nothing can be looked up, so this does not skip it.
    refused(await cluster.api.create({ ...pvc(ns, ''), metadata: { ...metadata, annotations: { ...skip, ...why } } }), 'unsupported');
    refused(await cluster.api.create(pvc(ns, 'block', { spec: { volumeMode: 'Block' } })), 'unsupported');
  }),
  parallelScenario('PVCs of the same name in two namespaces have nothing to do with each other', async (cluster) => {
    const [a, b] = [await cluster.namespace('same-a'), await cluster.namespace('same-b')];
    cluster.plumberEndpoint.putBackup(a, 'data');
    const first = admitted(await cluster.api.create(pvc(a, 'data')));
    const second = admitted(await cluster.api.create(pvc(b, 'data')));
    same([decisionOf(first), decisionOf(second)], ['restore', 'fresh'], 'the decisions');
    const [mine, other] = [await generatedFor(cluster, first), await generatedFor(cluster, second)];
    same([mine.source['spec'].kopia.hostname, other.source['spec'].kopia.hostname], [a, b], 'the identities');
    same((await cluster.api.list(kinds.destination.apiVersion, kinds.destination.kind, b)).length, 0, 'the restores of the fresh one');
  }),
  parallelScenario('skip-restore creates an empty volume over a backup only with a reason', async (cluster) => {
    const ns = await cluster.namespace('skipped');
    cluster.plumberEndpoint.putBackup(ns, 'data');
    refused(await cluster.api.create(pvc(ns, 'data', { annotations: skip })), 'noSkipReason');
    refused(await cluster.api.create(pvc(ns, 'data', { annotations: { ...skip, [annotation.skipRestoreReason]: '  ' } })), 'noSkipReason');
    refused(
      await cluster.api.create(pvc(ns, 'data', { annotations: { ...skip, ...why }, backup: 'daily', spec: { volumeMode: 'Block' } })),
      'unsupported',
    );
    const live = admitted(await cluster.api.create(pvc(ns, 'data', { annotations: { ...skip, ...why } })));
    same(decisionOf(live), 'skipped', 'the decision');
    check(live['spec'].dataSourceRef === undefined, 'nothing is restored');
    same(cluster.plumberEndpoint.questions(ns, 'data'), 0, 'the number of questions');
    await generatedFor(cluster, live);
  }),
  parallelScenario('a dataSource of its own is refused where a backup exists, and left alone where none does', async (cluster) => {
    const ns = await cluster.namespace('sourced');
    cluster.plumberEndpoint.putBackup(ns, 'data');
    const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'mine' };
    const otherClaim = { kind: 'PersistentVolumeClaim', name: 'other' };
    for (const spec of [{ dataSourceRef: snapshot }, { dataSource: snapshot }, { dataSource: otherClaim }, { dataSourceRef: otherClaim }]) {
      refused(await cluster.api.create(pvc(ns, 'data', { spec })), 'foreignSource');
    }
    const destination = { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: 'by-hand' };
    refused(await cluster.api.create(pvc(ns, 'data', { spec: { dataSourceRef: destination } })), 'foreignSource');
    const live = admitted(await cluster.api.create(pvc(ns, 'cloned', { spec: { dataSourceRef: snapshot } })));
    same(live['spec'].dataSourceRef, snapshot, 'the source');
    await generatedFor(cluster, live);
  }),
  parallelScenario('a restore of an earlier PVC in the manifest is replaced where a backup exists, and refused where none does', async (cluster) => {
    const ns = await cluster.namespace('exported');
    cluster.plumberEndpoint.putBackup(ns, 'data');
    const spec = (name: string): object => ({
      dataSourceRef: { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: `${name}-restore-aaaaaaaa` },
    });
    const live = admitted(await cluster.api.create(pvc(ns, 'data', { spec: { ...spec('data') } })));
    check(live['spec'].dataSourceRef.name !== 'data-restore-aaaaaaaa', 'a stale ReplicationDestination is referenced');
    await generatedFor(cluster, live);
    // A cluster gives out both fields.
    cluster.plumberEndpoint.putBackup(ns, 'both');
    const both = { ...spec('both'), dataSource: (spec('both') as { dataSourceRef: object }).dataSourceRef };
    const restored = admitted(await cluster.api.create(pvc(ns, 'both', { spec: both })));
    same(restored['spec'].dataSource, restored['spec'].dataSourceRef, 'the two fields');
    await generatedFor(cluster, restored);
    refused(await cluster.api.create(pvc(ns, 'none', { spec: { ...spec('none') } })), 'staleSource');
  }),
  parallelScenario(
    'a PVC that exists is answered with 409, as Kubernetes does, also by a dry run and while nobody knows of backups',
    async (cluster) => {
      const ns = await cluster.namespace('exists');
      cluster.plumberEndpoint.putBackup(ns, 'data');
      const live = admitted(await cluster.api.create(pvc(ns, 'data')));
      await generatedFor(cluster, live);
      const plain = admitted(await cluster.api.create(pvc(ns, 'plain')));
      await generatedFor(cluster, plain);
      for (const name of ['data', 'plain'])
        for (const query of ['', '&dryRun=All']) {
          const { status, message } = await cluster.api.create(pvc(ns, name), query);
          same(status, 409, `the status of a second creation of ${name} (${message})`);
        }
      same((await cluster.api.create(pvc(ns, 'new'), '&dryRun=All')).status, 201, 'the status of a dry run of a new one');
    },
  ),
  parallelScenario('a cloned namespace: a decision about another PVC counts for nothing', async (cluster) => {
    const ns = await cluster.namespace('cloned');
    const theirs = { [annotation.decision]: 'restore', [annotation.decidedAt]: '2026-01-31T18:00:00Z' };
    const cloned = { ...theirs, [annotation.decidedFor]: 'shop/data' };
    same(decisionOf(admitted(await cluster.api.create(pvc(ns, 'data', { annotations: cloned })))), 'fresh', 'the decision');
    const older = { ...theirs, [annotation.reason]: 'a kopia repository with data in shop/older/' };
    same(decisionOf(admitted(await cluster.api.create(pvc(ns, 'older', { annotations: older })))), 'fresh', 'the decision of an older manifest');
    const own = { ...theirs, [annotation.decidedFor]: `${ns}/own` };
    refused(await cluster.api.create(pvc(ns, 'own', { annotations: own })), /check that it is the right store/);
  }),
  parallelScenario('a name that is an expression never reaches Kyverno', async (cluster) => {
    const ns = await cluster.namespace('expressions');
    for (const name of ['{{request.object.metadata.name}}', "{{to_upper('a')}}", '{{ request.object.spec }}']) {
      const { status, ms, message } = await cluster.api.create(pvc(ns, name));
      same(status, 422, `the status of ${name} (${message})`);
      check(ms < 2000, `${name} is answered after ${Math.round(ms)} ms`);
    }
    check(!cluster.plumberEndpoint.asked.some((path) => path.startsWith(`${ns}/`)), 'pvc-plumber is asked about an expression');
  }),
  parallelScenario('labels that no tier has, and excluded namespaces, pass with a warning and get nothing', async (cluster) => {
    const ns = await cluster.namespace('labels');
    for (const value of ['weekly', 'Hourly', '', 'true']) {
      const reply = await cluster.api.create(pvc(ns, `l${Math.random().toString(36).slice(2)}`, { backup: value }));
      admitted(reply);
      check(
        reply.warnings.some((warning) => warning.includes('is NOT backed up')),
        `${value}: no warning but ${reply.warnings.join()}`,
      );
    }
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'job', uid: '4f6e2f4e-7d0c-4a6e-9d0a-0123456789ab' };
    for (const [name, metadata] of [
      ['of-a-pod', { ownerReferences: [owner] }],
      ['scratch-4f6e2f4e-7d0c-4a6e-9d0a-0123456789ab', {}],
    ] as const) {
      const reply = await cluster.api.create(pvc(ns, name, { metadata }));
      check(
        reply.warnings.some((warning) => warning.includes('is never restored')),
        `${name}: no warning but ${reply.warnings.join()}`,
      );
    }
    const excluded = await cluster.api.create(pvc('volsync-system', `data${cluster.round}`));
    admitted(excluded);
    check(
      excluded.warnings.some((warning) => warning.includes('namespace is excluded')),
      'a warning about the namespace',
    );
    same(decisionOf(excluded.body), 'none', 'the decision');
    const silent = await cluster.api.create(pvc(ns, 'unlabelled', { backup: null }));
    admitted(silent);
    same([silent.warnings.length, decisionOf(silent.body)], [0, 'none'], 'warnings and decision of an unlabelled PVC');
    for (const each of [ns, 'volsync-system'])
      same(
        (await cluster.api.list(kinds.source.apiVersion, kinds.source.kind, each)).filter(
          ({ metadata }) => !/^(of-a-pod|scratch-)/.test(metadata.name),
        ).length,
        0,
        `sources in ${each}`,
      );
    same((await cluster.api.find(alwaysGeneratedRefs({ namespace: ns, name: 'unlabelled' })[0]!)) === undefined, true, 'no resource');
  }),
  scenario('one question to pvc-plumber for an ordinary PVC, by its own metric', async (cluster) => {
    const ns = await cluster.namespace('counted');
    const before = await cluster.plumberEndpoint.metric('pvc_plumber_backup_check_total');
    const live = admitted(await cluster.api.create(pvc(ns, 'data')));
    await generatedFor(cluster, live);
    same((await cluster.plumberEndpoint.metric('pvc_plumber_backup_check_total')) - before, 1, 'the number of questions');
  }),
];
