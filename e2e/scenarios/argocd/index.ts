import type { ArgoCluster } from '../../harness/argocd/cluster';
import { appScenarios } from './apps';
import { changeScenarios } from './changes';
import { deletionScenarios } from './deletion';
import { installScenarios } from './install';
import { outageScenarios } from './outage';
import { removalScenarios } from './removal';

/** One scenario on a cluster with a real Argo CD. They share the cluster; the first brings everything up. */
export interface ArgoScenario {
  readonly name: string;
  /** @returns a remark for the line of the report, or nothing */
  readonly play: (cluster: ArgoCluster) => Promise<void | string>;
}

export const argoScenarios: readonly ArgoScenario[] = [
  ...installScenarios,
  ...deletionScenarios,
  ...appScenarios,
  ...outageScenarios,
  ...changeScenarios,
  ...removalScenarios,
];
