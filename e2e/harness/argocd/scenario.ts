import type { ArgoCluster } from './cluster';

/** One scenario on a cluster with a real Argo CD. They share the cluster; the first brings everything up. */
export interface ArgoScenario {
  readonly name: string;
  /** @returns a remark for the line of the report, or nothing */
  readonly play: (cluster: ArgoCluster) => Promise<void | string>;
}
