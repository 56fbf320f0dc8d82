import { defaultDashboard, defaultPanel, defaultRowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { defaultOptions as statOptions } from '@grafana/grafana-foundation-sdk/stat';
import { defaultOptions as tableOptions } from '@grafana/grafana-foundation-sdk/table';
import { defaultOptions as timeSeriesOptions } from '@grafana/grafana-foundation-sdk/timeseries';
import { homelab } from '../../examples/homelab/site';
import { type Data, Tree } from '../../verify/tree';

const configMap = Tree.of(homelab).one('ConfigMap', 'pvc-backups-dashboard');
const dashboard: Data = JSON.parse(configMap.data['pvc-backups.json']);
const panels: Data[] = dashboard.panels.filter(({ type }: Data) => type !== 'row');
const options: Readonly<Record<string, object>> = { stat: statOptions(), table: tableOptions(), timeseries: timeSeriesOptions() };

test('the sidecar of Grafana finds it, and it is Prometheus that it asks', () => {
  expect(configMap.metadata.labels).toMatchObject({ grafana_dashboard: '1' });
  expect(dashboard.templating.list).toEqual([expect.objectContaining({ type: 'datasource', query: 'prometheus', name: 'datasource' })]);
  expect(new Set(panels.map(({ datasource }) => JSON.stringify(datasource)))).toEqual(new Set(['{"type":"prometheus","uid":"${datasource}"}']));
});

test('it has the form that the SDK gives a dashboard, its rows, panels and their options', () => {
  expect(dashboard).toMatchObject({ schemaVersion: defaultDashboard().schemaVersion });
  expect(
    dashboard.panels.filter(({ type }: Data) => type === 'row').map((row: Data) => Object.keys({ ...defaultRowPanel(), ...row }).length),
  ).toEqual(Array.from({ length: 6 }, () => Object.keys({ ...defaultRowPanel(), title: '', gridPos: {} }).length));
  for (const panel of panels) {
    expect(Object.keys(panel)).toEqual(
      expect.arrayContaining(Object.keys(defaultPanel()).filter((key) => key !== 'transparent' && key !== 'repeatDirection')),
    );
    expect(Object.keys(panel.options).filter((key) => !(key in options[panel.type]!))).toEqual([]);
  }
});

test('the first row says whether everything is protected: labelled, with a source, in time, stale', () => {
  expect(dashboard.panels.slice(0, 5).map(({ title }: Data) => title)).toEqual([
    'Is everything protected?',
    'Labelled',
    'In time',
    'Without a source',
    'Stale',
  ]);
  expect(dashboard.panels.filter(({ type }: Data) => type === 'row').map(({ title }: Data) => title)).toEqual([
    'Is everything protected?',
    'Backups',
    'What the backups take in the store',
    'Restores',
    'pvc-plumber',
    'Maintenance',
  ]);
});

test('panels have their own number, say what they show, stay inside the grid and cover no other', () => {
  expect(new Set(dashboard.panels.map(({ id }: Data) => id)).size).toBe(dashboard.panels.length);
  expect(panels.filter(({ title, description }) => !title || !description)).toEqual([]);
  const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }: Data) =>
    Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(dashboard.panels.filter(({ gridPos: { x, w } }: Data) => x + w > 24)).toEqual([]);
});
