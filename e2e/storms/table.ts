import { mebibytes } from './checks';
import type { Result } from './storm';
import type { Times } from './times';

interface Row {
  readonly what: string;
  readonly of: (result: Result) => number | undefined;
  readonly text: (value: number) => string;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);
const whole = (value: number): string => value.toFixed(0);

function timesRows(what: string, of: (result: Result) => Times | undefined, parts: readonly ('p50' | 'p99' | 'max')[] = ['p50', 'p99']): Row[] {
  return parts.map((part) => ({ what: `${what}, ${part}, s`, of: (result) => of(result)?.[part], text: seconds }));
}

function rowsFor(results: readonly Result[]): Row[] {
  const programs = [...new Set(results.flatMap(({ usage }) => [...usage.keys()]))].toSorted();
  const counts: readonly (readonly [string, keyof Result['counts']])[] = [
    ['UpdateRequests created', 'updateRequests'],
    ['LISTs of UpdateRequests', 'listsOfUpdateRequests'],
    ['LISTs of PVCs', 'listsOfPvcs'],
    ["calls of Kyverno's webhooks", 'webhookCalls'],
    ['calls given up and passed over', 'passedOver'],
    ['requests to the API server', 'requests'],
  ];
  return [
    { what: 'labelled PVCs', of: ({ labelled }) => labelled, text: whole },
    { what: 'all admitted, s', of: ({ admittedMs }) => admittedMs, text: seconds },
    ...timesRows('admission', ({ times }) => times, ['p50', 'p99', 'max']),
    { what: 'tries refused', of: ({ refusals }) => refusals.length, text: whole },
    ...timesRows('unlabelled, baseline', ({ baselines }) => baselines?.unlabelled),
    ...timesRows('policy that does nothing, baseline', ({ baselines }) => baselines?.noop),
    { what: 'p99 : p99 of the policy that does nothing', of: ratioToNoop, text: (value) => value.toFixed(1) },
    ...timesRows('unlabelled, beside the storm', ({ beside }) => beside?.unlabelled),
    ...timesRows('labelled in another namespace', ({ beside }) => beside?.elsewhere),
    { what: 'nine tenths generated, s', of: ({ generation }) => generation.mostMs, text: seconds },
    { what: 'all generated, s', of: ({ generation }) => generation.allMs, text: seconds },
    { what: 'generated resources missing', of: ({ generation }) => generation.missing.length, text: whole },
    { what: 'UpdateRequests gone, s', of: ({ drainedMs }) => drainedMs, text: seconds },
    ...counts.map(([what, key]): Row => ({ what, of: (result) => result.counts[key], text: whole })),
    ...programs.flatMap((program): Row[] => [
      { what: `${program}, peak, MiB`, of: ({ usage }) => usage.get(program)?.peakBytes, text: mebibytes },
      { what: `${program}, of it not pages of files, MiB`, of: ({ usage }) => usage.get(program)?.ownBytes, text: mebibytes },
      { what: `${program}, CPU, s`, of: ({ usage }) => usage.get(program)?.cpuSeconds, text: (value) => value.toFixed(1) },
    ]),
  ];
}

function ratioToNoop({ times, baselines }: Result): number | undefined {
  return baselines === undefined ? undefined : times.p99 / baselines.noop.p99;
}

/** One table, a column for each storm. */
export function tableOf(results: readonly Result[]): string {
  return table(
    ['', ...results.map(({ storm }) => storm.name)],
    rowsFor(results).map(({ what, of, text }) => [what, ...results.map((result) => cell(of(result), text))]),
  );
}

/** One storm on two trees, and how many times more the other one costs. */
export function comparisonOf(other: Result, own: Result): string {
  return table(
    [own.storm.name, 'other tree', 'this tree', 'other : this'],
    rowsFor([other, own]).map(({ what, of, text }) => {
      const [a, b] = [of(other), of(own)];
      return [what, cell(a, text), cell(b, text), a === undefined || b === undefined || b === 0 ? '' : (a / b).toFixed(2)];
    }),
  );
}

function cell(value: number | undefined, text: (value: number) => string): string {
  return value === undefined || Number.isNaN(value) ? '-' : text(value);
}

/** A table of Markdown. Rows without a value are left out. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = rows.filter((row) => row.slice(1).some((text) => text !== '-' && text !== ''));
  const widths = head.map((_, column) => Math.max(...[head, ...kept].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...kept.map(line)].join('\n');
}
