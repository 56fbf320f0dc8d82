import type { DataLife } from '../../harness/data-life';
import { cutUploadLives } from './cut-uploads';
import { exitLives } from './exit';
import { forkLives } from './fork';
import { forkContentLives } from './fork-contents';
import { networkFaultLives } from './network-faults';
import { newClusterLives } from './new-cluster';
import { olderLives } from './older';
import { postgresLives } from './postgres';
import { randomFaultLives } from './random-faults';
import { retentionLives } from './retention';
import { returnLives } from './return';
import { storeFaultLives } from './store-faults';

/** Those that take longest come first. The new cluster comes last: it takes the old one's place. */
export const dataLives: readonly DataLife[] = [
  ...returnLives,
  ...retentionLives,
  ...cutUploadLives,
  ...exitLives,
  ...forkContentLives,
  ...forkLives,
  ...olderLives,
  ...postgresLives,
  ...networkFaultLives,
  ...storeFaultLives,
  ...randomFaultLives,
  ...newClusterLives,
];
