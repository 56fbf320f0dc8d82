import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { homelab } from '../examples/homelab/site';
import type { SiteValues } from '../lib';
import { type Data, repository, Tree } from '../verify/tree';
import { notTested } from './support/not-tested';

/** What the pinned charts render; not part of the repository. */
const charts = process.env['CHARTS_FROM'] ?? join(repository, '..', 'shared', 'charts');

const milli = (cpu: unknown): number => (cpu === undefined ? 0 : String(cpu).endsWith('m') ? Number.parseInt(String(cpu), 10) : Number(cpu) * 1000);
const mebi = (memory: unknown): number => {
  const [, number, unit] = /^(\d+)(Mi|Gi)$/.exec(String(memory ?? '0Mi'))!;
  return Number(number) * (unit === 'Gi' ? 1024 : 1);
};

/** Workloads that a chart of a site renders, with the replicas and resources that the tree gives it now. */
function workloads(chart: string, tree: Tree): Data[] {
  const values: Data = tree
    .ofKind('Application')
    .flatMap(({ spec }) => spec.sources ?? [])
    .find((source: Data) => source.chart === chart)?.helm.valuesObject;
  const found = (loadAll(readFileSync(join(charts, chart, 'rendered.yaml'), 'utf8')) as Data[]).filter((object) => object?.kind === 'Deployment');
  return found.map((object) => {
    const part = {
      'kyverno-admission-controller': 'admissionController',
      'kyverno-background-controller': 'backgroundController',
      'kyverno-cleanup-controller': 'cleanupController',
    }[object.metadata.name as string];
    const own = part === undefined ? values?.controller : values[part];
    const [first] = object.spec.template.spec.containers;
    const given = own?.container?.resources ?? own?.resources;
    for (const kind of ['requests', 'limits']) if (given?.[kind] !== undefined) first.resources[kind] = { ...first.resources[kind], ...given[kind] };
    return { ...object, spec: { ...object.spec, replicas: own?.replicas ?? own?.replicaCount ?? object.spec.replicas ?? 1 } };
  });
}

/** Pods, CPU, memory and memory limit of workloads. The scheduler counts the larger of a Pod's containers together and of each of its first ones. */
function sum(objects: readonly Data[]): readonly [number, number, number, number] {
  const total = [0, 0, 0, 0] as [number, number, number, number];
  for (const { spec } of objects) {
    const { containers, initContainers = [] } = spec.template.spec;
    const of = (read: (resources: Data) => number): number => {
      const each = (list: Data[]): number[] => list.map(({ resources }) => read(resources ?? {}));
      return Math.max(
        each(containers).reduce((a, b) => a + b, 0),
        ...each(initContainers),
        0,
      );
    };
    const pod = [
      1,
      of(({ requests }) => milli(requests?.cpu)),
      of(({ requests }) => mebi(requests?.memory)),
      of(({ limits }) => mebi(limits?.memory)),
    ];
    pod.forEach((amount, index) => (total[index]! += amount * (spec.replicas ?? 1)));
  }
  return total;
}

const said = (amount: number, unit: string): string => (amount === 0 ? '-' : `${amount}${unit}`);

test('docs/requirements.md says what the Pods of the tree ask for', () => {
  if (!existsSync(join(charts, 'kyverno', 'rendered.yaml'))) {
    return notTested('docs/requirements.md against the rendered charts: there are none in CHARTS_FROM, or in ../shared/charts');
  }
  const rowOf = (name: string, objects: (tree: Tree) => Data[]): string => {
    const [many, one] = [3, 1].map((nodes) => sum(objects(Tree.of({ ...(homelab as SiteValues), nodes }))));
    const cells = [many![0], said(many![1], 'm'), said(many![2], 'Mi'), said(many![3], 'Mi'), one![0], said(one![1], 'm'), said(one![2], 'Mi')];
    return `| ${[name, ...cells].join(' | ')} |`;
  };
  const rows = [
    rowOf('External Secrets', (tree) => workloads('external-secrets', tree)),
    rowOf('snapshot controller', (tree) => workloads('snapshot-controller', tree)),
    rowOf('VolSync', (tree) => workloads('volsync', tree)),
    rowOf('pvc-plumber', (tree) => tree.platform.ofKind('Deployment')),
    rowOf('Kyverno', (tree) => workloads('kyverno', tree)),
  ];
  const [, table] = readFileSync(join(repository, 'docs/requirements.md'), 'utf8').split('|---|---|---|---|---|---|---|---|\n');
  expect(table!.split('\n\n')[0]!.split('\n')).toEqual(rows);
});
