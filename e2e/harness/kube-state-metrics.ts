import { Daemon } from './daemon';
import { sandboxFile } from './sandbox';
import { tool } from './tools';
import { application } from './tree';
import { eventually } from './waiting';

const port = 8093;

/** Where it answers. */
export const stateMetricsUrl = `http://127.0.0.1:${port}/metrics`;

interface Source {
  readonly helm?: { readonly valuesObject: Record<string, StateValues> };
}

interface StateValues {
  readonly metricLabelsAllowlist: readonly string[];
  readonly metricAnnotationsAllowList: readonly string[];
  readonly customResourceState: { readonly config: unknown };
}

/** kube-state-metrics with the flags that its chart makes of the tree's values. */
export function kubeStateMetrics(): Daemon {
  const source = (application('prometheus-stack')['spec'].sources as Source[]).find(({ helm }) => helm !== undefined);
  const values = source?.helm?.valuesObject['kube-state-metrics'];
  if (values === undefined) throw new Error('the tree has no values for kube-state-metrics');
  return new Daemon('kube-state-metrics', tool('kube-state-metrics'), [
    `--kubeconfig=${sandboxFile('admin.kubeconfig')}`,
    `--port=${port}`,
    '--telemetry-port=8094',
    `--metric-labels-allowlist=${values.metricLabelsAllowlist.join(',')}`,
    `--metric-annotations-allowlist=${values.metricAnnotationsAllowList.join(',')}`,
    `--custom-resource-state-config-file=${sandboxFile('state.json', JSON.stringify(values.customResourceState.config))}`,
  ]);
}

/** What it says once it says something about a family. @param family beginning of the lines that are wanted */
export async function stateOf(family: string): Promise<string[]> {
  return eventually(`kube-state-metrics says ${family}`, 60, async () => {
    const lines = (await (await fetch(stateMetricsUrl)).text()).split('\n').filter((line) => line.startsWith(family));
    return lines.length > 0 && lines;
  });
}
