import type { ArgoScenario } from '../../harness/argocd/scenario';
import { adoptionScenarios } from './adoption';
import { appScenarios } from './apps';
import { changeScenarios } from './changes';
import { deletionScenarios } from './deletion';
import { installScenarios } from './install';
import { newClusterScenarios } from './new-cluster';
import { outageScenarios } from './outage';
import { removalScenarios } from './removal';
import { upgradeScenarios } from './upgrade';
import { workloadScenarios } from './workloads';

/** Scenarios that share a cluster, which nobody else sees. The first brings everything up, and is played with each of the others. */
export const argoClusters: readonly { readonly name: string; readonly scenarios: readonly [ArgoScenario, ...ArgoScenario[]] }[] = [
  {
    name: 'settled',
    scenarios: [
      ...(installScenarios as [ArgoScenario, ...ArgoScenario[]]),
      ...deletionScenarios,
      ...appScenarios,
      ...workloadScenarios,
      ...outageScenarios,
      ...changeScenarios,
      ...adoptionScenarios,
      ...removalScenarios,
    ],
  },
  { name: 'new', scenarios: newClusterScenarios as [ArgoScenario, ...ArgoScenario[]] },
  { name: 'upgraded', scenarios: upgradeScenarios as [ArgoScenario, ...ArgoScenario[]] },
];
