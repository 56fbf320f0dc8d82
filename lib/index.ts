// First: an old Node would fail at the modules after it, with a stack trace.
export { oldestNode } from './node-version';
export { BackedUpVolume, type BackedUpVolumeProps } from './apps/backed-up-volume';
export { MyApp } from './apps/my-app';
export { Application, type ApplicationProps, type ChartSource } from './gitops/application';
export { labels, selectorLabels } from './gitops/labels';
export { Manifest } from './gitops/manifest';
export { syncWave, wave } from './gitops/sync-wave';
export { GitOpsTree } from './gitops/tree';
export { Size } from './model/size';
export type { Retention, Tier } from './model/tier';
export type { Alert, AlertGroup } from './monitoring/alert';
export { Platform } from './platform';
export type { SiteValues } from './site/values';
export { buildTree, synth } from './synth';
