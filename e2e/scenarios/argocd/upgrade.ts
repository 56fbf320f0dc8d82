import { execFileSync, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { annotation } from '../../../lib/model/naming';
import type { ArgoCluster } from '../../harness/argocd/cluster';
import { check, same } from '../../harness/check';
import { decisionOf, generatedRefs, pvc, pvcRef } from '../../harness/pvc';
import { sandboxFile } from '../../harness/sandbox';
import { folderObjects, repository, useTree } from '../../harness/tree';
import { eventually, Loop } from '../../harness/waiting';
import { bound, claim } from './claims';
import { inventory, lost } from './deletion';
import type { ArgoScenario } from '../../harness/argocd/scenario';
import { quiet } from './install';

/** The whole tree of the first release, out of this repository's history: at the commit that kept the release's policies. @returns its folder */
function firstRelease(): string {
  const git = (...args: string[]): string => execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8' }).trim();
  const commit = git('log', '-1', '--format=%H', '--', 'e2e/releases/first');
  if (commit === '') throw new Error('the history of this repository does not reach the first release: git fetch --unshallow');
  const folder = dirname(sandboxFile('first/x'));
  const { status, stderr } = spawnSync(
    'bash',
    ['-o', 'pipefail', '-c', 'git -C "$0" archive "$1" dist | tar -x -C "$2"', repository, commit, folder],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`the tree of ${commit} can't be had: ${stderr}`);
  return join(folder, 'dist');
}

const policies = async (cluster: ArgoCluster): Promise<string[]> =>
  (await cluster.api.list('kyverno.io/v1', 'ClusterPolicy')).map(({ metadata }) => metadata.name).toSorted();

/** Asks again and again what would become of a PVC that has a backup. */
class Prober {
  readonly answers = new Map<string, number>();
  private readonly loop: Loop;

  constructor(cluster: ArgoCluster, namespace: string) {
    cluster.plumberEndpoint.putBackup(namespace, 'probe');
    this.loop = new Loop('probe', 1000, async () => {
      const { status, body } = await cluster.api.create(pvc(namespace, 'probe'), '&dryRun=All');
      const answer = status === 201 ? `created, ${decisionOf(body)}` : 'refused';
      this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
    });
    this.loop.start();
  }

  async stop(): Promise<string> {
    await this.loop.stop();
    return [...this.answers].map(([answer, count]) => `${answer}: ${count}`).join(', ');
  }
}

export const upgradeScenarios: readonly ArgoScenario[] = [
  {
    name: 'upgrade from the first release: nothing is lost or made anew, every PVC is decided on or refused meanwhile, and all is settled',
    play: async (cluster) => {
      useTree(firstRelease());
      cluster.plumberEndpoint.putBackup('early', 'back');
      cluster.git.write('my-apps/early/data.yaml', claim('early', 'data'));
      cluster.git.write('my-apps/early/back.yaml', claim('early', 'back'));
      cluster.commitTree('the first release');
      await cluster.bootstrap();
      await eventually('the policies of the first release', 900, async () => (await policies(cluster)).includes('volsync-pvc-backup-restore'));
      const [fresh, restored] = [await bound(cluster, 'early', 'data'), await bound(cluster, 'early', 'back')];
      same([decisionOf(fresh), decisionOf(restored)], ['fresh', 'restore'], 'decisions of the first release');
      const generated = [...generatedRefs(fresh), ...generatedRefs(restored)];
      for (const ref of generated) await eventually(`${ref.kind} ${ref.name}`, 120, () => cluster.api.find(ref));
      await eventually('the root of the first release has ended', 600, async () => {
        const root = await cluster.argocd.application('root');
        return root?.['status']?.operationState?.phase === 'Succeeded';
      });
      const old = await policies(cluster);
      const before = await inventory(cluster);
      const uids = await Promise.all(generated.map(async (ref) => (await cluster.api.find(ref))?.metadata.uid));

      useTree();
      await cluster.applied({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'probes' } });
      const prober = new Prober(cluster, 'probes');
      const begun = Date.now();
      const commit = cluster.commitTree('the present release');
      await cluster.bootstrap();
      await cluster.arrived(commit, 900);
      const took = ((Date.now() - begun) / 1000).toFixed(0);
      // The Pods of the new Deployment have its flags.
      await cluster.kyverno.stop();
      await cluster.kyverno.start();
      const present = folderObjects('infrastructure/controllers/kyverno').filter(({ kind }) => kind === 'ClusterPolicy');
      await eventually('the policies of the present release, and no others', 240, async () => {
        const now = await policies(cluster);
        return JSON.stringify(now) === JSON.stringify(present.map(({ metadata }) => metadata.name).toSorted());
      });
      const answers = await prober.stop();
      const wrong = [...prober.answers.keys()].filter((answer) => !['refused', 'created, restore'].includes(answer));
      same(wrong, [], 'answers about a PVC that has a backup');
      check(prober.answers.has('created, restore'), `nothing was ever decided: ${answers}`);

      const gone = lost(before, await inventory(cluster)).filter((name) => !old.some((policy) => name === `ClusterPolicy /${policy}`));
      same(gone, [], 'what is gone, or was made anew');
      same(await Promise.all(generated.map(async (ref) => (await cluster.api.find(ref))?.metadata.uid)), uids, 'the generated resources');
      for (const name of ['data', 'back']) {
        const live = await cluster.api.find(pvcRef('early', name));
        check(live?.metadata.annotations?.[annotation.decision] !== undefined, `${name} keeps its decision`);
      }
      cluster.plumberEndpoint.putBackup('late', 'data');
      cluster.git.write('my-apps/late/data.yaml', claim('late', 'data'));
      cluster.git.push('an app after the upgrade');
      await cluster.argocd.refreshApps();
      same(decisionOf(await bound(cluster, 'late', 'data')), 'restore', 'decision of the present release');
      for (const name of ['my-apps-early', 'my-apps-late']) await cluster.settled(name, 240);
      await quiet(cluster, 4);
      return `${took} s; a PVC with a backup meanwhile: ${answers}`;
    },
  },
];
