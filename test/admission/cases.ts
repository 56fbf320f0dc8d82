import type { AdmissionCase } from './case';
import { creationCases } from './creations';
import { labelChangeCases } from './label-changes';
import { labelPlaceCases } from './label-places';
import { labelCases, spellingCases } from './labels';
import { moverCases } from './movers';
import { quotaCases } from './quotas';
import { repairCases } from './repairs';
import { restoreCases } from './restores';
import { storageClassCases } from './storage-classes';
import { storeMoveCases } from './store-moves';
import { volumeCases } from './volumes';

/** Requests to the API server, and how the rendered admission policies answer them, whatever Kyverno does. */
export const admissionCases: readonly AdmissionCase[] = [
  ...creationCases,
  ...labelChangeCases,
  ...labelCases,
  ...spellingCases,
  ...labelPlaceCases,
  ...storageClassCases,
  ...quotaCases,
  ...volumeCases,
  ...restoreCases,
  ...moverCases,
  ...repairCases,
  ...storeMoveCases,
];
