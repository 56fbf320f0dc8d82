import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Options as StatOptions } from '@grafana/grafana-foundation-sdk/stat';
import type { Options as TableOptions } from '@grafana/grafana-foundation-sdk/table';
import type { Options as TimeSeriesOptions } from '@grafana/grafana-foundation-sdk/timeseries';

/**
 * The SDK's types with the words of its enumerations as text. Only its types are used: Grafana's schema is checked by the compiler, and rendering
 * does not pay for loading the builders, which take as long as the whole tree.
 */
export type Plain<T> = T extends string
  ? `${T}`
  : T extends boolean | null | undefined
    ? T
    : T extends number
      ? number
      : { [K in keyof T as K extends `_${string}` ? never : K]: Plain<T[K]> };

export type PlainPanel = Plain<Omit<Panel, 'targets' | 'options' | 'fieldConfig'>> & Pick<Panel, 'targets' | 'options' | 'fieldConfig'>;

/** Place and size of a panel; the grid is 24 wide. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A query and the name of what it gives. */
export interface Query {
  readonly expr: string;
  /** Legend; `{{label}}` is replaced. @default - the series' labels */
  readonly legend?: string;
}

export interface PanelText {
  readonly title: string;
  /** Shown behind the title's mark. */
  readonly description: string;
  /** Grafana's unit of the values. @default - none */
  readonly unit?: string;
}

/** The Prometheus of the stack, or another one that is chosen above the dashboard. */
export const datasource = { type: 'prometheus', uid: '${datasource}' } as const;

interface Threshold {
  readonly value: number | null;
  readonly color: 'green' | 'red' | 'orange' | 'blue';
}

/** Green at 0, and red from 1 on. */
export const noneIsGood: readonly Threshold[] = [
  { value: null, color: 'green' },
  { value: 1, color: 'red' },
];

/** A colour that says nothing. */
export const neutral: readonly Threshold[] = [{ value: null, color: 'blue' }];

/** Red at 0, and green from 1 on. */
export const someIsGood: readonly Threshold[] = [
  { value: null, color: 'red' },
  { value: 1, color: 'green' },
];

/** One number, as it is now. */
export function stat(place: Place, text: PanelText, query: Query, thresholds: readonly Threshold[]): PlainPanel {
  const options: Plain<StatOptions> = {
    graphMode: 'none',
    colorMode: 'background',
    justifyMode: 'auto',
    textMode: 'auto',
    wideLayout: true,
    showPercentChange: false,
    percentChangeColorMode: 'standard',
    orientation: 'auto',
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
  };
  return { ...common('stat', place, text, [target(query, 0, { instant: true, range: false })], thresholds), options };
}

/** Values over time. */
export function timeSeries(place: Place, text: PanelText, queries: readonly Query[]): PlainPanel {
  const options: Plain<TimeSeriesOptions> = {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
    tooltip: { mode: 'multi', sort: 'desc' },
  };
  const targets = queries.map((query, index) => target(query, index, { range: true, instant: false }));
  return { ...common('timeseries', place, text, targets, neutral), options };
}

/** A row for each series, as it is now. */
export function table(place: Place, text: PanelText, query: Query): PlainPanel {
  const options: Plain<TableOptions> = { frameIndex: 0, showHeader: true };
  const targets = [target(query, 0, { instant: true, range: false, format: 'table' })];
  const transformations = [{ id: 'organize', options: { excludeByName: { Time: true } } }];
  return { ...common('table', place, text, targets, neutral), options, transformations };
}

function common(
  type: string,
  gridPos: Place,
  { title, description, unit }: PanelText,
  targets: Plain<Dataquery>[],
  steps: readonly Threshold[],
): PlainPanel {
  return {
    type,
    title,
    description,
    datasource,
    gridPos,
    targets: targets as unknown as NonNullable<Panel['targets']>,
    fieldConfig: {
      defaults: { unit, thresholds: { mode: 'absolute', steps: [...steps] } },
      overrides: [],
    } as unknown as NonNullable<Panel['fieldConfig']>,
  };
}

function target({ expr, legend }: Query, index: number, how: Partial<Plain<Dataquery>>): Plain<Dataquery> {
  return { datasource, refId: String.fromCharCode(65 + index), expr, legendFormat: legend, ...how };
}
