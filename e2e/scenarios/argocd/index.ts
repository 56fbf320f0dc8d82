import type { ArgoScenario } from '../../harness/argocd/scenario';
import { appScenarios } from './apps';
import { changeScenarios } from './changes';
import { deletionScenarios } from './deletion';
import { installScenarios } from './install';
import { outageScenarios } from './outage';
import { removalScenarios } from './removal';

export const argoScenarios: readonly ArgoScenario[] = [
  ...installScenarios,
  ...deletionScenarios,
  ...appScenarios,
  ...outageScenarios,
  ...changeScenarios,
  ...removalScenarios,
];
