import { check, same } from '../../harness/check';
import { every, type Standing, standing } from '../../harness/argocd/argocd';
import type { ArgoCluster } from '../../harness/argocd/cluster';
import { treeObjects, waveOf } from '../../harness/tree';
import { sleep } from '../../harness/waiting';
import type { ArgoScenario } from '../../harness/argocd/scenario';

/** What happened to an Application, in seconds since the root was applied. */
export interface Row {
  wave: number;
  created?: number;
  synced?: number;
  healthy?: number;
  /** When the root could go on to the next wave: a sync had gone well and all of it was healthy. It may be compared and synced once more after that. */
  ready?: number;
  operations: Set<string>;
}

/** Watches the Applications of the platform until all of them are settled. */
export async function watched(cluster: ArgoCluster, seconds: number, count: number): Promise<Map<string, Row>> {
  const begun = Date.now();
  const rows = new Map<string, Row>();
  for (;;) {
    const now = (Date.now() - begun) / 1000;
    const all = await cluster.platform();
    for (const application of all) {
      const { sync, health, operationState } = (application['status'] ?? {}) as Standing;
      const row = rows.get(application.metadata.name) ?? { wave: waveOf(application), operations: new Set() };
      rows.set(application.metadata.name, row);
      row.created ??= now;
      if (sync?.status === 'Synced') row.synced ??= now;
      if (sync?.status === 'Synced' && health?.status === 'Healthy' && application['operation'] === undefined) row.healthy ??= now;
      if (
        health?.status === 'Healthy' &&
        application['operation'] === undefined &&
        (sync?.status === 'Synced' || operationState?.phase === 'Succeeded')
      )
        row.ready ??= now;
      if (operationState !== undefined) row.operations.add(operationState.startedAt);
    }
    if (all.length >= count && [...rows.values()].every(({ healthy }) => healthy !== undefined)) return rows;
    if (now > seconds) throw new Error(`after ${seconds} s: ${all.map((each) => `${each.metadata.name}: ${standing(each)}`).join('; ')}`);
    await sleep(500);
  }
}

export function table(rows: ReadonlyMap<string, Row>): string {
  const cell = (seconds: number | undefined): string => (seconds === undefined ? '-' : seconds.toFixed(0)).padStart(8);
  const lines = [...rows]
    .toSorted(([, a], [, b]) => a.wave - b.wave || (a.created ?? 0) - (b.created ?? 0))
    .map(
      ([name, row]) =>
        `  ${name.padEnd(22)}${String(row.wave).padStart(4)}${cell(row.created)}${cell(row.synced)}${cell(row.healthy)}${String(row.operations.size).padStart(8)}`,
    );
  return [`  ${'Application'.padEnd(22)}wave created  synced healthy operations`, ...lines].join('\n');
}

/** Each wave began when the one before it was ready. */
export function inOrder(rows: ReadonlyMap<string, Row>): void {
  const others = [...rows].filter(([name]) => name !== 'root').map(([, row]) => row);
  for (const row of others) {
    const before = others.filter(({ wave }) => wave < row.wave);
    for (const earlier of before)
      check(
        (earlier.ready ?? Infinity) <= (row.created ?? 0) + 1,
        `an Application of wave ${row.wave} came before one of wave ${earlier.wave} was ready`,
      );
  }
}

/** How many Applications the platform has. */
export const applications = treeObjects().filter(({ object }) => object.kind === 'Application').length;

export const installScenarios: readonly ArgoScenario[] = [
  {
    name: 'from `kubectl apply` of the bootstrap to the last Healthy, wave after wave',
    play: async (cluster) => {
      cluster.commitTree();
      const begun = Date.now();
      await cluster.bootstrap();
      const rows = await watched(cluster, 1200, applications);
      console.log(table(rows));
      inOrder(rows);
      return `${((Date.now() - begun) / 1000).toFixed(0)} s in all`;
    },
  },
  {
    name: 'nothing is synced without a reason: no operation and nothing OutOfSync over twenty reconciles and a hard refresh of each',
    play: async (cluster) => {
      await quiet(cluster, 20);
    },
  },
];

/** Looks at every Application over some reconciles, which begin with a hard refresh of each: none is OutOfSync, and none is synced. */
export async function quiet(cluster: ArgoCluster, reconciles: number): Promise<void> {
  const before = await operations(cluster);
  for (const { metadata } of await cluster.argocd.applications()) await cluster.argocd.refresh(metadata.name, 'hard');
  for (let second = 0; second < reconciles * every.resync; second += 5) {
    for (const application of await cluster.argocd.applications()) {
      same((application['status'] as Standing).sync?.status, 'Synced', `${application.metadata.name} after ${second} s`);
    }
    await sleep(5000);
  }
  same(await operations(cluster), before, 'the operations');
}

/** When the last operation of each Application began. */
export async function operations(cluster: ArgoCluster): Promise<Record<string, string | undefined>> {
  const all = await cluster.argocd.applications();
  return Object.fromEntries(all.map(({ metadata, status }) => [metadata.name, (status as Standing).operationState?.startedAt]));
}
