import type { Scenario } from '../harness/scenario';
import { againScenarios, laterScenarios } from './created-again';
import { awayScenarios } from './components-away';
import { backstopScenarios } from './denials';
import { basicScenarios } from './basic';
import { changeScenarios } from './changes';
import { cleanupScenarios } from './cleanup';
import { clockScenarios } from './clocks';
import { earlyScenarios } from './canary-app';
import { forgedScenarios } from './spoofed-decisions';
import { foreignScenarios } from './foreign';
import { labelScenarios } from './labels';
import { labelWarningScenarios } from './label-warnings';
import { leaseScenarios } from './lease';
import { looseVolumeScenarios } from './loose-volumes';
import { moverScenarios } from './movers';
import { movingScenarios } from './moving-the-store';
import { nameScenarios } from './names';
import { optInScenarios } from './opt-in';
import { proofScenarios } from './proof';
import { replicaScenarios } from './replicas';
import { shapeScenarios } from './manifest-shapes';
import { storageLimitScenarios } from './storage-limits';
import { stormScenarios } from './storm';
import { twiceScenarios } from './repeated-calls';
import { upgradeScenarios } from './upgrade';

/** Parallel scenarios stand together. The storm comes last: what it leaves would slow down every later scenario that changes a policy. */
export const scenarios: readonly Scenario[] = [
  ...shapeScenarios,
  ...earlyScenarios,
  ...againScenarios,
  ...changeScenarios,
  ...labelScenarios,
  ...foreignScenarios,
  ...nameScenarios,
  ...storageLimitScenarios,
  ...labelWarningScenarios,
  ...basicScenarios,
  ...moverScenarios,
  ...looseVolumeScenarios,
  ...leaseScenarios,
  ...cleanupScenarios,
  ...twiceScenarios,
  ...awayScenarios,
  ...forgedScenarios,
  ...backstopScenarios,
  ...optInScenarios,
  ...proofScenarios,
  ...clockScenarios,
  ...replicaScenarios,
  ...laterScenarios,
  ...upgradeScenarios,
  ...movingScenarios,
  ...stormScenarios,
];
