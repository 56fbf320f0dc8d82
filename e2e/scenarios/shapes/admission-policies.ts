import { backupLabel } from '../../../lib/model/naming';
import {
  backstopPolicy,
  labelPlacePolicy,
  labelSpellingPolicy,
  labelWarningPolicy,
  looseVolumePolicy,
  moverPolicy,
  nobodysRestorePolicy,
  otherLabelPolicy,
  ownersWarningPolicy,
  quotaPolicy,
  relabelPolicy,
  repairerPolicy,
  restoreImagePolicy,
  restoreProofPolicy,
  storageClassPolicy,
  storeMovePolicy,
} from '../../../lib/model/policy-names';
import { madeByVolsync, populatorLabel } from '../../../lib/model/volsync-labels';
import type { KubeObject } from '../../harness/api';
import { differ, labels, namespaces } from './differ';

interface Shape {
  /** It refuses, also what it can't judge; the others warn. */
  readonly refuses: boolean;
  readonly operations: readonly string[];
}

const refuses = (...operations: string[]): Shape => ({ refuses: true, operations });
const warns = (...operations: string[]): Shape => ({ refuses: false, operations });

const shapes: Readonly<Record<string, Shape>> = {
  [backstopPolicy]: refuses('CREATE'),
  [relabelPolicy]: refuses('UPDATE'),
  [otherLabelPolicy]: refuses('CREATE'),
  [storageClassPolicy]: refuses('CREATE', 'UPDATE'),
  [nobodysRestorePolicy]: refuses('CREATE'),
  [restoreProofPolicy]: refuses('UPDATE'),
  [restoreImagePolicy]: refuses('CREATE'),
  [repairerPolicy]: refuses('UPDATE'),
  [storeMovePolicy]: refuses('UPDATE'),
  [looseVolumePolicy]: refuses('CREATE', 'UPDATE'),
  [moverPolicy]: refuses('CREATE'),
  [quotaPolicy]: warns('CREATE'),
  [ownersWarningPolicy]: warns('CREATE'),
  [labelWarningPolicy]: warns('CREATE'),
  [labelSpellingPolicy]: warns('CREATE', 'UPDATE'),
  [labelPlacePolicy]: warns('CREATE', 'UPDATE'),
};

function shapeOf(name: string): Shape {
  const shape = shapes[name];
  if (shape === undefined)
    throw new Error(`nobody says what ${name} is about and whether it refuses: add it to the shapes of the admission policies`);
  return shape;
}

interface Selector {
  readonly matchExpressions: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

export function admissionPolicyProblems({ metadata: { name }, spec }: KubeObject): string[] {
  const { operations, refuses: isRefusing } = shapeOf(name);
  const { namespaceSelector, objectSelector, resourceRules } = spec.matchConstraints as {
    namespaceSelector?: Selector;
    objectSelector?: Selector;
    resourceRules: { operations?: string[] }[];
  };
  const chosen = objectSelector?.matchExpressions;
  return [
    ...differ(`${name}: failurePolicy`, [spec.failurePolicy as string], [isRefusing ? 'Fail' : 'Ignore']),
    ...differ(`${name}: operations`, resourceRules[0]?.operations, operations),
    ...(![backstopPolicy, relabelPolicy, otherLabelPolicy].includes(name)
      ? []
      : [
          ...differ(`${name}: namespaces`, namespaceSelector?.matchExpressions[0]?.values, namespaces),
          ...differ(
            `${name}: labels`,
            chosen?.find(({ key, values }) => key === backupLabel && values !== undefined)?.values,
            name === relabelPolicy ? [] : labels,
          ),
          ...differ(
            `${name}: how it chooses by the label`,
            chosen?.filter(({ key }) => key === backupLabel).map(({ operator }) => operator),
            { [relabelPolicy]: ['Exists'], [otherLabelPolicy]: ['Exists', 'NotIn'] }[name] ?? ['In'],
          ),
          ...differ(
            `${name}: what VolSync makes`,
            chosen?.map(({ key }) => key).filter((key) => key !== backupLabel),
            [madeByVolsync.key, populatorLabel],
          ),
        ]),
  ];
}

export function bindingProblems({ metadata: { name }, spec }: KubeObject): string[] {
  return differ(
    `${name}: validationActions`,
    spec.validationActions as string[],
    shapeOf(spec.policyName as string).refuses ? ['Deny'] : ['Warn', 'Audit'],
  );
}
