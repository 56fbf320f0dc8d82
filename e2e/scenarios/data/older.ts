/** Older backups, and the recipes of docs/restore.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { annotation } from '../../../lib/model/naming';
import type { KubeObject } from '../../harness/api';
import { check, same } from '../../harness/check';
import { type Contents, difference, read } from '../../harness/data';
import type { DataScenario } from '../../harness/data-scenario';
import { kinds, pvcRef, decisionOf } from '../../harness/pvc';
import { Shell } from '../../harness/shell';
import type { TestContext } from '../../harness/test-context';
import { repository } from '../../harness/tree';
import { eventually } from '../../harness/waiting';
import { classWith } from '../../harness/volumes';
import { failsToRestore, staysUnbound } from './fault';

const soon = (): string => new Date(Date.now() + 86_400_000).toISOString();

async function holds(context: TestContext, namespace: string, name: string, wanted: Contents): Promise<void> {
  await context.bound(namespace, name);
  const is = read(await context.cluster.node.volumes.folderOf(namespace, name));
  const problem = difference(is, wanted);
  check(problem === undefined, `${namespace}/${name} does not hold the chosen backup: ${problem}`);
  context.compared += is.bytes;
}

/** The YAML blocks of the document. */
function blocks(): KubeObject[][] {
  const text = readFileSync(join(repository, 'docs', 'restore.md'), 'utf8');
  return [...text.matchAll(/```yaml\n([^]*?)```/g)].map(([, block]) => loadAll(block!) as KubeObject[]);
}

/** Keeps every backup, however close together. */
const keepAll = { spec: { kopia: { retain: { latest: 10 } } } };

/** Creates as Argo CD does, again after a refusal. */
function admittedInTheEnd(context: TestContext, manifest: KubeObject): Promise<KubeObject> {
  return eventually(`the PVC ${manifest.metadata.name} of the document is admitted`, 60, async () => {
    const { status, message, body } = await context.cluster.api.create(manifest);
    if (status !== 201) throw new Error(message);
    return body as KubeObject;
  });
}

export const olderScenarios: readonly DataScenario[] = [
  {
    name: 'an older backup by number and by time, and none where none is old enough: the PVC stays Pending, with words',
    pvcs: 3,
    parallel: true,
    play: async (context) => {
      const ns = 'older-data';
      await context.cluster.namespace(ns);
      await context.admitted(ns, 'data');
      await eventually('the source', 60, () => context.cluster.api.find({ ...kinds.source, namespace: ns, name: 'data-backup' }));
      await context.cluster.api.patch({ ...kinds.source, namespace: ns, name: 'data-backup' }, keepAll);
      await context.bound(ns, 'data');
      const versions: Contents[] = [];
      for (let i = 0; i < 3; i += 1) {
        versions.push(await context.write(ns, 'data'));
        await context.backUp(ns, 'data', versions[i]!);
      }
      const shell = await Shell.at(context, ns, 'data');
      const snapshots = JSON.parse(await shell.run('kopia', 'snapshot', 'list', shell.source, '--json')) as { readonly startTime: string }[];
      check(snapshots.length >= 3, `only ${snapshots.length} backups are there`);
      await context.lose(ns, 'data');
      const create = (annotations: Record<string, string>): Promise<KubeObject> =>
        context.admitted(ns, 'data', { annotations: { ...annotations, [annotation.restoreExpires]: soon() } });
      await create({ [annotation.restorePrevious]: '1' });
      await holds(context, ns, 'data', versions[1]!);
      await context.lose(ns, 'data');
      // In another time zone: the mover compares texts.
      const first = new Date(new Date(snapshots.at(-3)!.startTime).getTime() + 2000 + 2 * 3600_000).toISOString().replace(/\.\d+Z/, '+02:00');
      await create({ [annotation.restoreAsOf]: first });
      await holds(context, ns, 'data', versions[0]!);
      await context.lose(ns, 'data');
      await failsToRestore(
        context,
        await create({ [annotation.restoreAsOf]: '2020-01-01T00:00:00Z' }),
        /no complete backup without errors from 2020-01-01T00:00:00Z or before/,
      );
      await context.lose(ns, 'data');
      await failsToRestore(context, await create({ [annotation.restorePrevious]: '9' }), /with 9 newer ones skipped/);
    },
  },
  {
    name: 'docs/restore.md: back to yesterday, and a copy in another namespace under another name',
    pvcs: 2,
    parallel: true,
    play: async (context) => {
      const [[yesterday], copies] = blocks() as [[KubeObject], KubeObject[]];
      const { namespace = '', name } = yesterday.metadata;
      await context.cluster.namespace(namespace);
      await context.protect(namespace, name, { files: 5 });
      // The document's dates lie in the past of whoever reads it.
      const annotations = { [annotation.restoreAsOf]: new Date().toISOString(), [annotation.restoreExpires]: soon() };
      same(Object.keys(yesterday.metadata.annotations ?? {}).toSorted(), Object.keys(annotations).toSorted(), 'the annotations of the document');
      await context.lose(namespace, name);
      await admittedInTheEnd(context, { ...yesterday, metadata: { ...yesterday.metadata, annotations } });
      await context.restored(namespace, name);
      // The copy: what the document does with kubectl and jq.
      await context.cluster.namespace('other');
      const original = await context.cluster.api.find({ ...kinds.secret, namespace, name: `volsync-${name}` });
      const spec = { ...original?.['spec'], target: { ...original?.['spec'].target, name: 'clone-source' } };
      await context.cluster.applyAll([{ ...kinds.secret, metadata: { name: 'clone-source', namespace: 'other' }, spec }, copies[0]!]);
      const copy = copies[1]!;
      same(decisionOf(await admittedInTheEnd(context, copy)), 'fresh', 'the decision about the copy');
      await holds(context, 'other', copy.metadata.name, context.backupOf(namespace, name));
    },
  },
  {
    name: 'docs/restore.md: a last backup now, and the PVC comes back in another StorageClass',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      const ns = 'other-class';
      await context.cluster.namespace(ns);
      await context.cluster.applyAll([classWith('another-class', { step: '4Mi', least: '4Mi' })]);
      await context.protect(ns, 'data');
      const contents = await context.write(ns, 'data');
      const source = { ...kinds.source, namespace: ns, name: 'data-backup' };
      await context.cluster.api.delete(source);
      await eventually('the source is gone', 30, async () => (await context.cluster.api.find(source)) === undefined);
      await context.cluster.api.patch(pvcRef(ns, 'data'), {
        metadata: { annotations: { [annotation.repairRequestedAt]: new Date().toISOString() } },
      });
      await eventually(
        'the last backup',
        120,
        async () => (await context.cluster.api.find(source))?.['status']?.latestMoverStatus?.result === 'Successful',
      );
      await context.remember(ns, 'data', contents);
      await context.lose(ns, 'data');
      await context.admitted(ns, 'data', { spec: { storageClassName: 'another-class' } });
      await context.restored(ns, 'data');
    },
  },
  {
    name: 'a backup that needs more room than the PVC asks for: both sizes are said, nothing is bound; with a larger request it comes back',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      const ns = 'too-small';
      await context.cluster.namespace(ns);
      await context.cluster.applyAll([classWith('holds-its-size', { enforced: true })]);
      const spec = (storage: string): object => ({ spec: { storageClassName: 'holds-its-size', resources: { requests: { storage } } } });
      await context.protect(ns, 'data', { ...spec('64Mi'), bulk: 40_000_000 });
      await context.lose(ns, 'data');
      const live = await context.admitted(ns, 'data', spec('16Mi'));
      await failsToRestore(context, live, /the backup holds 40\d{6} bytes and the volume has room for 16777216: create the PVC again with a larger/);
      await staysUnbound(context, ns, 3);
      await context.lose(ns, 'data');
      await context.admitted(ns, 'data', spec('64Mi'));
      await context.restored(ns, 'data');
    },
  },
];
