import * as v from 'valibot';
import { charts, supportedVersions, type ChartName } from '../../../versions';
import { block, text } from '../schema-parts';

const entries = Object.fromEntries(
  (Object.keys(charts) as ChartName[]).map((name) => [name, v.optional(text((value) => versionProblem(name, value)))]),
) as Readonly<Record<ChartName, v.OptionalSchema<v.GenericSchema<string>, undefined>>>;

export const versions = v.optional(block(entries), {});

function versionProblem(name: ChartName, value: string): string | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)\.\d+(?:-[\w.]+)?$/.exec(value) ?? [];
  if (major === undefined)
    return `${JSON.stringify(value)} is not an exact version: write one like ${charts[name].version}, ranges would change under your feet`;
  const range = supportedVersions[name];
  if (range === undefined || range.minors.includes(`${major}.${minor}`)) return undefined;
  return `"${value}" is not supported: write a version of ${range.minors.map((one) => `${one}.x`).join(' or ')}; ${range.why} (docs/upgrading.md)`;
}
