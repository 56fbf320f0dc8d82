import type { Dashboard, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { BackupTier } from '../../model/tier';
import { rows, type Row } from './rows';
import { type Plain, type PlainPanel } from './panels';

/** Height of a row's title in the grid. */
const titleHeight = 1;

/** The dashboard as Grafana reads it. */
export function backupDashboard(tiers: readonly BackupTier[]): object {
  const dashboard: Plain<Omit<Dashboard, 'panels' | 'templating' | 'annotations'>> & {
    panels: (PlainPanel | Plain<RowPanel>)[];
    templating: object;
    annotations: object;
  } = {
    uid: 'zero-touch-pvc',
    title: 'PVC backups',
    description: 'Whether every labelled PVC is protected, and what backups, restores and pvc-plumber do.',
    tags: ['backup', 'zero-touch-pvc'],
    timezone: 'browser',
    editable: false,
    graphTooltip: 1,
    schemaVersion: 42,
    refresh: '1m',
    time: { from: 'now-24h', to: 'now' },
    annotations: { list: [] },
    templating: { list: [{ type: 'datasource', name: 'datasource', label: 'Prometheus', query: 'prometheus', hide: 0 }] },
    panels: numbered(rows(tiers)),
  };
  return dashboard;
}

/** Rows below one another, and a number for each panel. */
function numbered(all: readonly Row[]): (PlainPanel | Plain<RowPanel>)[] {
  let y = 0;
  const placed = all.flatMap(({ title, panels }) => {
    const top = y + titleHeight;
    y = top + Math.max(...panels.map(({ gridPos }) => gridPos!.y + gridPos!.h));
    const row = { type: 'row' as const, title, collapsed: false, panels: [], gridPos: { x: 0, y: top - titleHeight, w: 24, h: titleHeight } };
    return [row, ...panels.map((panel) => ({ ...panel, gridPos: { ...panel.gridPos!, y: top + panel.gridPos!.y } }))];
  });
  return placed.map((panel, index) => ({ ...panel, id: index + 1 })) as (PlainPanel | Plain<RowPanel>)[];
}
