import type { DataLife } from '../../harness/data-life';
import { exitLives } from './exit';
import { creationFaultLives } from './faults-at-creation';
import { restoreFaultLives } from './faults-in-restore';
import { newClusterLives } from './new-cluster';
import { retentionLives } from './retention';
import { returnLives } from './return';

/** The new cluster comes last: it takes the old one's place. */
export const dataLives: readonly DataLife[] = [
  ...returnLives,
  ...exitLives,
  ...creationFaultLives,
  ...restoreFaultLives,
  ...retentionLives,
  ...newClusterLives,
];
