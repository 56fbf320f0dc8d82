/** Older backups, and the recipes of docs/restore.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { annotation } from '../../../lib/model/naming';
import type { KubeObject } from '../../harness/api';
import { check, same } from '../../harness/check';
import { type Contents, difference, read } from '../../harness/data';
import type { DataLife } from '../../harness/data-life';
import { kinds, pvcRef, verdictOf } from '../../harness/pvc';
import { Shell } from '../../harness/shell';
import type { Stage } from '../../harness/stage';
import { repository } from '../../harness/tree';
import { eventually } from '../../harness/waiting';
import { classWith } from '../../harness/volumes';
import { failsToRestore, staysUnbound } from './fault';

const soon = (): string => new Date(Date.now() + 86_400_000).toISOString();

async function holds(stage: Stage, namespace: string, name: string, wanted: Contents): Promise<void> {
  await stage.bound(namespace, name);
  const is = read(await stage.world.node.volumes.folderOf(namespace, name));
  const problem = difference(is, wanted);
  check(problem === undefined, `${namespace}/${name} does not hold the chosen backup: ${problem}`);
  stage.compared += is.bytes;
}

/** The YAML blocks of the document. */
function blocks(): KubeObject[][] {
  const text = readFileSync(join(repository, 'docs', 'restore.md'), 'utf8');
  return [...text.matchAll(/```yaml\n([^]*?)```/g)].map(([, block]) => loadAll(block!) as KubeObject[]);
}

/** Keeps every backup, however close together. */
const keepAll = { spec: { kopia: { retain: { latest: 10 } } } };

export const olderLives: readonly DataLife[] = [
  {
    name: 'an older backup by number and by time, and none where none is old enough: the PVC stays Pending, with words',
    pvcs: 3,
    calm: true,
    play: async (stage) => {
      const ns = 'older-data';
      await stage.world.namespace(ns);
      await stage.admitted(ns, 'data');
      await eventually('the source', 60, () => stage.world.api.find({ ...kinds.source, namespace: ns, name: 'data-backup' }));
      await stage.world.api.patch({ ...kinds.source, namespace: ns, name: 'data-backup' }, keepAll);
      await stage.bound(ns, 'data');
      const versions: Contents[] = [];
      for (let i = 0; i < 3; i += 1) {
        versions.push(await stage.write(ns, 'data'));
        await stage.backUp(ns, 'data', versions[i]!);
      }
      const shell = await Shell.at(stage, ns, 'data');
      const snapshots = JSON.parse(await shell.run('kopia', 'snapshot', 'list', shell.source, '--json')) as { readonly startTime: string }[];
      check(snapshots.length >= 3, `only ${snapshots.length} backups are there`);
      await stage.lose(ns, 'data');
      const create = (annotations: Record<string, string>): Promise<KubeObject> =>
        stage.admitted(ns, 'data', { annotations: { ...annotations, [annotation.restoreExpires]: soon() } });
      await create({ [annotation.restorePrevious]: '1' });
      await holds(stage, ns, 'data', versions[1]!);
      await stage.lose(ns, 'data');
      // In another time zone: the mover compares texts.
      const first = new Date(new Date(snapshots.at(-3)!.startTime).getTime() + 2000 + 2 * 3600_000).toISOString().replace(/\.\d+Z/, '+02:00');
      await create({ [annotation.restoreAsOf]: first });
      await holds(stage, ns, 'data', versions[0]!);
      await stage.lose(ns, 'data');
      await failsToRestore(
        stage,
        await create({ [annotation.restoreAsOf]: '2020-01-01T00:00:00Z' }),
        /no complete backup without errors from 2020-01-01T00:00:00Z or before/,
      );
      await stage.lose(ns, 'data');
      await failsToRestore(stage, await create({ [annotation.restorePrevious]: '9' }), /with 9 newer ones skipped/);
    },
  },
  {
    name: 'docs/restore.md: back to yesterday, and a copy in another namespace under another name',
    pvcs: 2,
    calm: true,
    play: async (stage) => {
      const [[yesterday], copies] = blocks() as [[KubeObject], KubeObject[]];
      const { namespace = '', name } = yesterday.metadata;
      await stage.world.namespace(namespace);
      await stage.protect(namespace, name, { files: 5 });
      // The document's dates lie in the past of whoever reads it.
      const annotations = { [annotation.restoreAsOf]: new Date().toISOString(), [annotation.restoreExpires]: soon() };
      same(Object.keys(yesterday.metadata.annotations ?? {}).toSorted(), Object.keys(annotations).toSorted(), 'the annotations of the document');
      await stage.lose(namespace, name);
      await eventually('the PVC of the document is admitted', 60, async () => {
        const reply = await stage.world.api.create({ ...yesterday, metadata: { ...yesterday.metadata, annotations } });
        if (reply.status !== 201) throw new Error(reply.message);
        return true;
      });
      await stage.restored(namespace, name);
      // The copy: what the document does with kubectl and jq.
      await stage.world.namespace('other');
      const original = await stage.world.api.find({ ...kinds.secret, namespace, name: `volsync-${name}` });
      const spec = { ...original?.['spec'], target: { ...original?.['spec'].target, name: 'clone-source' } };
      await stage.world.applyAll([{ ...kinds.secret, metadata: { name: 'clone-source', namespace: 'other' }, spec }, copies[0]!]);
      const copy = copies[1]!;
      const live = (await stage.world.api.create(copy)).body;
      same(verdictOf(live), 'fresh', 'the decision about the copy');
      await holds(stage, 'other', copy.metadata.name, stage.backupOf(namespace, name));
    },
  },
  {
    name: 'docs/restore.md: a last backup now, and the PVC comes back in another StorageClass',
    pvcs: 1,
    calm: true,
    play: async (stage) => {
      const ns = 'other-class';
      await stage.world.namespace(ns);
      await stage.world.applyAll([classWith('another-class', { step: '4Mi', least: '4Mi' })]);
      await stage.protect(ns, 'data');
      const contents = await stage.write(ns, 'data');
      const source = { ...kinds.source, namespace: ns, name: 'data-backup' };
      await stage.world.api.delete(source);
      await eventually('the source is gone', 30, async () => (await stage.world.api.find(source)) === undefined);
      await stage.world.api.patch(pvcRef(ns, 'data'), { metadata: { annotations: { touched: String(Date.now()) } } });
      await eventually(
        'the last backup',
        120,
        async () => (await stage.world.api.find(source))?.['status']?.latestMoverStatus?.result === 'Successful',
      );
      await stage.remember(ns, 'data', contents);
      await stage.lose(ns, 'data');
      await stage.admitted(ns, 'data', { spec: { storageClassName: 'another-class' } });
      await stage.restored(ns, 'data');
    },
  },
  {
    name: 'a backup that needs more room than the PVC asks for: both sizes are said, nothing is bound; with a larger request it comes back',
    pvcs: 1,
    calm: true,
    play: async (stage) => {
      const ns = 'too-small';
      await stage.world.namespace(ns);
      await stage.world.applyAll([classWith('holds-its-size', { enforced: true })]);
      const spec = (storage: string): object => ({ spec: { storageClassName: 'holds-its-size', resources: { requests: { storage } } } });
      await stage.protect(ns, 'data', { ...spec('64Mi'), bulk: 40_000_000 });
      await stage.lose(ns, 'data');
      const live = await stage.admitted(ns, 'data', spec('16Mi'));
      await failsToRestore(stage, live, /the backup holds 40\d{6} bytes and the volume has room for 16777216: create the PVC again with a larger/);
      await staysUnbound(stage, ns, 3);
      await stage.lose(ns, 'data');
      await stage.admitted(ns, 'data', spec('64Mi'));
      await stage.restored(ns, 'data');
    },
  },
];
