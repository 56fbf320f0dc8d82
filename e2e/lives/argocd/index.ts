import type { ArgoCluster } from '../../harness/argocd/cluster';
import { appLives } from './apps';
import { changeLives } from './changes';
import { deletionLives } from './deletion';
import { installLives } from './install';
import { outageLives } from './outage';
import { removalLives } from './removal';

/** One scenario on a cluster with a real Argo CD. They share the cluster; the first brings everything up. */
export interface ArgoLife {
  readonly name: string;
  /** @returns a remark for the line of the report, or nothing */
  readonly play: (cluster: ArgoCluster) => Promise<void | string>;
}

export const argoLives: readonly ArgoLife[] = [...installLives, ...deletionLives, ...appLives, ...outageLives, ...changeLives, ...removalLives];
