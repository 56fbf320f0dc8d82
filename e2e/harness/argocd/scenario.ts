import type { ArgoCluster } from './cluster';

/** One scenario on a cluster with a real Argo CD. */
export interface ArgoScenario {
  readonly name: string;
  /** @returns a remark for the line of the report, or nothing */
  readonly play: (cluster: ArgoCluster) => Promise<void | string>;
}
