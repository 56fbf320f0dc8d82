/**
 * `npm run e2e:argocd`: a real Argo CD takes the rendered tree up, and is put through what clusters go through.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { helped } from '../scripts/usage';
import { chartsProblem, packCharts } from './harness/argocd/charts';
import { ArgoCluster } from './harness/argocd/cluster';
import { keepLogs, runProgram } from './harness/program';
import { Report } from './harness/report';
import { runInSandbox, sandboxFolder, sandboxProblem } from './harness/sandbox';
import { buildTools } from './harness/tools';
import { repository } from './harness/tree';
import { crdCache } from './harness/cluster';
import type { ArgoScenario } from './harness/argocd/scenario';
import { argoClusters } from './scenarios/argocd';

/** Folder in `.cache`. */
const kept = 'argocd-logs';

const usage = `npm run e2e:argocd -- [WORD ...]   a real Argo CD takes the rendered tree up, on three clusters
  settled, new, upgraded   only these clusters
  other words              only the scenarios that have one of them, each after the first of its cluster
wants Go, redis-server, openssl and git, and what the pinned charts render: CHARTS_FROM, or ../shared/charts`;

/** Number of the cluster that is played inside of the sandbox. */
const clusterNumber = 'E2E_ARGOCD_CLUSTER';

const words = process.argv.slice(2);

/** Scenarios of a cluster that are asked for: by the cluster's name, or by words of their own. */
function picked({ name: clusterName, scenarios }: (typeof argoClusters)[number]): readonly ArgoScenario[] {
  const all = words.length === 0 || words.includes(clusterName);
  return scenarios.filter(({ name }) => all || words.some((word) => name.includes(word)));
}

async function main(): Promise<number> {
  if (sandboxFolder === undefined) return outside();
  const played = argoClusters[Number(process.env[clusterNumber])]!;
  const [first] = played.scenarios;
  const report = new Report();
  const cluster = await ArgoCluster.start();
  try {
    if ((await report.line(first.name, () => first.play(cluster))) === undefined) return report.end();
    for (const { name, play } of picked(played).filter((each) => each !== first)) await report.line(name, () => play(cluster));
  } finally {
    keepLogs(join(kept, played.name));
    await cluster.stop();
  }
  return report.end();
}

/** Before the sandbox: it has no network. */
function outside(): number {
  const clusters = [...argoClusters.entries()].filter(([, each]) => picked(each).length > 0);
  if (clusters.length === 0) {
    console.error(`e2e:argocd: no cluster is called so, and no scenario has one of these in its name: ${words.join(', ')}`);
    return 2;
  }
  const missing = ['redis-server', 'openssl', 'git'].filter((program) => spawnSync('which', [program]).status !== 0);
  const problem =
    sandboxProblem() ??
    chartsProblem() ??
    (missing.length > 0 ? `there is no ${missing.join(', no ')}` : undefined) ??
    (existsSync(crdCache) ? undefined : 'there are no CRDs: npm run crds');
  if (problem !== undefined) {
    console.error(`e2e:argocd: SKIPPED ENTIRELY, nothing was proven: ${problem}`);
    return 1;
  }
  if (!buildTools() || !buildTools(['argocd', 'helm', 'kustomize', 'kube-state-metrics'])) {
    console.error('e2e:argocd: SKIPPED ENTIRELY, nothing was proven: the programs above could not be built');
    return 1;
  }
  packCharts();
  rmSync(join(repository, '.cache', kept), { recursive: true, force: true });
  // Each has a sandbox of its own.
  const codes = clusters.map(([number, { name }]) => {
    console.log(`cluster "${name}"`);
    process.env[clusterNumber] = String(number);
    return runInSandbox();
  });
  return Math.max(...codes);
}

if (!helped(usage)) runProgram('e2e:argocd', main);
