import { charts, type Chart, type ChartName } from '../../versions';
import type { Site } from './schema';

/** The chart of a component in the version of the site, from its mirror, with the site's values for it. */
export function componentChart(
  { versions, volsync, charts: given }: Site,
  name: ChartName,
): Chart & { readonly overrides?: { readonly name: string; readonly values: Readonly<Record<string, unknown>> } } {
  const mirror = name === 'volsync' ? volsync.chartRepository : undefined;
  const values = given[name]?.values as Readonly<Record<string, unknown>> | undefined;
  return {
    ...charts[name],
    version: versions[name] ?? charts[name].version,
    ...(mirror === undefined ? {} : { repo: mirror }),
    ...(values === undefined ? {} : { overrides: { name, values } }),
  };
}
